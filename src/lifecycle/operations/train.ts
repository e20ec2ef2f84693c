import type { DatasetFile } from '../../data/dataset.ts';
import { type Operation, type OperationContext, paramsOf } from '../../pipeline/operation.ts';
import { engineOf } from '../../training/engines.ts';
import { mlflowModelFiles } from '../../training/mlflow-model.ts';
import type { TrialOptions } from '../../training/search.ts';
import { readTrainingRows } from '../training-rows.ts';
import type { SearchOutcome } from './search.ts';

interface Params {
  readonly target: string;
  readonly trainer: { readonly name: string; readonly options: TrialOptions };
  readonly interval: number;
}

/** Fits the model; in: `rows`, `subsets`, `matrix` and perhaps `best`; out: `model`, the files of its folder. */
export const train: Operation = async (context) => {
  const { target, trainer, interval } = paramsOf<Params>(context);
  const options = context.spec.inputs['best'] ? await searched(context) : trainer.options;
  const rows = await readTrainingRows(context, target);
  const fitted = await engineOf(trainer.name).fit(options, rows, {
    interval,
    progress: (done, total, what) => context.emit({ type: 'progress', done, total, what }),
  });
  const description = mlflowModelFiles({
    features: rows.train.matrix.features,
    modelUuid: context.spec.key.slice(0, 32),
  });
  const files: DatasetFile[] = [];
  for (const { name, bytes } of [...fitted.files, ...description])
    files.push({ name, ...(await context.blobs.put(bytes)) });
  return {
    outputs: { model: { kind: 'files', files: files.toSorted((a, b) => (a.name < b.name ? -1 : 1)) } },
    facts: {
      options: { ...options },
      fittedParams: { ...fitted.fittedParams },
      importances: { ...fitted.importances },
      rows: rows.train.matrix.rows + rows.validation.matrix.rows,
    },
  };
};

async function searched(context: OperationContext): Promise<TrialOptions> {
  const best = await context.input('best');
  return best.kind === 'value' ? (best.value as unknown as SearchOutcome).options : {};
}
