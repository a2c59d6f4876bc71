import assert from 'node:assert/strict';
import { test } from 'node:test';

import { readServerUrl } from '../server.js';

test('D026 an address of a server is taken without the slash at its end', () => {
  assert.deepEqual(readServerUrl('https://verify.example.com'), { url: 'https://verify.example.com' });
  assert.deepEqual(readServerUrl('  https://Verify.example.com/ '), { url: 'https://verify.example.com' });
  assert.deepEqual(readServerUrl('https://example.com:8443/gatepost/'), { url: 'https://example.com:8443/gatepost' });
});

for (const [typed, why] of [
  ['', 'it is empty'],
  [undefined, 'it is empty'],
  ['verify.example.com', 'it is not a URL'],
  ['http://verify.example.com', 'it must begin with https://'],
  ['ftp://verify.example.com', 'it must begin with https://'],
  ['javascript:alert(1)', 'it must begin with https://'],
  ['https://', 'it is not a URL'],
  ['https://me:word@verify.example.com', 'user name or password'],
  ['https://verify.example.com?x=1', 'question mark or a #'],
  ['https://verify.example.com/#top', 'question mark or a #'],
  [`https://${'a'.repeat(3000)}.example.com`, 'longer than 2048'],
] as const) {
  test(`D026 ${String(typed).slice(0, 40) || 'nothing'} is refused: ${why}`, () => {
    const read = readServerUrl(typed);
    assert.ok('mistake' in read && read.mistake.includes(why), JSON.stringify(read));
  });
}
