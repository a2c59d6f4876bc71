/** REST hooks: one subscription on the server for each Zap that is switched on. */
import type { Bundle, ZObject } from 'zapier-platform-core';

import { serverUrl } from './server.js';

/** Items shown in the editor, and the most that one listing brings. */
const LIST_MAX = 100;
const SAMPLES = 3;

/** What a subscription may be narrowed to. */
export interface Filters {
  workflow?: string | undefined;
  label?: string | undefined;
}

type AnyBundle = Pick<Bundle, 'authData' | 'targetUrl' | 'subscribeData' | 'meta' | 'cleanedRequest'>;

const given = (filters: Filters) =>
  Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined && value !== ''));

/** Asks the server to tell Zapier of `event`; the answer's id ends it again. */
export const subscribe = async (z: ZObject, bundle: AnyBundle, event: string, filters: Filters = {}) => {
  const response = await z.request({
    url: `${serverUrl(z, bundle)}/v1/hooks`,
    method: 'POST',
    body: { url: bundle.targetUrl, events: [event], consumer: 'zapier', ...given(filters) },
  });
  return response.data;
};

/** A subscription that is gone already counts as ended. */
export const unsubscribe = async (z: ZObject, bundle: AnyBundle) => {
  const response = await z.request({
    url: `${serverUrl(z, bundle)}/v1/hooks/${encodeURIComponent(bundle.subscribeData?.id ?? '')}`,
    method: 'DELETE',
    skipThrowForStatus: true,
  });
  if (response.status >= 400 && response.status !== 404) {
    throw new z.errors.Error(
      `Your server did not end the subscription (${response.status}). It ends by itself when Zapier stops listening.`,
      'UnsubscribeFailed',
      response.status,
    );
  }
  return {};
};

/** What a delivery carries: one item, or several. */
export const received = (bundle: AnyBundle) => {
  const body: unknown = bundle.cleanedRequest;
  if (Array.isArray(body)) {
    return body as Record<string, unknown>[];
  }
  return typeof body === 'object' && body !== null ? [body as Record<string, unknown>] : [];
};

/** Recent items of a listing, newest first. */
export const recent = async (z: ZObject, bundle: AnyBundle, path: string, filters: Record<string, unknown> = {}) => {
  const wanted = bundle.meta?.isLoadingSample ? SAMPLES : Math.min(bundle.meta?.limit || LIST_MAX, LIST_MAX);
  const response = await z.request({
    url: `${serverUrl(z, bundle)}${path}`,
    params: { ...filters, limit: wanted > 0 ? wanted : LIST_MAX },
    removeMissingValuesFrom: { params: true },
  });
  return response.data.data as { id: string }[];
};
