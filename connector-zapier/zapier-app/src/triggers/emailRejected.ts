import { defineInputFields, defineTrigger } from 'zapier-platform-core';

import * as fields from '../fields.js';
import { received, recent, subscribe, unsubscribe } from '../hooks.js';
import { outputFields, sample } from '../verification.js';

const inputFields = defineInputFields([fields.workflowFilter]);

export default defineTrigger({
  key: 'email_rejected',
  noun: 'Rejected Email',
  display: {
    label: 'Email Rejected',
    description: 'Triggers when the rules of a workflow reject an email address.',
  },
  operation: {
    type: 'hook',
    inputFields,
    performSubscribe: (z, bundle) => subscribe(z, bundle, 'email.rejected', bundle.inputData),
    performUnsubscribe: (z, bundle) => unsubscribe(z, bundle),
    perform: (_z, bundle) => received(bundle),
    performList: (z, bundle) =>
      recent(z, bundle, '/v1/verifications', {
        workflow: bundle.inputData.workflow,
        decision: 'reject',
        final: true,
      }),
    sample: {
      ...sample,
      email: 'throwaway@mailinator.com',
      normalized: 'throwaway@mailinator.com',
      status: 'risky',
      label: 'disposable',
      score: 10,
      reason: 'accept_all',
      reason_text: 'The mail host takes mail for any name at this domain, so nobody can tell this mailbox apart.',
      disposable: true,
      role: false,
      accept_all: true,
      domain: 'mailinator.com',
      provider: '',
      mx: ['mail.mailinator.com'],
      decision: 'reject',
      rule: 'reject disposable',
    },
    outputFields,
  },
});
