import type { Authentication, Bundle, ZObject } from 'zapier-platform-core';

import { serverUrl } from './server.js';

/** One cheap call; its answer fills the connection's label. */
const test = async (z: ZObject, bundle: Bundle) => {
  const response = await z.request({
    url: `${serverUrl(z, bundle)}/v1/me`,
    middlewareData: { isConnectionTest: true },
  });
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
        'Where your own server answers, for example `https://verify.example.com`. It must be reachable from the internet. '
        + 'How to set it up: [the guide for this connection](https://gatepost.dev/docs/zapier).',
    },
    {
      key: 'api_key',
      label: 'API Key',
      type: 'password',
      required: true,
      helpText:
        'Begins with `gp_live_`. Make one on the API keys page of your server, or with `gatepost key create`. '
        + 'More about keys: [the API guide](https://gatepost.dev/docs/api).',
    },
  ],
} satisfies Authentication;
