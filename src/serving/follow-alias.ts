import type { BlobStore } from '../data/blob-store.ts';
import type { Clock } from '../kernel/clock.ts';
import { closingOnError } from '../kernel/closers.ts';
import { type ErrorBody, PlatformError } from '../kernel/errors.ts';
import { canonicalJson } from '../kernel/json.ts';
import type { Log } from '../kernel/log.ts';
import type { Meter } from '../kernel/meter.ts';
import { asPipelineVersion, type PipelineVersion } from '../registry/model.ts';
import type { Python } from '../project/python.ts';
import type { RegistryStore } from '../registry/store.ts';
import { isLoss, lostFiles } from '../lifecycle/version/version-folder.ts';
import type { OnlineLookups, OnlineViews } from './online-views.ts';
import { type LoadCode, type LoadedVersion, openVersion, type ServedVersion } from './version.ts';

export interface FollowDeps {
  readonly blobs: BlobStore;
  readonly registry: RegistryStore;
  readonly loadCode: LoadCode;
  readonly log: Log;
  readonly meter: Meter;
  readonly now: Clock;
  readonly views: OnlineViews;
  /** Python beside Modelyard. @default models that need it are not served */
  readonly python?: Python;
}

/** The followed alias and model, and the endpoint's project. */
export interface Followed {
  readonly project: string;
  readonly model: string;
  readonly alias: string;
  /** Called when another version or newer tables of its views have taken over, or the endpoint is no longer served. */
  readonly changed: () => void;
}

/** The version served under an alias. */
export interface Following {
  /** Absent until one is live and loaded, and after the alias is removed. */
  current(): ServedVersion | undefined;
  /** Why the served version is not the alias's version, or why nothing is served. */
  problem(): ErrorBody | undefined;
  /**
   * Serves the version that the alias points to. A new version is loaded and warmed up beside the old one, and takes over
   * between two requests; if it cannot be served, the old one stays. So do newer tables of its views: a table that lacks what
   * the version needs leaves the copy before in place. If the alias is deleted, nothing is served. Overlapping calls run one
   * after another, so that the last one wins.
   * @throws PlatformError MODEL_UNSUPPORTED, VERSION_DAMAGED, USER_CODE_FAILED if the version cannot be served
   */
  refresh(): Promise<void>;
  /**
   * Opens a version for a caller alone, who disposes of it: it predicts the same whatever the alias does meanwhile.
   * @throws PlatformError VERSION_NOT_FOUND if it was deleted; as `refresh`
   */
  open(version: Pick<PipelineVersion, 'version' | 'folder'>): Promise<ServedVersion & AsyncDisposable>;
  /** Ends what the served version runs beside this process. */
  close(): Promise<void>;
}

export function followAlias(followed: Followed, deps: FollowDeps): Following {
  const { project, model, alias } = followed;
  let served: ServedVersion | undefined;
  let problem: ErrorBody | undefined;
  let refreshing: Promise<void> = Promise.resolve();
  let lastLoss: { readonly loss: string; readonly files: readonly string[] } | undefined;

  /** Reads all files of the version, so it does so once for each loss. */
  const listLost = async ({ folder }: PipelineVersion, error: PlatformError): Promise<readonly string[]> => {
    const loss = canonicalJson([folder, error.code, String(error.detail.value)]);
    if (lastLoss?.loss !== loss) lastLoss = { loss, files: await lostFiles(folder, deps.blobs) };
    return lastLoss.files;
  };

  const replace = (next: ServedVersion | undefined): void => {
    if (served) deps.meter.set('modelyard_model_info', infoLabels(served, alias), 0);
    if (next) deps.meter.set('modelyard_model_info', infoLabels(next, alias), 1);
    const before = served?.predictor;
    served = next;
    if (before && before !== next?.predictor)
      before
        .close?.()
        .catch((error: unknown) => deps.log.warn('a version did not end', { error: String(error) }));
    followed.changed();
  };
  const leave = (): void => {
    if (!served) return;
    deps.log.warn('its alias was deleted: the endpoint is no longer served', { endpoint: model, alias });
    replace(undefined);
  };
  const newestViews = ({ manifest }: LoadedVersion): Promise<OnlineLookups> =>
    deps.views.newest(manifest.lookups).catch((error: unknown) => {
      throw withMeanwhile(error, served);
    });
  const refreshViews = async (current: ServedVersion): Promise<void> => {
    const online = await newestViews(current);
    if (canonicalJson(online.tables) === canonicalJson(current.online.tables)) return;
    replace({ ...current, online });
    deps.log.info('newer tables of views took over', { endpoint: model });
  };
  const openReady = (version: PipelineVersion): Promise<ServedVersion> =>
    closingOnError(async (closers) => {
      const loaded = await openVersion(version, deps).catch(async (error: unknown) => {
        throw isLoss(error)
          ? damaged(followed, { version, served, error, lost: await listLost(version, error) })
          : error;
      });
      closers.defer(async () => loaded.predictor.close?.());
      const online = await newestViews(loaded);
      await loaded.predictor.warmUp();
      return { ...loaded, online };
    });
  const follow = async (): Promise<void> => {
    const number = (await deps.registry.aliases(model))[alias];
    if (number === undefined) return leave();
    const version = asPipelineVersion(await deps.registry.findVersion({ model, version: number }));
    if (!version) throw notOurs(followed, number, served);
    if (served && isSame(served.version, version)) return refreshViews(served);
    const startedAt = deps.now();
    const opened = await openReady(version);
    const labels = { model, version: String(number) };
    deps.meter.observe('modelyard_model_load_duration_seconds', labels, (deps.now() - startedAt) / 1000);
    lastLoss = undefined;
    replace(opened);
    deps.log.info('a version took over', { endpoint: model, ...labels });
  };
  const refresh = async (): Promise<void> => {
    try {
      await follow();
      problem = undefined;
    } catch (error) {
      problem = bodyOf(error, followed);
      throw error;
    } finally {
      deps.meter.set('modelyard_endpoint_behind_alias', { project, model, alias }, problem ? 1 : 0);
    }
  };

  return {
    current: () => served,
    problem: () => problem,
    refresh() {
      refreshing = refreshing.then(refresh, refresh);
      return refreshing;
    },
    async open({ version: number, folder }) {
      const version = asPipelineVersion(await deps.registry.findVersion({ model, version: number }));
      if (version?.folder !== folder) throw deletedVersion(model, number);
      const opened = await openReady(version);
      return { ...opened, [Symbol.asyncDispose]: async () => opened.predictor.close?.() };
    },
    async close() {
      await refreshing.catch(() => {});
      await served?.predictor.close?.();
    },
  };
}

function deletedVersion(model: string, version: number): PlatformError {
  const remedy =
    'It was deleted from the model registry: send the file again for the version that is live now.';
  return new PlatformError('VERSION_NOT_FOUND', { field: `version of ${model}`, value: version, remedy });
}

/** A model that was deleted and created again starts its version numbers again. */
function isSame(served: PipelineVersion, version: PipelineVersion): boolean {
  return (
    served.version === version.version &&
    served.folder === version.folder &&
    served.createdAt === version.createdAt
  );
}

function infoLabels({ version }: ServedVersion, alias: string): Readonly<Record<string, string>> {
  return {
    model: version.model,
    version: String(version.version),
    digest: version.folder.slice(0, 12),
    alias,
  };
}

function bodyOf(error: unknown, { model, alias }: Followed): ErrorBody {
  if (error instanceof PlatformError) return error.toJSON();
  const remedy = 'The version could not be loaded: see the server log.';
  return new PlatformError('INTERNAL', { field: `${model}@${alias}`, value: String(error), remedy }).toJSON();
}

interface Damaged {
  readonly version: PipelineVersion;
  readonly served: ServedVersion | undefined;
  readonly error: PlatformError;
  readonly lost: readonly string[];
}

function damaged({ model, alias }: Followed, { version, served, error, lost }: Damaged): PlatformError {
  const { code, detail } = error;
  const remedy =
    code === 'BLOB_NOT_FOUND' ? detail.remedy : 'Run `modelyard run`: it creates the lost files again.';
  return new PlatformError('VERSION_DAMAGED', {
    field: `${model}@${alias}`,
    value: `version ${version.version} lost ${lost.join(', ')}`,
    remedy: `${remedy}${meanwhile(served)}`,
  });
}

/** Says that the endpoint still serves the version and the copies before. */
function withMeanwhile(error: unknown, served: ServedVersion | undefined): unknown {
  if (!(error instanceof PlatformError) || !served) return error;
  const { code, detail, cause } = error;
  const views = served.manifest.lookups.length > 0 ? ' with the tables that it had' : '';
  const remedy = `${detail.remedy.replace(/\.?$/, '.')}${meanwhile(served, views)}`;
  return new PlatformError(code, { ...detail, remedy }, { cause });
}

function meanwhile(served: ServedVersion | undefined, how = ''): string {
  return served ? ` Version ${served.version.version} serves meanwhile${how}.` : '';
}

function notOurs(
  { model, alias }: Followed,
  number: number,
  served: ServedVersion | undefined,
): PlatformError {
  return new PlatformError('MODEL_UNSUPPORTED', {
    field: `${model}@${alias}`,
    value: `version ${number}`,
    remedy: `A client registered this version, and Modelyard only serves versions that its pipeline trained: move the alias to one of those, or to a copy.${meanwhile(served)}`,
  });
}
