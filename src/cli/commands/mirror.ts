import { defineCommand } from '../command.ts';

export const mirror = defineCommand({
  name: 'mirror',
  summary: 'show waiting and refused changes of the mirror',
  needs: 'state',
  options: {
    retry: { kind: 'flag', help: 'send refused changes again' },
    send: { kind: 'flag', help: 'send waiting changes now; stop the server first' },
    off: {
      kind: 'flag',
      help: 'stop queueing changes in PostgreSQL, after the servers run without MODELYARD_MIRROR',
    },
  },
  environment: [
    ['MODELYARD_MIRROR', 'address of the MLflow server that every change is sent to: https://…'],
    ['MODELYARD_MIRROR_TOKEN', 'its bearer token, or'],
    ['MODELYARD_MIRROR_USERNAME', 'user name, with MODELYARD_MIRROR_PASSWORD'],
    ['MODELYARD_MIRROR_PREFIX', 'prefix for experiment names there: /Shared/ for Databricks'],
  ],
  examples: ['modelyard mirror', 'modelyard mirror --retry', 'modelyard mirror --json | jq .waiting'],
  run: async (input, context) => (await import('../jobs/mirror-report.ts')).reportMirror(input, context),
});
