import type { z } from 'zod';
import type { ModelReportView } from '../api/report-views.ts';
import type { Operations } from '../api/routes.ts';
import type { BlobStore } from '../data/blob-store.ts';
import { findDataset } from '../data/dataset.ts';
import type { Digest } from '../kernel/digest.ts';
import { evaluateForecast } from '../lifecycle/forecasting/evaluate-operation.ts';
import { forecastReportSchema } from '../lifecycle/forecasting/forecast-report-schema.ts';
import { gateForecast } from '../lifecycle/forecasting/gate-operation.ts';
import { learningCurveSchema } from '../lifecycle/fit/learning-curve.ts';
import { evaluate } from '../lifecycle/operations/evaluate.ts';
import { train } from '../lifecycle/operations/train.ts';
import { reportSchema } from '../lifecycle/measure/report-schema.ts';
import type { Forecast } from '../project/models/forecast.ts';
import type { Model } from '../project/models/model.ts';
import type { RunTask } from '../tracking/run-task-store.ts';
import { absentParts } from './absent-parts.ts';
import { forecastReportView } from './forecast-report-view.ts';
import { gatedIn } from './gated.ts';
import type { Projects } from './hosted-models.ts';
import type { ViewStores } from './model-views.ts';
import { projectRun } from './project-run.ts';
import { reportView } from './report-view.ts';

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
      return {
        models: await Promise.all(
          tasks.filter(hasReport).map(({ operation, declared: { kind, name } }) => {
            const measured = {
              tasks: tasks.filter(({ declared }) => declared.kind === kind && declared.name === name),
              blobs,
            };
            if (operation === evaluateForecast.name || operation === gateForecast.name) {
              const forecast = project.forecasts.find((each) => each.name === name);
              return forecastReport(name, { ...measured, forecast });
            }
            return modelReport(name, {
              ...measured,
              model: project.models.find((each) => each.name === name),
            });
          }),
        ),
      };
    },
  };
}

/** Whether a task measured a version. The gate measures one that was trained elsewhere. */
function hasReport(task: RunTask): boolean {
  const { operation, status } = task;
  if (status !== 'done' && status !== 'hit') return false;
  if (operation === evaluate.name || operation === evaluateForecast.name) return true;
  return typeof gatedIn([task])?.report === 'string';
}

interface Measured {
  /** Of the model. */
  readonly tasks: readonly RunTask[];
  readonly blobs: BlobStore;
}

/** `model` is absent if the project file does not have it any more. */
async function modelReport(
  name: string,
  { model, ...measured }: Measured & { readonly model: Model | undefined },
): Promise<ModelReportView> {
  const { stored, compared, gated } = await readReports(measured, {
    evaluation: evaluate.name,
    schema: reportSchema,
  });
  const curve = outputOf(measured.tasks, train.name, 'learning');
  const learning = await readValue(curve, learningCurveSchema.nullable(), measured.blobs);
  const report = stored
    ? reportView(stored, { model, version: gated?.version ?? null, champion: compared })
    : null;
  const parts = { report, forecast: null, learning: learning ?? null };
  const trained = { isExternal: typeof gated?.report === 'string', fitsOnce: learning === null };
  return { model: name, ...parts, absent: absentParts(parts, trained) };
}

/** `forecast` is absent if the project file does not have it any more. */
async function forecastReport(
  name: string,
  { forecast, ...measured }: Measured & { readonly forecast: Forecast | undefined },
): Promise<ModelReportView> {
  const { stored, compared, gated } = await readReports(measured, {
    evaluation: evaluateForecast.name,
    schema: forecastReportSchema,
  });
  const view = stored
    ? forecastReportView(stored, { forecast, version: gated?.version ?? null, champion: compared })
    : null;
  return { model: name, report: null, forecast: view, learning: null, absent: [] };
}

function outputOf(tasks: readonly RunTask[], operation: string, output: string): Digest | undefined {
  return tasks.find((task) => task.operation === operation)?.outputs[output];
}

interface ReadReports<Report> {
  readonly gated: ReturnType<typeof gatedIn>;
  readonly stored: Report | undefined;
  readonly compared?: { readonly version: number; readonly report: Report };
}

/** The reports of both versions about the same rows; if one of them cannot be read, that of the version alone. */
async function readReports<Report>(
  { tasks, blobs }: Measured,
  { evaluation, schema }: { readonly evaluation: string; readonly schema: z.ZodType<Report> },
): Promise<ReadReports<Report>> {
  const gated = gatedIn(tasks);
  const { reports } = gated ?? {};
  const alone = outputOf(tasks, evaluation, 'report') ?? gated?.report ?? undefined;
  const [candidate, champion, stored] = await Promise.all(
    [reports?.candidate, reports?.champion, alone].map((digest) => readValue(digest, schema, blobs)),
  );
  return reports && candidate && champion
    ? { gated, stored: candidate, compared: { version: reports.version, report: champion } }
    : { gated, stored };
}

/** A stored value; undefined if it was removed, or another release wrote it. */
async function readValue<Value>(
  digest: Digest | undefined,
  schema: z.ZodType<Value>,
  blobs: BlobStore,
): Promise<Value | undefined> {
  const dataset = await findDataset(digest, blobs);
  return dataset?.kind === 'value' ? schema.safeParse(dataset.value).data : undefined;
}
