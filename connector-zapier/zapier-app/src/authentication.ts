import type { Authentication, Bundle, ZObject } from 'zapier-platform-core';

import { homepage } from './package.js';
import { serverUrl } from './server.js';

/** What the steps of this app need a key to be allowed. */
const SCOPES = ['read', 'verify'];

interface Me {
  workspace_name: string;
  scopes?: string[];
}

/** One cheap call; its answer fills the connection's label. A key that could not do every step is refused here already. */
const test = async (z: ZObject, bundle: Bundle) => {
  const response = await z.request<Me>({
    url: `${serverUrl(z, bundle)}/v1/me`,
    middlewareData: { isConnectionTest: true },
  });
  const { workspace_name, scopes } = response.data ?? {};
  if (typeof workspace_name !== 'string' || !Array.isArray(scopes)) {
    throw new z.errors.Error('Server URL: something answers there, but not a server of this kind.', 'NotThisServer', 400);
  }
  const missing = SCOPES.filter((scope) => !scopes.includes(scope));
  if (missing.length > 0) {
    throw new z.errors.Error(
      `The API key lacks the scope ${missing.join(' and ')}. Make one with the scopes read and verify.`,
      'AuthenticationError',
      403,
    );
  }
  return response.data;
};

export default {
  type: 'custom',
  test,
  connectionLabel: '{{workspace_name}}',
  fields: [
    {
      key: 'server_url',
      label: 'Server URL',
      type: 'string',
      required: true,
      helpText:
        'Where your own server answers, for example `https://verify.example.com`. It must be reachable from the internet.',
    },
    {
      key: 'api_key',
      label: 'API Key',
      type: 'password',
      required: true,
      helpText:
        'Begins with `gp_live_` and has the scopes `read` and `verify`. Whoever runs the server makes one with `gatepost key create --name zapier`. '
        + `What keys are and may do: [the API page of your server](${homepage}/docs).`,
    },
  ],
} satisfies Authentication;
