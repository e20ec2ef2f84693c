import { expect, test } from 'vitest';
import type { PredictionView } from '../../src/api/views.ts';
import type { Calibration } from '../../src/training/calibration/calibration.ts';
import { applyCalibration } from '../../src/training/calibration/calibration.ts';
import { startDev } from '../e2e/product.ts';
import { visitsProject } from '../e2e/visits.ts';
import { runScript, whyWithoutPython, withoutPython } from './mlflow-client.ts';

interface Loaded {
  /** A probability of yes, or the probabilities of each class, for each row. */
  readonly predictions: readonly (number | readonly number[])[];
  /** The same by MLflow's own scoring code, as `/invocations` runs it. */
  readonly scored: readonly (number | readonly number[])[];
  readonly features: readonly string[];
  readonly outputs: readonly object[];
  readonly metadata: {
    readonly modelyard_target: { readonly kind: string; readonly classes?: readonly string[] };
    readonly modelyard_calibration?: Calibration;
    readonly modelyard_endpoint?: string;
  };
}

type ClassView = Extract<PredictionView, { readonly kind: 'class' }>;

const visits = Array.from({ length: 20 }, (_, at) => ({ pages: 1 + ((at * 7) % 30), minutes: 2 + 4 * at }));

test.skipIf(withoutPython)(
  `models of yes or no and of classes load in MLflow, and calibrated they predict as the endpoint does${whyWithoutPython}`,
  async () => {
    await using folder = await visitsProject();
    await using dev = await startDev(['--project', folder.path]);
    const predict = async (model: string): Promise<readonly ClassView[]> => {
      const response = await fetch(`${dev.url}/predict/${model}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(visits),
      });
      return response.ok ? ((await response.json()) as readonly ClassView[]) : [];
    };
    for (const model of ['bought-trees', 'plan']) {
      await expect.poll(async () => (await predict(model))[0]?.version, { timeout: 240_000 }).toBe(1);
      const classes = model === 'plan' ? ['free', 'team', 'business'] : ['true'];
      const ours = (await predict(model)).map(({ probabilities }) =>
        classes.map((name) => probabilities[name] ?? Number.NaN),
      );
      const loaded = await runScript<Loaded>('./mlflow_kinds.py', {
        url: dev.url,
        input: { model, alias: 'prod', rows: visits },
      });
      expect(loaded.features).toEqual(['minutes', 'pages']);
      expect(loaded.scored).toEqual(loaded.predictions);
      expect(loaded.outputs).toMatchObject([
        { 'tensor-spec': { dtype: 'float32', shape: model === 'plan' ? [-1, 3] : [-1] } },
      ]);
      const { modelyard_calibration: calibration, ...about } = loaded.metadata;
      expect(about.modelyard_target).toMatchObject(
        model === 'plan' ? { kind: 'class', classes } : { kind: 'boolean' },
      );
      expect(about.modelyard_endpoint).toContain('calibrates the probabilities');
      expect(loaded.predictions).toHaveLength(visits.length);
      for (const [row, theirs] of loaded.predictions.entries()) {
        const raw = Float64Array.from([theirs].flat());
        expect(raw, 'a probability for each class').toHaveLength(classes.length);
        const calibrated = calibration ? applyCalibration(calibration, raw) : raw;
        for (const [index, probability] of calibrated.entries())
          expect(probability).toBeCloseTo(ours[row]?.[index] ?? Number.NaN, 5);
      }
    }
  },
);
