import type { AliasMoveView, VerdictView, MetricView, ModelView, VersionView } from '../api/views.ts';
import type { Operation } from '../pipeline/operation.ts';
import type { Model } from '../project/model.ts';
import {
  metricBetter,
  metricFormat,
  type MetricFormat,
  metricTitle,
  metricUnit,
} from '../registry/format-metric.ts';
import type { Verdict, ModelVersion } from '../registry/model.ts';
import { formatRule } from '../registry/format-rule.ts';
import type { RegistryStore } from '../registry/store.ts';
import { formatVerdict } from '../registry/format-verdict.ts';
import type { Endpoint } from '../serving/endpoint.ts';
import type { TrackingStore } from '../tracking/store.ts';

export interface ViewStores {
  readonly registry: RegistryStore;
  readonly tracking: TrackingStore;
  /** What tasks are described by. */
  readonly operations: readonly Operation[];
}

/** The unit of a model's target, from its column. */
export function targetUnit(model: Model): string | null {
  return model.rows.table.schema.columns.find(({ name }) => name === model.target)?.unit ?? null;
}

function metricFormatOf(model: Model): MetricFormat {
  return metricFormat(targetUnit(model) ?? undefined);
}

export function metricViews(metrics: Readonly<Record<string, number>>, model: Model): readonly MetricView[] {
  return model.metrics
    .filter((name) => metrics[name] !== undefined)
    .map((name) => ({
      name,
      title: metricTitle(name),
      value: metrics[name] ?? Number.NaN,
      unit: metricUnit(name, targetUnit(model)),
      better: metricBetter(name),
    }));
}

export function verdictView(verdict: Verdict, model: Model): VerdictView {
  return { ...verdict, summary: formatVerdict(verdict, metricFormatOf(model)) };
}

export async function versionView(
  version: ModelVersion,
  model: Model,
  { registry, tracking }: ViewStores,
): Promise<VersionView> {
  const [aliases, [verdict], run] = await Promise.all([
    registry.aliases(version.model),
    registry.listVerdicts(version.model, version.version),
    tracking.findRun(version.runId),
  ]);
  const pipelineRun = run?.parentId ? await tracking.findRun(run.parentId) : run;
  return {
    model: version.model,
    version: version.version,
    aliases: Object.keys(aliases).filter((alias) => aliases[alias] === version.version),
    runId: pipelineRun?.id ?? version.runId,
    runName: pipelineRun?.name ?? '',
    folder: version.folder,
    createdAt: version.createdAt,
    metrics: metricViews(version.metrics, model),
    verdict: verdict ? verdictView(verdict, model) : null,
  };
}

/** How many versions a view carries; the live one is always among them. */
const mostVersions = 200;

export async function modelView(
  model: Model,
  endpoint: Pick<Endpoint, 'current' | 'problem'> | undefined,
  stores: ViewStores,
): Promise<ModelView> {
  const { registry } = stores;
  const { alias } = model.promote;
  const [versions, history] = await Promise.all([
    registry.listVersions(model.name),
    registry.aliasHistory(model.name, alias),
  ]);
  const problem = endpoint?.problem();
  const live = problem ? endpoint?.current()?.version.version : (await registry.aliases(model.name))[alias];
  const shown = versions.filter(({ version }, place) => place < mostVersions || version === live);
  const views = await Promise.all(shown.map((version) => versionView(version, model, stores)));
  return {
    name: model.name,
    title: model.title,
    description: model.description ?? null,
    alias,
    rule: formatRule(model.promote, metricFormatOf(model)),
    live: views.find(({ version }) => version === live) ?? null,
    problem: problem ?? null,
    versions: views,
    versionCount: versions.length,
    history: history.map((move): AliasMoveView => ({
      alias: move.alias,
      from: move.from ?? null,
      to: move.to,
      by: move.by,
      movedAt: move.movedAt,
    })),
  };
}
