import { readFileSync } from 'node:fs';

interface Package {
  version: string;
  homepage: string;
}

/** What package.json says: the version to be pushed, and the server of whoever pushes it, to whose pages help texts lead. */
export const { version, homepage } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as Package;
