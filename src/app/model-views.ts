import type { AliasMoveView } from '../api/alias-views.ts';
import type { MetricView, ModelView, VerdictView, VersionView } from '../api/views.ts';
import type { RunId } from '../kernel/ids.ts';
import { warningsOf } from '../lifecycle/recording/run-warnings.ts';
import { recordedTestData, testDataTag } from '../lifecycle/gate/test-data.ts';
import type { Operation } from '../pipeline/operation.ts';
import type { Forecast } from '../project/models/forecast.ts';
import type { Model } from '../project/models/model.ts';
import type { Column } from '../project/tables/table.ts';
import type { ServedModel } from '../project/project.ts';
import {
  metricBetter,
  metricFormat,
  type MetricFormat,
  metricTitle,
  metricUnit,
} from '../registry/format-metric.ts';
import type { AliasMove, PipelineVersion, Verdict } from '../registry/model.ts';
import { formatFirstRule, formatRule } from '../registry/format-rule.ts';
import type { RegistryStore } from '../registry/store.ts';
import { formatVerdict, promoteCommandLine } from '../registry/format-verdict.ts';
import type { Endpoint } from '../serving/endpoint.ts';
import type { RunInfo } from '../tracking/model.ts';
import type { TrackingStores } from '../tracking/stores.ts';
import { listAll } from './list-runs.ts';

export interface ViewStores {
  readonly registry: RegistryStore;
  readonly tracking: TrackingStores;
  /** What tasks are described by. */
  readonly operations: readonly Operation[];
}

/** What figures of a model are formatted by: the model of a project file, or what a version says of a model that is gone. */
export type MeasuredModel = Pick<Model, 'name' | 'metrics'> &
  Partial<Pick<Model, 'measures'>> &
  (Pick<Model, 'rows' | 'target'> | Pick<Forecast, 'rows' | 'value'> | { readonly unit: string | null });

/** The unit of a model's target, from its column. */
export function targetUnit(model: MeasuredModel): string | null {
  if ('unit' in model) return model.unit;
  return targetColumn(model)?.unit ?? null;
}

/** The column that is predicted. */
export function targetColumn(
  model: Pick<Model, 'rows' | 'target'> | Pick<Forecast, 'rows' | 'value'>,
): Column | undefined {
  const target = 'target' in model ? model.target : model.value;
  return model.rows.table.schema.columns.find(({ name }) => name === target);
}

/** How metrics of a model are written. */
export function metricFormatOf(model: MeasuredModel): MetricFormat {
  return metricFormat(targetUnit(model) ?? undefined, model.measures);
}

export function metricViews(
  metrics: Readonly<Record<string, number>>,
  model: MeasuredModel,
): readonly MetricView[] {
  return [...model.metrics, ...Object.keys(model.measures ?? {})]
    .filter((name) => metrics[name] !== undefined)
    .map((name) => ({
      name,
      title: metricTitle(name),
      value: metrics[name] ?? Number.NaN,
      unit: metricUnit(name, targetUnit(model), model.measures),
      better: metricBetter(name, model.measures),
    }));
}

export function verdictView(verdict: Verdict, model: MeasuredModel): VerdictView {
  const command = promoteCommandLine(verdict.model, verdict.facts);
  return { ...verdict, summary: formatVerdict(verdict, metricFormatOf(model)), command };
}

/** @throws PlatformError what the stores throw */
export async function versionView(
  version: PipelineVersion,
  model: MeasuredModel,
  stores: ViewStores,
): Promise<VersionView> {
  const [verdicts, runs] = await Promise.all([
    stores.registry.listVerdicts(version.model, [version.version]),
    versionRuns([version], stores),
  ]);
  return viewOfVersion(version, model, { verdict: verdicts[0], ...runs.get(version.runId) });
}

interface VersionRun {
  /** The run of the pipeline, or of the client. */
  readonly run: RunInfo;
  readonly testData: string | undefined;
}

/** The run of each training run of some versions, and the test data that the training run recorded. */
async function versionRuns(
  versions: readonly PipelineVersion[],
  { tracking }: ViewStores,
): Promise<ReadonlyMap<RunId, VersionRun>> {
  const trainings = await tracking.runs.getInfos(versions.map(({ runId }) => runId));
  const parentIds = [...new Set(trainings.flatMap(({ parentId }) => parentId ?? []))];
  const [parents, measured] = await Promise.all([
    tracking.runs.getInfos(parentIds),
    listAll(tracking.runs, { parentIds, tag: testDataTag }),
  ]);
  const byId = new Map(parents.map((run) => [run.id, run]));
  const testData = new Map(measured.map((run) => [run.info.id, recordedTestData(run)]));
  return new Map(
    trainings.map((run) => [
      run.id,
      { run: (run.parentId && byId.get(run.parentId)) ?? run, testData: testData.get(run.id) },
    ]),
  );
}

/** The test data of a version's figures; of an earlier release's or a client's version as its verdict says. */
export function testDataOfVersion(recorded: string | undefined, verdict: Verdict | undefined): string | null {
  return recorded ?? verdict?.facts.testData ?? null;
}

function viewOfVersion(
  version: PipelineVersion,
  model: MeasuredModel,
  { verdict, run, testData }: { readonly verdict: Verdict | undefined } & Partial<VersionRun>,
): VersionView {
  return {
    model: version.model,
    version: version.version,
    aliases: version.aliases,
    runId: run?.id ?? version.runId,
    runName: run?.name ?? '',
    folder: version.folder,
    createdAt: version.createdAt,
    metrics: metricViews(version.metrics, model),
    testData: testDataOfVersion(testData, verdict),
    verdict: verdict ? verdictView(verdict, model) : null,
  };
}

/** What a first version must beat. */
function constantOf(model: ServedModel): Parameters<typeof formatFirstRule>[2] {
  if (model.kind === 'forecast') return { text: 'repeating the last season', hasStandardError: false };
  const constant = model.targetKind.kind === 'number' ? 'median or the mean' : 'shares of the classes';
  return { text: `always predicting the ${constant}`, hasStandardError: true };
}

/** How many versions a view carries; the live one is always among them. */
const mostVersions = 200;

export async function modelView(
  model: ServedModel,
  endpoint: Pick<Endpoint, 'current' | 'problem'> | undefined,
  stores: ViewStores,
): Promise<ModelView> {
  const { registry } = stores;
  const { alias } = model.promote;
  const [versions, history] = await Promise.all([
    registry.listPipelineVersions(model.name),
    registry.aliasHistory(model.name, alias),
  ]);
  const problem = endpoint?.problem();
  const aliased = versions.find(({ aliases }) => aliases.includes(alias))?.version;
  const live = problem ? endpoint?.current()?.version.version : aliased;
  const latest = versions.filter(({ version }, index) => index < mostVersions || version === live);
  const [verdicts, runs] = await Promise.all([
    registry.listVerdicts(
      model.name,
      latest.map(({ version }) => version),
    ),
    versionRuns(latest, stores),
  ]);
  const views = latest.map((version) => {
    const verdict = verdicts.find((each) => each.version === version.version);
    return viewOfVersion(version, model, { verdict, ...runs.get(version.runId) });
  });
  return {
    name: model.name,
    title: model.title,
    description: model.description ?? null,
    alias,
    rule:
      aliased === undefined
        ? formatFirstRule(model.promote, metricFormatOf(model), constantOf(model))
        : formatRule(model.promote, metricFormatOf(model)),
    live: views.find(({ version }) => version === live) ?? null,
    problem: problem ?? null,
    versions: views,
    versionCount: versions.length,
    warnings: await warningsOfVersion(latest.find(({ version }) => version === live) ?? latest[0], stores),
    history: history.map((move) => aliasMoveView(move, move.why ?? '')),
  };
}

async function warningsOfVersion(
  read: PipelineVersion | undefined,
  { tracking }: ViewStores,
): Promise<ModelView['warnings']> {
  const run = read && (await tracking.runs.get(read.runId));
  return run ? warningsOf(run).map((text) => ({ version: read.version, text })) : [];
}

export function aliasMoveView(
  { model, alias, from, to, by, movedAt }: AliasMove,
  why: string,
): AliasMoveView {
  return { model, alias, from: from ?? null, to: to ?? null, by, movedAt, why };
}
