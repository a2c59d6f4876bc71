import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** True when the message is from Gatepost; body is a Buffer, now is in seconds since 1970. */
export function isGenuine(secret, id, timestamp, signatures, body, now = Date.now() / 1000) {
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(now - Number(timestamp)) > 300) return false;
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const digest = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64');
  const expected = Buffer.from(`v1,${digest}`);
  return signatures.split(' ').some((signature) => {
    const given = Buffer.from(signature);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

// Secret, id, timestamp, signatures, now; the body on standard input. Exit code 0 when it is genuine.
const [secret, id, timestamp, signatures, now] = process.argv.slice(2);
process.exit(isGenuine(secret, id, timestamp, signatures, readFileSync(0), Number(now)) ? 0 : 1);
