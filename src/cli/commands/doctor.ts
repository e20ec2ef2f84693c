import { defineCommand } from '../command.ts';

export const doctor = defineCommand({
  name: 'doctor',
  summary: 'check the configuration, the state and what the project needs',
  needs: 'nothing',
  options: { port: { kind: 'text', value: 'number', help: 'the port to look at (MODELYARD_PORT)' } },
  examples: ['modelyard doctor', 'modelyard doctor --json'],
  run: async (_input, context) => (await import('../doctor/examine.ts')).reportHealth(context),
});
