import { defineInputFields, defineSearch } from 'zapier-platform-core';

import * as fields from '../fields.js';
import { serverUrl } from '../server.js';
import { outputFields, sample, type Verification } from '../verification.js';

const inputFields = defineInputFields([
  { ...fields.email, helpText: 'The address whose latest verification is looked for. Costs no credit.' },
  fields.workflowFilter,
]);

export default defineSearch({
  key: 'find_verification',
  noun: 'Verification',
  display: {
    label: 'Find Verification',
    description: 'Finds the latest verification of an email address.',
  },
  operation: {
    inputFields,
    perform: async (z, bundle) => {
      const response = await z.request<{ data: Verification[] }>({
        url: `${serverUrl(z, bundle)}/v1/verifications`,
        params: { email: bundle.inputData.email, workflow: bundle.inputData.workflow, limit: 1 },
        removeMissingValuesFrom: { params: true },
      });
      return response.data.data;
    },
    sample,
    outputFields,
  },
});
