/** Input fields that several steps share. */
import { defineInputFields } from 'zapier-platform-core';

export const email = {
  key: 'email',
  label: 'Email',
  type: 'string',
  required: true,
  helpText: 'The address to verify. Text that is no address is answered too: as invalid, with the reason.',
} as const;

export const workflow = {
  key: 'workflow',
  label: 'Workflow',
  type: 'string',
  required: false,
  dynamic: 'workflow_list.id.name',
  helpText: 'Whose rules decide. Leave it empty for the workspace\'s default.',
} as const;

export const workflowFilter = {
  ...workflow,
  helpText: 'Only verifications that this workflow decided. Leave it empty for all.',
} as const;

export const label = {
  key: 'label',
  label: 'Label',
  type: 'string',
  required: false,
  choices: {
    valid: 'Valid',
    risky: 'Risky',
    disposable: 'Disposable',
    free: 'Free',
    role: 'Role',
    invalid: 'Invalid',
    unknown: 'Unknown',
  },
  helpText: 'Only verifications with this one word as their outcome. Leave it empty for all.',
} as const;

export const verifyFields = defineInputFields([email, workflow]);
