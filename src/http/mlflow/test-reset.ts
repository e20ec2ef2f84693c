import type { RawEndpoint } from './wire/raw-endpoint.ts';

/** `POST /test/reset` for a server under test, with any body or none. */
export function testResetEndpoints(reset: () => Promise<void>): readonly RawEndpoint<object>[] {
  return [
    {
      methods: ['POST'],
      path: '/test/reset',
      versions: [],
      permission: 'manage',
      async handle({ reply }) {
        await reset();
        return reply.type('application/json').send('{}');
      },
    },
  ];
}
