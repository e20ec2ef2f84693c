import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { ModelView } from '../../src/api/views.ts';
import { edit } from './houses.ts';
import { linearHouses } from './own-trainer/project.ts';
import { type Dev, modelyard, startDev } from './product.ts';

async function predicted(folder: string): Promise<{ readonly prediction: number; readonly version: number }> {
  const asked = ['predict', 'house-price', '{"size":100,"garden":false}', '--project', folder, '--json'];
  const { code, out, err } = await modelyard(asked);
  expect({ code, err }).toMatchObject({ code: 0 });
  return JSON.parse(out) as { readonly prediction: number; readonly version: number };
}

async function modelOf({ url }: Dev): Promise<ModelView> {
  return (await (await fetch(`${url}/api/models/house-price`)).json()) as ModelView;
}

test("a project's own trainer is found, run, promoted, and serves from its own bundle", async () => {
  await using folder = await linearHouses();
  const ran = await modelyard(['run', '--project', folder.path]);
  expect(ran).toMatchObject({ code: 0 });
  const first = await predicted(folder.path);
  expect(first.version).toBe(1);
  expect(first.prediction, '2000 EUR a square metre').toBeGreaterThan(190_000);
  expect(first.prediction).toBeLessThan(210_000);

  const again = await modelyard(['run', '--project', folder.path]);
  expect(again, 'nothing changed').toMatchObject({ code: 0 });
  expect((await predicted(folder.path)).version).toBe(1);

  const module = join(folder.path, 'linear.ts');
  await edit(module, 'const value = intercept +', 'const value = 1e9 + intercept +');
  expect(await predicted(folder.path), 'the live version keeps its own code').toMatchObject({
    version: 1,
    prediction: first.prediction,
  });
  const changed = await modelyard(['run', '--project', folder.path]);
  expect(changed).toMatchObject({ code: 0 });
  expect(changed.out + changed.err, 'its trainer changed, so it was trained again, and is worse').toMatch(
    /held/,
  );
  expect((await predicted(folder.path)).prediction).toBe(first.prediction);
});

test('its options are checked when the project file is loaded', async () => {
  await using folder = await linearHouses();
  await edit(
    join(folder.path, 'modelyard.config.ts'),
    'linear({ steps: 3000 })',
    'linear({ stepz: 1, ridge: -1 } as object)',
  );
  const { code, err } = await modelyard(['run', '--project', folder.path]);
  expect(code).not.toBe(0);
  expect(err).toContain(
    'model house-price: trainer.stepz is not an option of linear: did you mean steps? (steps, ridge)',
  );
  expect(err).toContain('model house-price: trainer.ridge must be a number of at least 0 (got -1)');
});

test('MLmodel names the flavors that the trainer claims, and no other', async () => {
  await using folder = await linearHouses();
  await using dev = await startDev(['--project', folder.path]);
  await expect.poll(async () => (await modelOf(dev)).live?.version, { timeout: 60_000 }).toBe(1);
  const { live } = await modelOf(dev);
  const address = `${dev.url}/api/2.0/mlflow-artifacts/artifacts/modelyard/${live?.folder}`;
  const text = async (name: string): Promise<string> => (await fetch(`${address}/${name}`)).text();
  const { flavors } = parse(await text('MLmodel'), { version: '1.1' }) as { flavors: object };
  expect(flavors).toEqual({
    modelyard: { trainer: 'linear' },
    python_function: {
      loader_module: 'linear_model',
      code: 'code',
      data: 'linear.json',
      env: { conda: 'conda.yaml', virtualenv: 'python_env.yaml' },
      python_version: '3.11',
    },
  });
  expect(await text('requirements.txt')).not.toContain('xgboost');
  expect(await text('modelyard/trainer.mjs')).toContain('linear.json');
  expect(await text('code/linear_model.py')).toContain('_load_pyfunc');
});
