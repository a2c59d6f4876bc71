/** One verification: the same keys in hooks, lists, actions and searches. */
import type { PlainOutputField } from 'zapier-platform-core';

export interface Verification {
  id: string;
  email: string;
  final: boolean;
  [key: string]: unknown;
}

export const sample = {
  id: '01KAV5R7M3W8Q2N6T9X4C1B0ZD',
  email: 'info@example.com',
  normalized: 'info@example.com',
  status: 'valid',
  label: 'role',
  score: 80,
  reason: 'accepted',
  reason_text: 'The mail host takes mail for just this mailbox.',
  disposable: false,
  free: false,
  role: true,
  accept_all: false,
  mailbox_full: false,
  relay: false,
  subaddress: false,
  smtputf8: false,
  suggestion: '',
  domain: 'example.com',
  provider: 'google',
  mx: ['aspmx.l.google.com'],
  workflow_id: 'standard',
  workflow_name: 'Standard',
  decision: 'flag',
  rule: 'flag role',
  final: true,
  credits_charged: 1,
  billing: 'charged',
  verified_at: '2026-11-23T09:14:05.120Z',
  valid_until: '2026-11-24T09:14:05.120Z',
  duration_ms: 340,
};

export const outputFields: PlainOutputField[] = [
  { key: 'id', label: 'Verification ID', type: 'string', primary: true },
  { key: 'email', label: 'Email', type: 'string' },
  { key: 'normalized', label: 'Normalized Email', type: 'string' },
  { key: 'status', label: 'Status (valid, risky, invalid, unknown)', type: 'string' },
  { key: 'label', label: 'Label (valid, risky, disposable, free, role, invalid, unknown)', type: 'string' },
  { key: 'score', label: 'Score (0-100)', type: 'integer' },
  { key: 'reason', label: 'Reason Code', type: 'string' },
  { key: 'reason_text', label: 'Reason', type: 'string' },
  { key: 'disposable', label: 'Is Disposable', type: 'boolean' },
  { key: 'free', label: 'Is Free Provider', type: 'boolean' },
  { key: 'role', label: 'Is Role Address', type: 'boolean' },
  { key: 'accept_all', label: 'Host Accepts All', type: 'boolean' },
  { key: 'mailbox_full', label: 'Mailbox Is Full', type: 'boolean' },
  { key: 'relay', label: 'Is Forwarding Address', type: 'boolean' },
  { key: 'subaddress', label: 'Has Plus Tag', type: 'boolean' },
  { key: 'smtputf8', label: 'Needs SMTPUTF8', type: 'boolean' },
  { key: 'suggestion', label: 'Did You Mean', type: 'string' },
  { key: 'domain', label: 'Domain', type: 'string' },
  { key: 'provider', label: 'Mail Provider', type: 'string' },
  { key: 'mx', label: 'Mail Hosts', type: 'string', list: true },
  { key: 'workflow_id', label: 'Workflow ID', type: 'string' },
  { key: 'workflow_name', label: 'Workflow', type: 'string' },
  { key: 'decision', label: 'Decision (accept, flag, reject)', type: 'string' },
  { key: 'rule', label: 'Rule That Decided', type: 'string' },
  { key: 'final', label: 'Is Final', type: 'boolean' },
  { key: 'credits_charged', label: 'Credits Charged', type: 'integer' },
  { key: 'billing', label: 'Billing', type: 'string' },
  { key: 'verified_at', label: 'Verified At', type: 'datetime' },
  { key: 'valid_until', label: 'Valid Until', type: 'datetime' },
  { key: 'duration_ms', label: 'Duration (Milliseconds)', type: 'integer' },
];
