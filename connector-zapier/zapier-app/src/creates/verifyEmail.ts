import type { Bundle, ZObject } from 'zapier-platform-core';
import { defineCreate } from 'zapier-platform-core';

import { verifyFields } from '../fields.js';
import { serverUrl } from '../server.js';
import { outputFields, sample, type Verification } from '../verification.js';

/** Zapier ends a step after 30 s; the server answers what it knows by then. */
export const BUDGET_MS = 20_000;

export interface VerifyInput extends Record<string, unknown> {
  email: string;
  workflow?: string | undefined;
}

/** Verifies now: what is not known within the budget is answered as unknown, with `final` false. */
export const verifyNow = async (z: ZObject, bundle: Pick<Bundle<VerifyInput>, 'authData' | 'inputData'>) => {
  const { email, workflow } = bundle.inputData;
  const response = await z.request<Verification>({
    url: `${serverUrl(z, bundle)}/v1/verify`,
    method: 'POST',
    body: { email, ...(workflow ? { workflow } : {}), timeout_ms: BUDGET_MS },
  });
  return response.data;
};

export default defineCreate({
  key: 'verify_email',
  noun: 'Verification',
  display: {
    label: 'Verify Email',
    description: 'Verifies an email address and decides by the rules of a workflow.',
  },
  operation: {
    inputFields: verifyFields,
    perform: (z, bundle) => verifyNow(z, bundle as Bundle<VerifyInput>),
    sample,
    outputFields,
  },
});
