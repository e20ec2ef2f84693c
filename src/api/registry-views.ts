import type { ErrorBody } from '../kernel/errors.ts';
import type { Stage } from '../registry/model.ts';
import type { MetricView, VerdictView } from './views.ts';

/** A registered model, of a client or of a project. */
export interface RegisteredModelRow {
  readonly name: string;
  readonly description: string;
  readonly tags: Readonly<Record<string, string>>;
  /** The version number of each alias, in order of alias. */
  readonly aliases: Readonly<Record<string, number>>;
  /** The highest version number; null without versions. */
  readonly latestVersion: number | null;
  /** The highest version number of each stage that versions are in, but 'None'. */
  readonly stages: Readonly<Partial<Record<Stage, number>>>;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface RegisteredModelsFound {
  readonly models: readonly RegisteredModelRow[];
  /** How many models the search finds on all its pages; null where it was not asked for. */
  readonly total: number | null;
  /** The offset of the next page; null on the last. */
  readonly next: number | null;
}

/** Where an alias points, since when, and where it would go back to. */
export interface AliasView {
  readonly alias: string;
  /** Null where it was removed and an endpoint follows it. */
  readonly version: number | null;
  /** The last move; null where the history has none. */
  readonly moved: { readonly at: number; readonly by: string; readonly why: string } | null;
  /** The version that a rollback leads to; null without an earlier one. */
  readonly previous: number | null;
}

/** The endpoint of this server that answers by versions of a model. */
export interface ServedView {
  readonly endpoint: string;
  readonly project: string;
  /** The alias that it follows. */
  readonly alias: string;
  /** The version that answers; null for none. */
  readonly version: number | null;
  /** Why it is not the version that the alias points to. */
  readonly problem: ErrorBody | null;
}

export interface RegisteredModelView extends RegisteredModelRow {
  readonly versionCount: number;
  /** In order of alias; at most 100. */
  readonly aliasList: readonly AliasView[];
  /** Null if no project of this server serves it. */
  readonly served: ServedView | null;
}

/** The run that a version comes from. */
export interface VersionRunView {
  readonly id: string;
  readonly name: string;
  /** '' where the client says nothing. */
  readonly user: string;
  readonly deleted: boolean;
}

/** A version of a registered model. */
export interface ModelVersionRow {
  readonly model: string;
  readonly version: number;
  readonly aliases: readonly string[];
  readonly stage: Stage;
  readonly description: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Null for a version without a run, and for one whose run is gone. */
  readonly run: VersionRunView | null;
  /** Measured on test rows, for a version of a project. */
  readonly metrics: readonly MetricView[];
  /** The latest. */
  readonly verdict: VerdictView | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface ModelVersionsFound {
  readonly versions: readonly ModelVersionRow[];
  /** The offset of the next page; null on the last. */
  readonly next: number | null;
}

export interface ModelVersionView extends ModelVersionRow {
  /** The id that the client gave, also of a run that is gone. */
  readonly runId: string | null;
  /** The address that the client gave. */
  readonly source: string;
  /** Where its files are. */
  readonly storage: string;
  /** A link that the client gave; '' without one. */
  readonly runLink: string;
  readonly loggedModelId: string | null;
  /** The latest first. */
  readonly verdicts: readonly VerdictView[];
  /** Null where the files are elsewhere or have none. */
  readonly signature: SignatureView | null;
}

/** What a model takes and returns, from its file MLmodel. */
export interface SignatureView {
  readonly inputs: readonly SignatureColumn[];
  readonly outputs: readonly SignatureColumn[];
  /** Of inference. */
  readonly params: readonly SignatureColumn[];
}

export interface SignatureColumn {
  /** '' for a tensor or a column without a name. */
  readonly name: string;
  /** 'double', 'array of string', 'tensor of float64 (-1, 3)'. */
  readonly type: string;
  readonly required: boolean;
  /** Of a param; null for none. */
  readonly default: string | null;
}
