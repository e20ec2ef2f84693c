import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { paramsReader } from '../../project/params.ts';
import { readGivenParams, type ParamInputs } from './given-params.ts';

async function given(file: string | undefined, inputs: Partial<ParamInputs> = {}) {
  const projectFolder = await mkdtemp(join(tmpdir(), 'modelyard-params-'));
  onTestFinished(() => rm(projectFolder, { recursive: true, force: true }));
  if (file !== undefined) await writeFile(join(projectFolder, 'params.yaml'), file);
  return readGivenParams({ projectFolder, env: {}, set: [], ...inputs });
}

const schema = z.object({ a: z.int().default(0), b: z.string().default(''), c: z.int().default(0) });
const valuesOf = async (...args: Parameters<typeof given>): Promise<object> =>
  paramsReader((await given(...args)).given).params(schema);

test('the file, then the environment, then the option: later ones win', async () => {
  expect(await valuesOf(undefined)).toEqual({ a: 0, b: '', c: 0 });
  expect(
    await valuesOf('a: 1\nb: "1"\nc: 1\n', {
      set: ['b=x=y', 'c=2'],
      env: { MODELYARD_PARAM_A: '4', MODELYARD_PARAM_C: '3', MODELYARD_PORT: '1', PATH: '/' },
    }),
  ).toEqual({ a: 4, b: 'x=y', c: 2 });
  expect(await valuesOf('a: 1\n')).toEqual({ a: 1, b: '', c: 0 });
  expect(await valuesOf('', { set: ['b='] })).toEqual({ a: 0, b: '', c: 0 });
});

test.each([
  ['[1]', [], 'params.yaml must be a map of names to values, such as "live: true" (got [1])'],
  ['a: [1', [], 'params.yaml, line 1 must be YAML'],
  ['a: 1\na: 2', [], 'must be YAML (got "Map keys must be unique'],
  ['a: one', [], 'a in params.yaml must be a whole number (got "one")'],
  ['aa: 1', [], 'aa in params.yaml is not a param of the project: the params are a, b, c (got 1)'],
  ['', ['live'], '--set must be name=value, such as --set live=true (got "live")'],
  ['', ['=1'], '--set must be name=value, such as --set live=true (got "=1")'],
])('%j and --set %j: %s', async (file, set, message) => {
  await expect(valuesOf(file, { set })).rejects.toThrow(message);
});
