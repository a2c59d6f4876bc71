import type { AfterResponseMiddleware, BeforeRequestMiddleware, HttpResponse, ZObject } from 'zapier-platform-core';

/** The body of an error of ours: RFC 9457 with a stable code. */
interface Problem {
  code?: string;
  title?: string;
  detail?: string;
  mend?: string;
}

const problemOf = (response: HttpResponse): Problem => {
  const data: unknown = response.data;
  return typeof data === 'object' && data !== null ? (data as Problem) : {};
};

const sentence = (problem: Problem, otherwise: string): string =>
  [problem.detail ?? problem.title ?? otherwise, problem.mend].filter(Boolean).join(' ');

/** A key that stopped working holds the Zap and mails its owner; a key that never worked is a mistake in typing. */
const refusedKey = (z: ZObject, response: HttpResponse): Error =>
  response.request.middlewareData?.['isConnectionTest']
    ? new z.errors.Error(
        'The API key is not valid on this server. Copy it again, or make a new one with gatepost key create.',
        'AuthenticationError',
        401,
      )
    : new z.errors.ExpiredAuthError('Your server no longer accepts this API key. Connect again with a new key.');

export const addKey: BeforeRequestMiddleware = (request, _z, bundle) => ({
  ...request,
  headers: {
    ...request.headers,
    Accept: 'application/json',
    ...(bundle.authData['api_key'] ? { Authorization: `Bearer ${bundle.authData['api_key']}` } : {}),
  },
});

/** Turns every answer that is no success into a sentence; 429 never arrives here, the core waits and repeats. */
export const explain: AfterResponseMiddleware = (response, z) => {
  if (response.status < 400 || response.skipThrowForStatus) {
    return response;
  }
  const problem = problemOf(response);
  switch (response.status) {
    case 401:
      throw refusedKey(z, response);
    case 402:
      throw new z.errors.HaltedError(
        'No credits are left in this workspace, so nothing was verified. Grant credits on your server, then replay this run.',
      );
    case 403:
      throw new z.errors.Error(sentence(problem, 'This API key may not do that.'), problem.code ?? 'Forbidden', 403);
    case 404:
      throw new z.errors.Error(sentence(problem, 'Not found on your server.'), problem.code ?? 'NotFound', 404);
    default:
      throw response.status < 500
        ? new z.errors.Error(sentence(problem, 'Your server could not read this request.'), problem.code ?? 'InvalidData', response.status)
        : new z.errors.Error(
            `Your server could not answer just now (${response.status}). Try again in a few minutes; an address asked twice is charged once.`,
            problem.code ?? 'ServerError',
            response.status,
          );
  }
};
