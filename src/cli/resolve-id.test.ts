import { expect, test } from 'vitest';
import { formatDetail, type PlatformError } from '../kernel/errors.ts';
import { resolveId } from './resolve-id.ts';

const ids = ['01a22cee-7b3f-7c86-a00a-0ce9bb1bc7ff', '01a22cee-7b3f-7d00-a00a-0ce9bb1bc7ff'];
const operations = {
  findIds: async () => ids.map((id) => ({ id, summary: 'churn v1' })),
};

test.each([
  ['01a22cee', 'give its first 13 characters, which are its time'],
  ['01a22cee-7b3f', 'give more characters'],
])('the start %s of several predictions is refused with the candidates', async (typed, says) => {
  const refused = await resolveId(operations, 'prediction', typed).catch((error: PlatformError) => error);
  const { message, detail } = refused as PlatformError;
  expect(message).toBe(`bad input: prediction is the start of several ids; ${says} (got "${typed}")`);
  expect(detail.more?.map(formatDetail)).toEqual(ids.map((id) => `churn v1 (prediction: "${id}")`));
});
