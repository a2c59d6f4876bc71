import { defineTrigger } from 'zapier-platform-core';

import { serverUrl } from '../server.js';

export default defineTrigger({
  key: 'workflow_list',
  noun: 'Workflow',
  display: {
    label: 'Workflow List',
    description: 'Triggers when a workflow is listed for a dropdown.',
    hidden: true,
  },
  operation: {
    type: 'polling',
    perform: async (z, bundle) => {
      const response = await z.request({ url: `${serverUrl(z, bundle)}/v1/workflows` });
      return (response.data.data as { id: string; name: string }[]).map(({ id, name }) => ({ id, name }));
    },
    sample: { id: 'standard', name: 'Standard' },
    outputFields: [
      { key: 'id', label: 'Workflow ID', type: 'string', primary: true },
      { key: 'name', label: 'Workflow', type: 'string' },
    ],
  },
});
