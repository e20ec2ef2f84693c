import { defineCommand } from '../command.ts';
import { setOption } from '../options.ts';

const port = { kind: 'text', value: 'number', help: 'the port on 127.0.0.1 (MODELYARD_PORT)' } as const;

export const dev = defineCommand({
  name: 'dev',
  summary:
    'run the project, serve its endpoints and pages, and run again when its code or params.yaml changes',
  needs: 'state',
  options: { port, set: setOption },
  examples: ['modelyard dev', 'modelyard dev --project examples/t20-score --port 8080'],
  run: async ({ set }, context) => (await import('../server/dev-server.ts')).startDev(context, { set }),
});
