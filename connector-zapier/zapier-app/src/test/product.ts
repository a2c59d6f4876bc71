/** The app against a running product, whose address and keys stand in the environment. Run by scripts/zapier-product-test. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';

import zapier from 'zapier-platform-core';

import app from '../index.js';
import { flat, ISO_DATE, isDate, isOfType } from './data.js';
import { visible, type Step } from './definition.js';

/** How long the product may take on a slow machine, and how often it is looked. */
const SOON_MS = 60_000;
const LOOK_EVERY_MS = 50;

const GOOD = 'jane.miller@works.sandbox-mail.com';

const given = (name: string): string => {
  const value = process.env[name];
  assert.ok(value, `${name} is not set`);
  return value;
};

interface Call {
  method: string;
  path: string;
  body: Record<string, unknown>;
}

/** What the product called, and what it is answered: 200 but where a path is listed. */
const calls: Call[] = [];
const statuses = new Map<string, number>();
const listener = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const path = request.url ?? '';
    const text = Buffer.concat(chunks).toString('utf8');
    calls.push({ method: request.method ?? '', path, body: text === '' ? {} : JSON.parse(text) });
    response.writeHead(statuses.get(path) ?? 200).end();
  });
});
const at = (path: string) => `http://127.0.0.1:${(listener.address() as AddressInfo).port}${path}`;
const callsTo = (path: string) => calls.filter((call) => call.path === path);

const soon = async (what: string, isSo: () => boolean | Promise<boolean>) => {
  const end = Date.now() + SOON_MS;
  while (!(await isSo())) {
    assert.ok(Date.now() < end, `not in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
};

type Answer = any;
const tester = zapier.createAppTester(app) as unknown as (step: unknown, bundle: object) => Promise<Answer>;
const { authentication, triggers, creates, searches } = app as unknown as Record<string, Answer>;

const key = (name: string) => ({ server_url: given('SERVER'), api_key: given(name) });
const run = (step: unknown, inputData: object = {}, more: object = {}) =>
  tester(step, { authData: key('KEY'), inputData, meta: { isLoadingSample: false }, ...more });
const verify = async (email: string) => {
  const answer = await run(creates.verify_email.operation.perform, { email });
  brought('verify_email', 'fetched', answer);
  return answer;
};

const admin = async (method: string, path: string, body?: object) => {
  const response = await fetch(given('SERVER') + path, {
    method,
    headers: { Authorization: `Bearer ${given('ADMIN_KEY')}`, 'Content-Type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  assert.ok(response.ok, `${method} ${path}: ${response.status}`);
  return response.status === 204 ? {} : ((await response.json()) as Answer);
};

/** What live steps brought, for the checks at the end: pushed by a hook, or fetched by a list, an action or a search. */
const live = new Map<string, { pushed: object[]; fetched: object[] }>();
const brought = (step: string, how: 'pushed' | 'fetched', ...items: object[]) => {
  const all = live.get(step) ?? { pushed: [], fetched: [] };
  all[how].push(...items);
  live.set(step, all);
};

/** A delivery as the trigger hands it to a Zap. */
const triggered = async (trigger: string, path: string) => {
  const items = await run(triggers[trigger].operation.perform, {}, { cleanedRequest: callsTo(path)[0]!.body });
  brought(trigger, 'pushed', ...items);
  return items;
};

const subscribe = (trigger: string, path: string, inputData: object = {}) =>
  run(triggers[trigger].operation.performSubscribe, inputData, { targetUrl: at(path) });
const unsubscribe = (trigger: string, subscribeData: object) =>
  run(triggers[trigger].operation.performUnsubscribe, {}, { subscribeData });
const list = async (trigger: string, inputData: object = {}) => {
  const items = await run(triggers[trigger].operation.performList, inputData);
  brought(trigger, 'fetched', ...items);
  return items;
};

before(() => new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve)));
after(() => listener.close());

test('a good key connects, and the label is the workspace', async () => {
  const me = await run(authentication.test);
  assert.equal(authentication.connectionLabel, '{{workspace_name}}');
  assert.equal(me.workspace_name, 'Main');
});

test('a bad key is refused with a sentence', async () => {
  const bad = { authData: { ...key('KEY'), api_key: 'gp_live_nonsense' } };
  await assert.rejects(run(authentication.test, {}, bad), /The API key is not valid on this server/);
});

test('a key that lacks a scope is refused with its name', async () => {
  await assert.rejects(run(authentication.test, {}, { authData: key('NARROW_KEY') }), /lacks the scope read/);
});

test('without credits a step is halted, so that the Zap is not switched off', async () => {
  await assert.rejects(verify(GOOD), (error: Error) => {
    assert.equal(error.name, 'HaltedError');
    assert.match(error.message, /No credits are left/);
    return true;
  });
  await admin('POST', '/v1/credits/grants', { amount: 1_000 });
});

test('two Zaps subscribe to the same event side by side, and both are told what the list shows', async () => {
  const one = await subscribe('new_verified_email', '/one');
  const two = await subscribe('new_verified_email', '/two', { label: 'valid', workflow: 'standard' });
  const other = await subscribe('new_verified_email', '/other', { label: 'disposable' });
  assert.ok(one.id && two.id && one.id !== two.id);

  const answer = await verify(GOOD);
  assert.equal(answer.status, 'valid');
  assert.equal(answer.credits_charged, 1);

  await soon('deliveries', () => callsTo('/one').length === 1 && callsTo('/two').length === 1);
  assert.deepEqual(callsTo('/other'), []);
  const delivered = await triggered('new_verified_email', '/one');
  const listed = await list('new_verified_email', { label: 'valid' });
  assert.deepEqual(delivered, [answer]);
  assert.deepEqual(Object.keys(listed[0]), Object.keys(delivered[0]));
  assert.deepEqual(Object.keys(triggers.new_verified_email.operation.sample), Object.keys(delivered[0]));
  assert.equal(listed[0].id, answer.id);

  for (const [trigger, subscription] of [['new_verified_email', one], ['new_verified_email', two], ['new_verified_email', other]]) {
    await unsubscribe(trigger, subscription);
  }
});

test('a Zap that is replayed costs no second credit', async () => {
  const again = await verify(GOOD);
  assert.equal(again.billing, 'reused');
  assert.equal(again.credits_charged, 0);
});

test('an unsubscribe ends deliveries, twice is no error, and one that never was is none', async () => {
  const subscription = await subscribe('email_rejected', '/ended');
  await unsubscribe('email_rejected', subscription);
  await unsubscribe('email_rejected', subscription);
  await unsubscribe('email_rejected', { id: 'never-was' });
  assert.ok(!(await admin('GET', '/v1/hooks')).data.some((hook: { id: string }) => hook.id === subscription.id));
});

test('a rejected address triggers Email Rejected', async () => {
  const subscription = await subscribe('email_rejected', '/rejected');
  const answer = await verify('no address at all');
  assert.equal(answer.decision, 'reject');
  await soon('a delivery', () => callsTo('/rejected').length === 1);
  assert.deepEqual(await triggered('email_rejected', '/rejected'), [answer]);
  assert.equal((await list('email_rejected'))[0].id, answer.id);
  assert.deepEqual(callsTo('/ended'), []);
  await unsubscribe('email_rejected', subscription);
});

test('410 ends a subscription', async () => {
  statuses.set('/gone', 410);
  const subscription = await subscribe('email_rejected', '/gone');
  await verify('gone away');
  await soon('the end', async () => (await admin('GET', `/v1/hooks/${subscription.id}`)).state === 'disabled');
  await verify('gone for good');
  assert.equal(callsTo('/gone').length, 1);
  await unsubscribe('email_rejected', subscription);
});

test('a credit alarm triggers Credits Low with the keys of its list', async () => {
  await subscribe('credits_low', '/low');
  await admin('PUT', '/v1/credits/alarm', { low_below: 0 });
  await admin('PUT', '/v1/credits/alarm', { low_below: 100_000 });
  await verify('john.smith@works.sandbox-mail.com');
  await soon('an alarm', () => callsTo('/low').length > 0);
  const listed = await list('credits_low');
  assert.deepEqual(await triggered('credits_low', '/low'), [listed[0]]);
  assert.deepEqual(Object.keys(listed[0]), Object.keys(triggers.credits_low.operation.sample));
});

test('an uploaded list triggers Batch Finished with the keys of its list', async () => {
  const subscription = await subscribe('batch_finished', '/batch');
  const upload = await fetch(`${given('SERVER')}/v1/batches?name=people.csv`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${given('BULK_KEY')}`, 'Content-Type': 'text/csv' },
    body: `name,email\nPeter,peter.brown@works.sandbox-mail.com\nPeter again,peter.brown@works.sandbox-mail.com\nNobody,\nOdd,no address\n`,
  });
  assert.equal(upload.status, 202, await upload.clone().text());
  const { id } = (await upload.json()) as { id: string };
  await soon('a delivery', () => callsTo('/batch').length === 1);
  const [delivered] = await triggered('batch_finished', '/batch');
  const [listed] = await list('batch_finished');
  assert.deepEqual(delivered, listed);
  assert.equal(delivered.id, id);
  assert.equal(delivered.name, 'people.csv');
  assert.equal(delivered.state, 'finished');
  assert.deepEqual([delivered.rows, delivered.duplicates, delivered.no_address], [4, 1, 1]);
  assert.deepEqual(
    Object.keys(flat(delivered)),
    Object.keys(flat(triggers.batch_finished.operation.sample)),
  );
  await unsubscribe('batch_finished', subscription);
});

test('a target that is not at Zapier is refused by name', async () => {
  const elsewhere = run(triggers.email_rejected.operation.performSubscribe, {}, { targetUrl: 'https://zapier.com.example.net/x' });
  await assert.rejects(elsewhere, /zapier\.com/);
});

for (const [email, wanted] of [
  ['', /email/],
  [' ', 'invalid'],
  ['no-at-sign', 'invalid'],
  ['two@@works.sandbox-mail.com', 'invalid'],
  ['"quoted part"@works.sandbox-mail.com', ''],
  ['jané@works.sandbox-mail.com', ''],
  ['a'.repeat(900), 'invalid'],
  ['a'.repeat(1_001), /email/],
] as const) {
  const said = typeof wanted === 'string' ? 'is answered' : 'is refused by the name of the field';
  test(`${JSON.stringify(email.slice(0, 30))} (${email.length} characters) ${said}`, async () => {
    if (typeof wanted !== 'string') {
      await assert.rejects(verify(email), wanted);
      return;
    }
    const answer = await verify(email);
    assert.equal(answer.email, email);
    assert.ok(wanted === '' || answer.status === wanted, answer.status);
  });
}

test('an unknown workflow is refused by name', async () => {
  await assert.rejects(run(creates.verify_email.operation.perform, { email: GOOD, workflow: 'none' }), /workflow/);
});

test('the workflow dropdown lists the workspace\'s workflows by id and name', async () => {
  const workflows = await run(triggers.workflow_list.operation.perform);
  assert.ok(workflows.some((each: { id: string; name: string }) => each.id === 'standard' && each.name === 'Standard'));
});

test('a search finds the latest verification, and nothing is no error', async () => {
  const perform = searches.find_verification.operation.perform;
  const [found] = await run(perform, { email: 'Jane.Miller@WORKS.sandbox-mail.com' });
  assert.equal(found.status, 'valid');
  brought('find_verification', 'fetched', found);
  assert.equal((await run(perform, { email: 'no address at all' }))[0].decision, 'reject');
  assert.deepEqual(await run(perform, { email: 'nobody.asked@works.sandbox-mail.com' }), []);
  assert.deepEqual(await run(perform, { email: 'never seen, no address' }), []);
});

test('Find or Verify Email searches, then verifies', async () => {
  const pair = Object.values((app as Answer).searchOrCreates)[0] as Answer;
  const email = 'mary.jones@works.sandbox-mail.com';
  const search = searches[pair.search].operation.perform;
  assert.deepEqual(await run(search, { email }), []);
  const created = await run(creates[pair.create].operation.perform, { email });
  const [found] = await run(search, { email });
  assert.deepEqual(found, created);
});

test('too many requests are held back by the core for the time that the server names', async () => {
  const slow = { authData: key('SLOW_KEY') };
  const once = () => run(triggers.workflow_list.operation.perform, {}, slow);
  await assert.rejects(
    (async () => {
      for (let tries = 0; tries < 10; tries++) {
        await once();
      }
    })(),
    (error: Error) => {
      assert.equal(error.name, 'ThrottledError');
      assert.ok(JSON.parse(error.message).delay >= 1, error.message);
      return true;
    },
  );
});

for (const [name, keyName, email] of [
  ['that is known at once', 'TEST_KEY', 'valid@gatepost.test'],
  ['that takes a while', 'TEST_KEY', 'slow@gatepost.test'],
  ['of a greylisting host', 'TEST_KEY', 'greylisted@gatepost.test'],
  ['of a mail host', 'KEY', 'anna.lopez@works.sandbox-mail.com'],
] as const) {
  test(`Verify Email and Wait goes on with the final answer ${name}`, async () => {
    const path = `/callback/${encodeURIComponent(email)}`;
    process.env['TEST_CALLBACK_URL'] = at(path);
    const outputData = await run(creates.verify_email_and_wait.operation.perform, { email }, { authData: key(keyName) });
    assert.equal(outputData.email, email);
    await soon('the callback', () => callsTo(path).length === 1);
    const cleanedRequest = callsTo(path)[0]!.body;
    const resumed = await run(creates.verify_email_and_wait.operation.performResume, {}, { outputData, cleanedRequest });
    assert.equal(resumed.id, outputData.id);
    assert.equal(resumed.final, true);
    assert.deepEqual(Object.keys(resumed), Object.keys(creates.verify_email_and_wait.operation.sample));
    brought('verify_email_and_wait', 'fetched', resumed);
    assert.equal(callsTo(path).length, 1);
  });
}

test('in the editor Verify Email and Wait answers at once', async () => {
  const step = creates.verify_email_and_wait.operation.perform;
  const answer = await run(step, { email: GOOD }, { meta: { isLoadingSample: true } });
  assert.equal(answer.final, true);
});

/** Zapier's checks of live data, over whatever the steps above brought. */
const every = (step: Step, look: (item: Record<string, unknown>) => void) => {
  const { pushed, fetched } = live.get(step.key) ?? { pushed: [], fetched: [] };
  [...pushed, ...fetched].forEach((item) => look(flat(item)));
};

test('T001 each visible step ran with success', () => {
  for (const step of visible) {
    assert.ok((live.get(step.key)?.fetched.length ?? 0) > 0, `${step.key} ${step.kind}`);
    assert.ok(step.type !== 'hook' || live.get(step.key)!.pushed.length > 0, `${step.key} hook`);
  }
});

test('T002 live items have an id', () => {
  visible.forEach((step) => every(step, (item) => assert.match(String(item['id']), /^\w{4,}$/, step.key)));
});

test('T003 dates in live items are ISO 8601 with a time zone', () => {
  visible.forEach((step) =>
    every(step, (item) =>
      Object.entries(item)
        .filter(([key]) => isDate(key))
        .forEach(([key, value]) => assert.match(String(value), ISO_DATE, `${step.key}.${key}`)),
    ),
  );
});

test('T004 the keys of a sample are among the keys of each live item', () => {
  visible.forEach((step) =>
    every(step, (item) =>
      Object.keys(flat(step.sample!)).forEach((key) => assert.ok(Object.hasOwn(item, key), `${step.key}.${key}`)),
    ),
  );
});

test('T005 T006 live and polled items have the types of the output fields', () => {
  visible.forEach((step) =>
    every(step, (item) =>
      step.outputFields.forEach((field) =>
        assert.ok(isOfType(field, item[field.key]), `${step.key}.${field.key}: ${JSON.stringify(item[field.key])}`),
      ),
    ),
  );
});

test('Z001 the keys of polled items are among the keys of the hook', () => {
  for (const step of visible.filter((each) => each.type === 'hook')) {
    const { pushed, fetched } = live.get(step.key)!;
    const keys = new Set(pushed.flatMap((item) => Object.keys(flat(item))));
    fetched.forEach((item) => Object.keys(flat(item)).forEach((key) => assert.ok(keys.has(key), `${step.key}.${key}`)));
  }
});

test('a revoked key ends its subscriptions, tells Zapier and asks to connect again', async () => {
  await subscribe('email_rejected', '/revoked');
  const { key_id } = await run(authentication.test);
  await admin('DELETE', `/v1/keys/${key_id}`);
  await soon('the reverse unsubscribe', () => callsTo('/revoked').some((call) => call.method === 'DELETE'));
  await soon('the end of all', async () => (await admin('GET', '/v1/hooks')).data.length === 0);
  await assert.rejects(verify(GOOD), (error: Error) => {
    assert.equal(error.name, 'ExpiredAuthError');
    return true;
  });
});
