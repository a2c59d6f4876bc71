/** The app definition as plain data, read generically: Zapier's checks look at whatever is there, not at our types. */
import app from '../index.js';

export interface Field {
  key: string;
  label?: string;
  type?: string;
  required?: boolean;
  helpText?: string;
  dynamic?: string;
  search?: string;
  list?: boolean;
  primary?: boolean;
}

export interface Step {
  kind: 'trigger' | 'create' | 'search';
  key: string;
  noun: string;
  label: string;
  description: string;
  hidden: boolean;
  type: string;
  inputFields: Field[];
  outputFields: Field[];
  sample: Record<string, unknown> | undefined;
  operation: Record<string, unknown>;
}

const group = (kind: Step['kind'], steps: object | undefined): Step[] =>
  Object.values(steps ?? {}).map((step) => ({
    kind,
    key: step.key,
    noun: step.noun,
    label: step.display.label,
    description: step.display.description,
    hidden: step.display.hidden === true,
    type: step.operation.type ?? (kind === 'trigger' ? 'polling' : ''),
    inputFields: step.operation.inputFields ?? [],
    outputFields: step.operation.outputFields ?? [],
    sample: step.operation.sample,
    operation: step.operation,
  }));

export const steps: Step[] = [
  ...group('trigger', app.triggers),
  ...group('create', app.creates),
  ...group('search', app.searches),
];

export const visible = steps.filter((step) => !step.hidden);

export const searchOrCreates = Object.values(app.searchOrCreates ?? {});

export const authentication = app.authentication;

/** The definition as the schema wants it: functions told by their number of arguments. */
export const asData = (): unknown =>
  JSON.parse(JSON.stringify(app, (_key, value) => (typeof value === 'function' ? `$func$${value.length}$f$` : value)));

/** Each text that a user sees, with where it stands. */
export const texts = (): [string, string][] => {
  const found: [string, string][] = [];
  const walk = (value: unknown, path: string) => {
    if (typeof value === 'string') {
      found.push([path, value]);
    } else if (Array.isArray(value)) {
      value.forEach((each, at) => walk(each, `${path}[${at}]`));
    } else if (typeof value === 'object' && value !== null) {
      Object.entries(value).forEach(([key, each]) => walk(each, path === '' ? key : `${path}.${key}`));
    }
  };
  walk(asData(), '');
  return found;
};
