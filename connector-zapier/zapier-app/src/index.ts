import zapier, { defineApp } from 'zapier-platform-core';

import authentication from './authentication.js';
import verifyEmail from './creates/verifyEmail.js';
import verifyEmailAndWait from './creates/verifyEmailAndWait.js';
import { addKey, explain } from './middleware.js';
import { version } from './package.js';
import findVerification from './searches/findVerification.js';
import batchFinished from './triggers/batchFinished.js';
import creditsLow from './triggers/creditsLow.js';
import emailRejected from './triggers/emailRejected.js';
import newVerifiedEmail from './triggers/newVerifiedEmail.js';
import workflowList from './triggers/workflowList.js';

export default defineApp({
  version,
  platformVersion: zapier.version,
  authentication,
  beforeRequest: [addKey],
  afterResponse: [explain],
  triggers: {
    [newVerifiedEmail.key]: newVerifiedEmail,
    [emailRejected.key]: emailRejected,
    [batchFinished.key]: batchFinished,
    [creditsLow.key]: creditsLow,
    [workflowList.key]: workflowList,
  },
  creates: {
    [verifyEmail.key]: verifyEmail,
    [verifyEmailAndWait.key]: verifyEmailAndWait,
  },
  searches: {
    [findVerification.key]: findVerification,
  },
  searchOrCreates: {
    [findVerification.key]: {
      key: findVerification.key,
      display: {
        label: 'Find or Verify Email',
        description: 'Finds the latest verification of an email address, or verifies it when there is none.',
      },
      search: findVerification.key,
      create: verifyEmail.key,
    },
  },
});
