/** Where the customer's own server is, and how it is asked. */
import type { Bundle, ZObject } from 'zapier-platform-core';

/** Longest address of a server that is accepted. */
const URL_MAX = 2048;

/** Tests drive a product on this machine; Zapier's cloud reaches no such address, so nobody else needs plain http. */
const isPlainHttpAllowed = (url: URL): boolean =>
  (process.env['NODE_ENV'] ?? '').startsWith('test') && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);

/** Why the text cannot be the address of a server, or what it is without the slash at the end (check D026). */
export const readServerUrl = (typed: unknown): { url: string } | { mistake: string } => {
  const text = typeof typed === 'string' ? typed.trim() : '';
  const wrong = (why: string) => ({ mistake: `Server URL: ${why} It looks like https://verify.example.com` });
  if (text === '') {
    return wrong('it is empty.');
  }
  if (text.length > URL_MAX) {
    return wrong(`it is longer than ${URL_MAX} characters.`);
  }
  if (!URL.canParse(text)) {
    return wrong('it is not a URL.');
  }
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isPlainHttpAllowed(url))) {
    return wrong('it must begin with https://.');
  }
  if (url.username !== '' || url.password !== '') {
    return wrong('it must not hold a user name or password.');
  }
  if (text.includes('?') || text.includes('#')) {
    return wrong('it must not hold a question mark or a #.');
  }
  return { url: url.origin + url.pathname.replace(/\/+$/, '') };
};

/** The checked address of the connection's server; a wrong one ends the step with a sentence that names the field. */
export const serverUrl = (z: ZObject, bundle: Pick<Bundle, 'authData'>): string => {
  const read = readServerUrl(bundle.authData['server_url']);
  if ('mistake' in read) {
    throw new z.errors.Error(read.mistake, 'InvalidServerUrl', 400);
  }
  return read.url;
};
