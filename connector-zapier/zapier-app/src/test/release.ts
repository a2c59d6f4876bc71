/** Prints what the definition promises, for released.json: run it when a version has been pushed. */
import { flat } from './data.js';
import { steps } from './definition.js';

const released = Object.fromEntries(
  steps.map((step) => [
    `${step.kind} ${step.key}`,
    { input: step.inputFields.map((field) => field.key), sample: Object.keys(flat(step.sample ?? {})) },
  ]),
);

console.log(JSON.stringify(released, null, 2));
