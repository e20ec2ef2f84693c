import type { ModelReportView } from '../api/report-views.ts';
import type { Operations } from '../api/routes.ts';
import type { BlobStore } from '../data/blob-store.ts';
import { findDataset } from '../data/dataset.ts';
import type { Digest } from '../kernel/digest.ts';
import type { Json } from '../kernel/json.ts';
import { learningCurveSchema } from '../lifecycle/learning-curve.ts';
import { evaluate } from '../lifecycle/operations/evaluate.ts';
import { gate } from '../lifecycle/operations/gate.ts';
import { train } from '../lifecycle/operations/train.ts';
import { reportSchema } from '../lifecycle/report-schema.ts';
import { factsOf } from '../pipeline/operation.ts';
import type { Model } from '../project/models/model.ts';
import type { RunTask } from '../tracking/run-task-store.ts';
import type { Report } from '../training/report/report.ts';
import type { Projects } from './hosted-models.ts';
import type { ViewStores } from './model-views.ts';
import { projectRun } from './project-run.ts';
import { type ComparedReport, reportView } from './report-view.ts';

export interface ReportDeps {
  readonly projects: Projects;
  readonly stores: ViewStores;
  readonly blobs: BlobStore;
}

/** What a run's evaluations found. */
export function reportOperation({ projects, stores, blobs }: ReportDeps): Pick<Operations, 'getRunReport'> {
  const { runs, tasks: taskStore } = stores.tracking;
  return {
    async getRunReport({ run: id }) {
      const { run, project } = await projectRun(id, { projects, runs });
      const tasks = await taskStore.listTasks(run.info.id);
      const evaluated = tasks.filter(
        ({ operation, status }) => operation === evaluate.name && (status === 'done' || status === 'hit'),
      );
      return {
        models: await Promise.all(
          evaluated.map(({ declared: { name } }) => {
            const ofModel = tasks.filter(({ declared }) => declared.name === name);
            const model = project.models.find((each) => each.name === name);
            return modelReport(name, { model, tasks: ofModel, blobs });
          }),
        ),
      };
    },
  };
}

interface Measured {
  /** Absent if the project file does not have it any more. */
  readonly model: Model | undefined;
  /** Of the model. */
  readonly tasks: readonly RunTask[];
  readonly blobs: BlobStore;
}

async function modelReport(name: string, { model, tasks, blobs }: Measured): Promise<ModelReportView> {
  const outputOf = (operation: string, output: string): Digest | undefined =>
    tasks.find((task) => task.operation === operation)?.outputs[output];
  const gated = tasks.map((task) => factsOf(gate, task)).find((facts) => facts !== undefined);
  const readReport = (digest: Digest | undefined): Promise<Report | undefined> =>
    readValue(digest, (value) => reportSchema.safeParse(value).data, blobs);
  const compared = await readCompared(gated?.reports ?? undefined, readReport);
  const report = compared?.candidate ?? (await readReport(outputOf(evaluate.name, 'report')));
  const learning = await readValue(
    outputOf(train.name, 'learning'),
    (value) => learningCurveSchema.safeParse(value).data,
    blobs,
  );
  return {
    model: name,
    report: report
      ? reportView(report, { model, version: gated?.version ?? null, champion: compared?.champion })
      : null,
    learning: learning ?? null,
  };
}

/** The reports of both versions about the same rows; undefined unless both can be read. */
async function readCompared(
  reports: { readonly version: number; readonly champion: Digest; readonly candidate: Digest } | undefined,
  read: (digest: Digest) => Promise<Report | undefined>,
): Promise<{ readonly candidate: Report; readonly champion: ComparedReport } | undefined> {
  if (!reports) return undefined;
  const [candidate, champion] = await Promise.all([read(reports.candidate), read(reports.champion)]);
  return candidate && champion
    ? { candidate, champion: { version: reports.version, report: champion } }
    : undefined;
}

/** A stored value; undefined if it was removed, or another release wrote it. */
async function readValue<Value>(
  digest: Digest | undefined,
  parse: (value: Json) => Value | undefined,
  blobs: BlobStore,
): Promise<Value | undefined> {
  const dataset = await findDataset(digest, blobs);
  return dataset?.kind === 'value' ? parse(dataset.value) : undefined;
}
