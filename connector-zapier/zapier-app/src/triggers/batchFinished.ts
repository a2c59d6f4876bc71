import { defineTrigger } from 'zapier-platform-core';

import { received, recent, subscribe, unsubscribe } from '../hooks.js';

export default defineTrigger({
  key: 'batch_finished',
  noun: 'Batch',
  display: {
    label: 'Batch Finished',
    description: 'Triggers when every address of an uploaded list is verified.',
  },
  operation: {
    type: 'hook',
    performSubscribe: (z, bundle) => subscribe(z, bundle, 'batch.finished'),
    performUnsubscribe: (z, bundle) => unsubscribe(z, bundle),
    perform: (_z, bundle) => received(bundle),
    performList: (z, bundle) => recent(z, bundle, '/v1/batches', { state: 'finished' }),
    sample: {
      id: '01KAV5R7M3W8Q2N6T9X4C1B0ZG',
      name: 'newsletter.csv',
      state: 'finished',
      rows: 1200,
      verified: 1180,
      credits_charged: 1150,
      workflow_id: 'standard',
      workflow_name: 'Standard',
      created_at: '2026-11-23T09:10:00.000Z',
      finished_at: '2026-11-23T09:14:05.120Z',
    },
    outputFields: [
      { key: 'id', label: 'Batch ID', type: 'string', primary: true },
      { key: 'name', label: 'File Name', type: 'string' },
      { key: 'state', label: 'State', type: 'string' },
      { key: 'rows', label: 'Rows', type: 'integer' },
      { key: 'verified', label: 'Verified', type: 'integer' },
      { key: 'credits_charged', label: 'Credits Charged', type: 'integer' },
      { key: 'workflow_id', label: 'Workflow ID', type: 'string' },
      { key: 'workflow_name', label: 'Workflow', type: 'string' },
      { key: 'created_at', label: 'Created At', type: 'datetime' },
      { key: 'finished_at', label: 'Finished At', type: 'datetime' },
    ],
  },
});
