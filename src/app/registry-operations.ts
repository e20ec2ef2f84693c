import type {
  AliasView,
  ModelVersionRow,
  ModelVersionView,
  RegisteredModelRow,
  ServedView,
} from '../api/registry-views.ts';
import type { Operations } from '../api/routes.ts';
import type { BlobStore } from '../data/blob-store.ts';
import { PlatformError } from '../kernel/errors.ts';
import { mapConcurrent } from '../kernel/map-concurrent.ts';
import { type AliasMove, type ModelVersion, promptTag, type RegisteredModel } from '../registry/model.ts';
import { rollbackTarget } from '../registry/rollback.ts';
import type { RegistryFilter, RegistryStore } from '../registry/store.ts';
import type { ArtifactStore } from '../tracking/artifacts/store.ts';
import { withDatasets } from '../tracking/artifacts/with-datasets.ts';
import type { RunInfo } from '../tracking/model.ts';
import { findModel, type Projects, required } from './hosted-models.ts';
import { type MeasuredModel, metricViews, verdictView, type ViewStores } from './model-views.ts';
import { readSignature } from './read-signature.ts';

export interface RegistryOperationDeps {
  readonly projects: Projects;
  readonly stores: ViewStores;
  readonly blobs: BlobStore;
  /** Without the files of datasets. */
  readonly artifacts: ArtifactStore;
}

type RegistryOperations = Pick<
  Operations,
  'listRegisteredModels' | 'getRegisteredModel' | 'listModelVersions' | 'getModelVersion'
>;

/** Aliases of one model whose history is read for its view. */
const mostAliases = 100;
const aliasesAtOnce = 8;
/** Of each alias, to find its last move and the version that a rollback leads to. */
const mostMoves = 200;

/** Registered models and their versions, of projects and of MLflow clients. */
export function registryOperations(deps: RegistryOperationDeps): RegistryOperations {
  const { projects, stores, blobs } = deps;
  const { registry, tracking } = stores;
  const artifacts = withDatasets(deps.artifacts, {
    blobs,
    datasetsOf: (run) => tracking.tasks.listDatasets(run),
  });
  return {
    async listRegisteredModels({ contains, order = 'name', limit, offset, count = false }) {
      const filter = contains === undefined || contains === '' ? {} : { contains };
      const latest = { entity: 'attribute', key: 'last_updated_timestamp', ascending: false } as const;
      const [{ items, more }, total] = await Promise.all([
        registry.searchModels({ ...filter, limit, offset, ...(order === 'updated' && { order: [latest] }) }),
        count ? registry.countModels(filter) : null,
      ]);
      return { models: items.map(modelRow), total, next: more ? offset + items.length : null };
    },
    async getRegisteredModel({ model: name }) {
      const model = await modelCalled(name, registry);
      const served = servedView(name, projects);
      const [versionCount, aliasList] = await Promise.all([
        registry.countVersions(versionsOf(model)),
        aliasViews(model, served, registry),
      ]);
      return { ...modelRow(model), versionCount, aliasList, served };
    },
    async listModelVersions({ model: name, limit, offset }) {
      const model = await modelCalled(name, registry);
      const order = [{ entity: 'attribute', key: 'version_number', ascending: false }] as const;
      const { items, more } = await registry.searchVersions({ ...versionsOf(model), order, limit, offset });
      return { versions: await versionRows(items, deps), next: more ? offset + items.length : null };
    },
    async getModelVersion({ model: name, version: number }) {
      await modelCalled(name, registry);
      const version = required(
        await registry.findVersion({ model: name, version: number }),
        'VERSION_NOT_FOUND',
        { field: 'version', value: number, remedy: `See the page of ${name} for the versions that it has.` },
      );
      const [[row], verdicts, signature] = await Promise.all([
        versionRows([version], deps),
        registry.listVerdicts(name, [number]),
        readSignature(version, artifacts),
      ]);
      if (!row) throw new TypeError('a version has no row');
      return versionView(row, version, { verdicts: verdictViews(verdicts, projects), signature });
    },
  };
}

/** @throws PlatformError MODEL_NOT_FOUND */
async function modelCalled(name: string, registry: RegistryStore): Promise<RegisteredModel> {
  const model = await registry.findModel(name);
  if (model) return model;
  const remedy = 'No model is registered under this name: look for it among the models.';
  throw new PlatformError('MODEL_NOT_FOUND', { field: 'model', value: name, remedy });
}

/** The versions of a model, also of a prompt, which a search leaves out unless it asks for prompts. */
function versionsOf({ name, tags }: RegisteredModel): RegistryFilter {
  const named = { kind: 'text', entity: 'attribute', key: 'name', comparator: '=', value: name } as const;
  if (tags[promptTag] !== 'true') return { filter: named };
  const prompts = { kind: 'text', entity: 'tag', key: promptTag, comparator: '=', value: 'true' } as const;
  return { filter: { kind: 'all', of: [named, prompts] } };
}

function modelRow({
  name,
  description,
  tags,
  aliases,
  latest,
  createdAt,
  updatedAt,
}: RegisteredModel): RegisteredModelRow {
  const numbers = latest.map(({ version }) => version);
  const staged = latest.filter(({ stage }) => stage !== 'None');
  return {
    name,
    description,
    tags,
    aliases,
    latestVersion: numbers.length > 0 ? Math.max(...numbers) : null,
    stages: Object.fromEntries(staged.map(({ stage, version }) => [stage, version])),
    createdAt,
    updatedAt,
  };
}

function servedView(name: string, projects: Projects): ServedView | null {
  const found = findModel(projects, name);
  if (!found) return null;
  const { endpoint, hosted } = found;
  return {
    endpoint: endpoint.name,
    project: hosted.plan.project.name,
    alias: endpoint.alias,
    version: endpoint.current()?.version.version ?? null,
    problem: endpoint.problem() ?? null,
  };
}

/** The aliases of a model, and the one that its endpoint follows even if it is unset. */
async function aliasViews(
  { name, aliases }: RegisteredModel,
  served: ServedView | null,
  registry: RegistryStore,
): Promise<readonly AliasView[]> {
  const names = new Set([...(served ? [served.alias] : []), ...Object.keys(aliases)]);
  const histories = await mapConcurrent([...names].slice(0, mostAliases), aliasesAtOnce, async (alias) => ({
    alias,
    moves: await registry.aliasHistory(name, alias, mostMoves),
  }));
  const moved = new Set(histories.flatMap(({ moves }) => moves.flatMap(({ to }) => to ?? [])));
  const found = await registry.findVersions(name, [...moved]);
  const there = new Set(found.map(({ version }) => version));
  return histories
    .map(({ alias, moves }) =>
      aliasView(alias, moves, { version: Object.hasOwn(aliases, alias) ? aliases[alias] : undefined, there }),
    )
    .toSorted((a, b) => (a.alias < b.alias ? -1 : 1));
}

function aliasView(
  alias: string,
  moves: readonly AliasMove[],
  { version, there }: { readonly version: number | undefined; readonly there: ReadonlySet<number> },
): AliasView {
  const [last] = moves;
  return {
    alias,
    version: version ?? null,
    moved: last ? { at: last.movedAt, by: last.by, why: last.why ?? '' } : null,
    previous: rollbackTarget(moves, (each) => there.has(each)) ?? null,
  };
}

async function versionRows(
  versions: readonly ModelVersion[],
  { projects, stores }: RegistryOperationDeps,
): Promise<readonly ModelVersionRow[]> {
  const [first] = versions;
  if (!first) return [];
  const [runs, verdicts] = await Promise.all([
    stores.tracking.runs.getInfos([...new Set(versions.flatMap(({ runId }) => runId ?? []))]),
    stores.registry.listVerdicts(
      first.model,
      versions.map(({ version }) => version),
    ),
  ]);
  const runOf = new Map<string, RunInfo>(runs.map((run) => [run.id, run]));
  return versions.map((version) => {
    const verdict = verdicts.find((each) => each.version === version.version);
    return {
      model: version.model,
      version: version.version,
      aliases: version.aliases,
      stage: version.stage,
      description: version.description,
      tags: version.tags,
      run: runViewOf(runOf.get(version.runId ?? '')),
      metrics: metricViews(version.metrics, measured(version, projects)),
      verdict: verdict ? verdictView(verdict, measured(version, projects)) : null,
      createdAt: version.createdAt,
      updatedAt: version.updatedAt,
    };
  });
}

function runViewOf(run: RunInfo | undefined): ModelVersionRow['run'] {
  return run ? { id: run.id, name: run.name, user: run.user, deleted: run.lifecycle === 'deleted' } : null;
}

/** What the figures of a version are written by: its model in a project here, or their names alone. */
function measured(
  { model, metrics }: Pick<ModelVersion, 'model' | 'metrics'>,
  projects: Projects,
): MeasuredModel {
  return findModel(projects, model)?.model ?? { name: model, metrics: Object.keys(metrics), unit: null };
}

function verdictViews(
  verdicts: Awaited<ReturnType<RegistryStore['listVerdicts']>>,
  projects: Projects,
): ModelVersionView['verdicts'] {
  return verdicts.map((verdict) =>
    verdictView(verdict, measured({ model: verdict.model, metrics: {} }, projects)),
  );
}

function versionView(
  row: ModelVersionRow,
  { runId, source, storage, runLink, loggedModelId }: ModelVersion,
  found: Pick<ModelVersionView, 'verdicts' | 'signature'>,
): ModelVersionView {
  return {
    ...row,
    runId: runId ?? null,
    source,
    storage,
    runLink,
    loggedModelId: loggedModelId ?? null,
    ...found,
  };
}
