/** Zapier's integration checks that the definition alone decides, under Zapier's own ids ("Integration check reference"). */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import schema from 'zapier-platform-schema';

import { homepage } from '../package.js';
import { flat, ISO_DATE, isDate, isOfType } from './data.js';
import { asData, authentication, searchOrCreates, steps, texts, visible, type Field } from './definition.js';

const SMALL_WORDS = new Set(['a', 'an', 'and', 'as', 'at', 'but', 'by', 'for', 'from', 'in', 'of', 'on', 'or', 'the', 'to', 'with']);

const isTitleCase = (label: string) =>
  label
    .replace(/\([^)]*\)/g, '')
    .split(/\s+/)
    .filter(Boolean)
    .every((word, at) => /^[A-Z0-9(]/.test(word) || (at > 0 && SMALL_WORDS.has(word)));

const authFields = (authentication?.fields ?? []) as Field[];

const inputs = steps.flatMap((step) => step.inputFields.map((field) => ({ step, field })));

test("the schema's own validation finds no error", () => {
  assert.deepEqual(schema.validateAppDefinition(asData()).errors.map(String), []);
});

test('the definition has the steps that were promised, under keys that never change', () => {
  assert.deepEqual(
    steps.map((step) => `${step.kind} ${step.key}`),
    [
      'trigger new_verified_email',
      'trigger email_rejected',
      'trigger batch_finished',
      'trigger credits_low',
      'trigger workflow_list',
      'create verify_email',
      'create verify_email_and_wait',
      'search find_verification',
    ],
  );
});

test('C001-C003 nothing that the last release had is gone', () => {
  const released: Record<string, { input: string[]; sample: string[] }> = JSON.parse(
    readFileSync(new URL('../../released.json', import.meta.url), 'utf8'),
  );
  for (const [key, last] of Object.entries(released)) {
    const now = steps.find((step) => `${step.kind} ${step.key}` === key);
    assert.ok(now, `${key} is gone`);
    for (const input of last.input) {
      assert.ok(now.inputFields.some((field) => field.key === input), `${key} lost its input ${input}`);
    }
    for (const sample of last.sample) {
      assert.ok(Object.hasOwn(flat(now.sample ?? {}), sample), `${key} lost ${sample} from its sample`);
    }
  }
});

test('D001 no API key is asked for among the inputs', () => {
  for (const { step, field } of inputs) {
    assert.doesNotMatch(`${field.key} ${field.label}`, /api.?key|token|secret|password/i, step.key);
  }
});

test('D002 the help of the API key links to where it is found: the server of whoever pushes the app', () => {
  const key = authFields.find((field) => field.key === 'api_key');
  const link = /\[[^\]]+\]\((https:\/\/[^)]+)\)/.exec(key?.helpText ?? '');
  assert.equal(link?.[1], `${homepage}/docs`);
});

test('D003 a connection has a label, and it is neither the key nor the name of the app', () => {
  const label = authentication?.connectionLabel;
  assert.equal(typeof label, 'string');
  assert.match(label as string, /\{\{/);
  assert.doesNotMatch(label as string, /api_key|success|gatepost/i);
});

test('D004 a field for an id has a dropdown', () => {
  for (const { step, field } of inputs) {
    if (/(^|_)id$|workflow/.test(field.key)) {
      assert.ok(field.dynamic, `${step.key}.${field.key}`);
    }
  }
});

test('D005 a dropdown shows what a trigger of the app lists', () => {
  for (const { step, field } of inputs.filter(({ field }) => field.dynamic)) {
    const [trigger, id, name] = field.dynamic!.split('.');
    const source = steps.find((each) => each.kind === 'trigger' && each.key === trigger);
    assert.ok(source, `${step.key}.${field.key} points at ${trigger}`);
    assert.ok(Object.hasOwn(source.sample!, id!) && Object.hasOwn(source.sample!, name!));
  }
});

test('D006 a hook trigger lists recent items', () => {
  for (const step of steps.filter((each) => each.type === 'hook')) {
    assert.equal(typeof step.operation['performList'], 'function', step.key);
  }
});

test('D007 every URL is https', () => {
  for (const [where, text] of texts()) {
    assert.doesNotMatch(text, /http:\/\//, where);
  }
});

test('D008 Markdown links are whole, and a bare URL stands in backticks only', () => {
  for (const [where, text] of texts().filter(([path]) => path.endsWith('helpText') || path.endsWith('description'))) {
    const bare = text.replace(/`[^`]*`/g, '').replace(/\[[^\]]+\]\(https:\/\/[^\s)]+\)/g, '');
    assert.doesNotMatch(bare, /https?:\/\/|\]\(/, where);
  }
});

test('D009 a search has an input', () => {
  for (const step of steps.filter((each) => each.kind === 'search')) {
    assert.notEqual(step.inputFields.length, 0, step.key);
  }
});

test('D010 the sample of a trigger has the primary key', () => {
  for (const step of steps.filter((each) => each.kind === 'trigger')) {
    assert.equal(typeof step.sample?.['id'], 'string', step.key);
  }
});

test('D011 a help text says more than the label', () => {
  for (const field of [...authFields, ...inputs.map((each) => each.field)]) {
    assert.ok(field.helpText && field.helpText.toLowerCase() !== field.label?.toLowerCase(), field.key);
  }
});

test('D012 everything visible has a sample', () => {
  for (const step of visible) {
    assert.notEqual(Object.keys(step.sample ?? {}).length, 0, step.key);
  }
});

test('D013-D015 a search-or-create joins an existing search and an existing create', () => {
  assert.equal(searchOrCreates.length, 1);
  for (const pair of searchOrCreates) {
    assert.ok(steps.some((step) => step.kind === 'search' && step.key === pair.search));
    assert.ok(steps.some((step) => step.kind === 'create' && step.key === pair.create));
    assert.equal(pair.key, pair.search);
  }
  for (const { step, field } of inputs.filter(({ field }) => field.search)) {
    assert.ok(field.dynamic, `${step.key}.${field.key} needs a dropdown beside its search`);
    assert.ok(steps.some((each) => each.kind === 'search' && each.key === field.search!.split('.')[0]));
  }
});

test('D016 D017 a hook trigger subscribes and unsubscribes', () => {
  for (const step of steps.filter((each) => each.type === 'hook')) {
    assert.equal(typeof step.operation['performSubscribe'], 'function', step.key);
    assert.equal(typeof step.operation['performUnsubscribe'], 'function', step.key);
  }
});

test('D018 labels are in title case', () => {
  const labels = [
    ...steps.map((step) => step.label),
    ...searchOrCreates.map((pair) => pair.display.label ?? ''),
    ...steps.flatMap((step) => [...step.inputFields, ...step.outputFields].map((field) => field.label ?? '')),
  ];
  for (const label of labels) {
    assert.ok(isTitleCase(label), label);
    assert.ok(label.length <= 64, label);
  }
});

test('D021 descriptions say what happens, begin as Zapier wants and end with a full stop', () => {
  const beginnings = { trigger: /^Triggers when /, create: /^Verifies /, search: /^Finds / };
  for (const step of steps) {
    assert.match(step.description, beginnings[step.kind], step.key);
    assert.match(step.description, /\.$/, step.key);
    assert.doesNotMatch(step.description, /gatepost|zapier/i, step.key);
  }
});

test('D022 a create has inputs that are always there', () => {
  for (const step of steps.filter((each) => each.kind === 'create')) {
    assert.ok(step.inputFields.some((field) => typeof field === 'object' && field.required), step.key);
  }
});

test('D023 dates in samples are ISO 8601 with a time zone', () => {
  for (const step of visible) {
    for (const [key, value] of Object.entries(flat(step.sample ?? {}))) {
      if (isDate(key)) {
        assert.match(String(value), ISO_DATE, `${step.key}.${key}`);
      }
    }
  }
});

test('D024 a sample has just the keys and types of the output fields', () => {
  for (const step of steps) {
    const sample = flat(step.sample ?? {});
    assert.deepEqual(Object.keys(sample), step.outputFields.map((field) => field.key), step.key);
    for (const field of step.outputFields) {
      assert.ok(isOfType(field, sample[field.key]), `${step.key}.${field.key}`);
    }
  }
});

test('D025 no text holds a dangerous URI', () => {
  for (const [where, text] of texts()) {
    assert.doesNotMatch(text, /(javascript|vbscript|data|file):/i, where);
  }
});

test('required fields come first', () => {
  for (const step of steps) {
    const required = step.inputFields.map((field) => field.required === true);
    assert.deepEqual(required, [...required].sort((one, other) => Number(other) - Number(one)), step.key);
  }
});

test('M001-M004 M006 the texts and the logo for a listing lie ready', () => {
  const listing = JSON.parse(readFileSync(new URL('../../listing/listing.json', import.meta.url), 'utf8'));
  assert.doesNotMatch(listing.description, /zapier/i);
  assert.ok(listing.description.length >= 40);
  assert.ok(listing.title && listing.category && listing.role);
  assert.match(homepage, /^https:\/\/[a-z0-9.-]+$/);
  const logo = readFileSync(new URL('../../listing/icon.png', import.meta.url));
  assert.equal(logo.toString('latin1', 1, 4), 'PNG');
  const [width, height, colourType] = [logo.readUInt32BE(16), logo.readUInt32BE(20), logo[25]];
  assert.equal(width, height);
  assert.ok(width >= 256);
  assert.equal(colourType, 6, 'RGBA');
});
