import type { Bundle, ZObject } from 'zapier-platform-core';
import { defineCreate } from 'zapier-platform-core';

import { verifyFields } from '../fields.js';
import { serverUrl } from '../server.js';
import { outputFields, sample, type Verification } from '../verification.js';
import { verifyNow, type VerifyInput } from './verifyEmail.js';

/** In tests the core hands out an address of Zapier's own; there the test's listener stands in for it. */
const callbackUrl = (z: ZObject): string =>
  ((process.env['NODE_ENV'] ?? '').startsWith('test') && process.env['TEST_CALLBACK_URL']) || z.generateCallbackUrl();

/** In the editor nobody calls back, so there the answer is what is known at once. */
const perform = async (z: ZObject, bundle: Bundle<VerifyInput>) => {
  if (bundle.meta.isLoadingSample) {
    return verifyNow(z, bundle);
  }
  const { email, workflow } = bundle.inputData;
  const response = await z.request<Verification>({
    url: `${serverUrl(z, bundle)}/v1/verify`,
    method: 'POST',
    body: { email, ...(workflow ? { workflow } : {}), callback_url: callbackUrl(z) },
  });
  return response.data;
};

export default defineCreate({
  key: 'verify_email_and_wait',
  noun: 'Verification',
  display: {
    label: 'Verify Email and Wait',
    description:
      'Verifies an email address and goes on when the answer is final, which takes up to two hours where a mail host asks for patience.',
  },
  operation: {
    inputFields: verifyFields,
    perform: (z, bundle) => perform(z, bundle as Bundle<VerifyInput>),
    performResume: (_z, bundle) => ({ ...bundle.outputData, ...bundle.cleanedRequest }),
    sample,
    outputFields,
  },
});
