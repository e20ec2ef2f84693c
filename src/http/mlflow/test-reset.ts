import type { RawEndpoint } from './wire/raw-endpoint.ts';

export interface ResetServices {
  /** Empties the stores, for a server that is under test; absent on every other. */
  readonly reset?: () => Promise<void>;
}

/** `POST /test/reset`, with any body or none, which exists only where the services can. */
export function testResetEndpoints({ reset }: ResetServices): readonly RawEndpoint<object>[] {
  if (!reset) return [];
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
