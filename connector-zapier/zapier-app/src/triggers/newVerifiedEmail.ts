import { defineInputFields, defineTrigger } from 'zapier-platform-core';

import * as fields from '../fields.js';
import { received, recent, subscribe, unsubscribe } from '../hooks.js';
import { outputFields, sample } from '../verification.js';

const inputFields = defineInputFields([fields.workflowFilter, fields.label]);

export default defineTrigger({
  key: 'new_verified_email',
  noun: 'Verified Email',
  display: {
    label: 'New Verified Email',
    description: 'Triggers when the verification of an email address is complete.',
  },
  operation: {
    type: 'hook',
    inputFields,
    performSubscribe: (z, bundle) => subscribe(z, bundle, 'verification.completed', bundle.inputData),
    performUnsubscribe: (z, bundle) => unsubscribe(z, bundle),
    perform: (_z, bundle) => received(bundle),
    performList: (z, bundle) =>
      recent(z, bundle, '/v1/verifications', {
        workflow: bundle.inputData.workflow,
        label: bundle.inputData.label,
        final: true,
      }),
    sample,
    outputFields,
  },
});
