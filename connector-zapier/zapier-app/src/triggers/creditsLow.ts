import { defineTrigger } from 'zapier-platform-core';

import { received, recent, subscribe, unsubscribe } from '../hooks.js';

export default defineTrigger({
  key: 'credits_low',
  noun: 'Credit Alarm',
  display: {
    label: 'Credits Low',
    description: 'Triggers when the credits of the workspace fall below the alarm level.',
  },
  operation: {
    type: 'hook',
    performSubscribe: (z, bundle) => subscribe(z, bundle, 'credits.low'),
    performUnsubscribe: (z, bundle) => unsubscribe(z, bundle),
    perform: (_z, bundle) => received(bundle),
    performList: (z, bundle) => recent(z, bundle, '/v1/credits/alarms'),
    sample: {
      id: 'low_1180',
      available: 480,
      threshold: 500,
      at: '2026-11-23T09:14:05.120Z',
    },
    outputFields: [
      { key: 'id', label: 'Alarm ID', type: 'string', primary: true },
      { key: 'available', label: 'Credits Available', type: 'integer' },
      { key: 'threshold', label: 'Alarm Level', type: 'integer' },
      { key: 'at', label: 'Since', type: 'datetime' },
    ],
  },
});
