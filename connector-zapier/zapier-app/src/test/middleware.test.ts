/** What a user of Zapier reads when the server refuses or fails: a sentence, never the bare answer. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';

import zapier from 'zapier-platform-core';

import app from '../index.js';

interface Answer {
  status: number;
  body?: object | string;
  headers?: Record<string, string>;
}

let answer: Answer = { status: 200 };
const server = createServer((_request, response) => {
  const { status, body, headers } = answer;
  response.writeHead(status, { 'Content-Type': 'application/problem+json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body ?? {}));
});

before(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
after(() => server.close());

const tester = zapier.createAppTester(app) as unknown as (step: unknown, bundle: object) => Promise<unknown>;
const { authentication, creates } = app as unknown as Record<string, any>;

const run = (step: unknown, given: Answer) => {
  answer = given;
  const server_url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return tester(step, { authData: { server_url, api_key: 'gp_live_secret' }, inputData: { email: 'a@b.io' }, meta: {} });
};
const verify = (given: Answer) => run(creates['verify_email'].operation.perform, given);

const problem = { code: 'invalid_field', detail: 'email: it is empty.', mend: 'Give an address.' };

for (const [status, body, name, sentence] of [
  [401, {}, 'ExpiredAuthError', /^Your server no longer accepts this API key\./],
  [402, { code: 'insufficient_credits' }, 'HaltedError', /^No credits are left in this workspace/],
  [403, {}, 'AppError', /This API key may not do that\./],
  [404, {}, 'AppError', /Not found on your server\./],
  [422, problem, 'AppError', /email: it is empty\. Give an address\./],
  [400, 'no JSON', 'AppError', /Your server could not read this request\./],
  [409, { title: 'It is being done already.' }, 'AppError', /It is being done already\./],
  [500, {}, 'AppError', /Your server could not answer just now \(500\)\. Try again in a few minutes; an address asked twice is charged once\./],
  [502, '<html>Bad Gateway</html>', 'AppError', /Your server could not answer just now \(502\)/],
  [503, problem, 'AppError', /Your server could not answer just now \(503\)/],
] as const) {
  test(`${status} becomes a sentence`, async () => {
    await assert.rejects(verify({ status, body }), (error: Error) => {
      assert.equal(error.name, name);
      assert.match(error.message, sentence);
      assert.doesNotMatch(error.message, /gp_live|127\.0\.0\.1|<html>|"headers"/);
      return true;
    });
  });
}

test('429 is held back by the core for the seconds that the server names', async () => {
  await assert.rejects(verify({ status: 429, headers: { 'Retry-After': '17' } }), (error: Error) => {
    assert.equal(error.name, 'ThrottledError');
    assert.equal(JSON.parse(error.message).delay, 17);
    return true;
  });
});

test('401 while connecting is a mistake in typing, not a key that ended', async () => {
  await assert.rejects(run(authentication['test'], { status: 401 }), (error: Error) => {
    assert.equal(error.name, 'AppError');
    assert.match(error.message, /The API key is not valid on this server\./);
    return true;
  });
});

test('another kind of server is told from ours', async () => {
  await assert.rejects(run(authentication['test'], { status: 200, body: '<html>Hello</html>' }), /not a server of this kind/);
});
