/** What items look like, in samples as in what a server sends. */
import type { Field } from './definition.js';

export const ISO_DATE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/** Whether a key names a date. */
export const isDate = (key: string): boolean => /(_at|_until|^at)$/.test(key);

/** Objects within an item as Zapier shows them, one level: `labels__valid`. */
export const flat = (item: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(item).flatMap(([key, value]) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.entries(value).map(([inner, each]) => [`${key}__${inner}`, each])
        : [[key, value]],
    ),
  );

export const isOfType = (field: Field, value: unknown): boolean => {
  if (field.list) {
    return Array.isArray(value) && value.every((each) => isOfType({ ...field, list: false }, each));
  }
  switch (field.type) {
    case 'boolean':
      return typeof value === 'boolean';
    case 'integer':
      return Number.isInteger(value);
    case 'number':
      return typeof value === 'number';
    case 'datetime':
      return typeof value === 'string' && ISO_DATE.test(value);
    default:
      return typeof value === 'string';
  }
};
