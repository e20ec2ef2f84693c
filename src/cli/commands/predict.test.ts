import { expect, test } from 'vitest';
import type { JsonObject } from '../../kernel/json.ts';
import type { CommandContext } from '../command-context.ts';
import { predict } from './predict.ts';

const described = {
  type: 'object',
  properties: { size: { type: 'number' }, town: { type: 'string' }, garden: { type: 'boolean' } },
  required: ['size', 'town'],
};

interface Asked {
  readonly examples?: readonly JsonObject[];
  readonly request?: JsonObject;
}

/** Runs the command without a request, with an endpoint of this schema. */
async function withoutRequest({ examples = [], request = described }: Asked): Promise<{
  readonly sent: readonly unknown[];
  readonly err: string;
}> {
  const sent: unknown[] = [];
  let err = '';
  const operations = {
    getEndpoint: async () => ({ examples, request }),
    predict: async (given: { readonly request: unknown }) => (sent.push(given.request), {}),
  };
  const context = {
    terminal: { out() {}, err: (text: string) => void (err += text), interactive: false, columns: 80 },
    connect: async () => ({ operations, async [Symbol.asyncDispose]() {} }),
    result() {},
  } as unknown as CommandContext;
  await predict.run({ endpoint: 'houses', explain: false }, context);
  return { sent, err };
}

test('without a request the example is predicted, and the command says so', async () => {
  const { sent, err } = await withoutRequest({ examples: [{ size: 80, town: 'Bath' }] });
  expect(sent).toEqual([{ size: 80, town: 'Bath' }]);
  expect(err).toBe(
    'note: no request given: predicting the example of the schema, {"size":80,"town":"Bath"}\n',
  );
});

test('without a request and without an example, optional fields are named apart', async () => {
  await expect(withoutRequest({})).rejects.toThrow(
    'Give a request as JSON with the fields size, town; optional: garden (request: missing)',
  );
  const { required: _required, ...allOptional } = described;
  await expect(withoutRequest({ request: allOptional })).rejects.toThrow(
    'Give a request as JSON with any of the fields size, town, garden',
  );
});
