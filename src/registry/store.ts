import type { Digest } from '../kernel/digest.ts';
import type { Condition, Order } from '../tracking/search/ast.ts';
import type {
  Adoption,
  AliasMove,
  ModelVersion,
  NewAliasMove,
  NewModel,
  NewModelVersion,
  NewPipelineVersion,
  NewVerdict,
  PipelineVersion,
  RegisteredModel,
  Stage,
  TagOf,
  Verdict,
  VersionKey,
} from './model.ts';

/** What a search finds. */
export interface RegistryFilter {
  /** @default everything but prompts */
  readonly filter?: Condition;
  /** Only models, or versions of models, that have this text in their name, in any case of ASCII letters. @default any name */
  readonly contains?: string;
}

/** A page of a search. */
export interface RegistrySearch extends RegistryFilter {
  /** The first of them sorts first. @default models by name; versions by their last change, the latest first */
  readonly order?: readonly Order[];
  readonly limit: number;
  readonly offset: number;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Whether there is another page. */
  readonly more: boolean;
}

/** The author and time of a change. */
export interface ChangedBy {
  readonly by: string;
  readonly at: number;
}

/**
 * Models, versions, aliases and verdicts of the pipeline and of MLflow clients. Every method is one transaction, on disk
 * when it returns; its webhook events are queued in the same transaction. A missing model is MODEL_NOT_FOUND, a missing
 * version VERSION_NOT_FOUND.
 */
export interface RegistryStore {
  /** @throws PlatformError MODEL_EXISTS */
  createModel(model: NewModel): Promise<RegisteredModel>;
  findModel(name: string): Promise<RegisteredModel | undefined>;
  /** In order of name. */
  listModels(): Promise<readonly string[]>;
  describeModel(
    name: string,
    to: { readonly description: string; readonly at: number },
  ): Promise<RegisteredModel>;
  /** Renames its versions, tags, aliases, verdicts and history too. @throws PlatformError MODEL_EXISTS */
  renameModel(name: string, to: { readonly name: string; readonly at: number }): Promise<RegisteredModel>;
  /** Deletes a model with its versions, tags, aliases, verdicts and history. @returns the aliases that it had */
  deleteModel(name: string, by: ChangedBy): Promise<readonly AliasMove[]>;
  /**
   * Attributes: name, creation_timestamp, last_updated_timestamp (order: also timestamp). Prompts are found only when
   * the filter asks for the tag `mlflow.prompt.is_prompt` = 'true'; `!=` on that tag also finds models without it.
   */
  searchModels(search: RegistrySearch): Promise<Page<RegisteredModel>>;
  /** How many models `searchModels` finds on all its pages. */
  countModels(filter: RegistryFilter): Promise<number>;

  /** Assigns the next number. Numbers of deleted versions are not reused. */
  createVersion(version: NewModelVersion): Promise<ModelVersion>;
  /**
   * Registers a version that the pipeline trained, and its model if it is new. If the model already has a version with this
   * folder, returns that version and writes nothing.
   */
  register(version: NewPipelineVersion): Promise<PipelineVersion>;
  /**
   * Makes a version that a client registered one of the pipeline: with a folder that can be served, and metrics. Its source
   * does not change.
   */
  adopt(adoption: Adoption): Promise<PipelineVersion>;
  findVersion(key: VersionKey): Promise<ModelVersion | undefined>;
  /** In no order; unknown versions are left out. */
  findVersions(model: string, versions: readonly number[]): Promise<readonly ModelVersion[]>;
  /** The version that an alias points to. */
  findAliased(alias: Pick<AliasMove, 'model' | 'alias'>): Promise<ModelVersion | undefined>;
  /** The first version of a model with this folder; later ones are copies. */
  findByFolder(model: string, folder: Digest): Promise<PipelineVersion | undefined>;
  /** The latest first. */
  listPipelineVersions(model: string): Promise<readonly PipelineVersion[]>;
  describeVersion(
    key: VersionKey,
    to: { readonly description: string; readonly at: number },
  ): Promise<ModelVersion>;
  /** Also removes aliases that point to it, each with an entry in the history. @returns these moves */
  deleteVersion(key: VersionKey, by: ChangedBy): Promise<readonly AliasMove[]>;
  /** `archiveOthers` moves the other versions of the stage to 'Archived'. */
  moveToStage(
    key: VersionKey,
    to: { readonly stage: Stage; readonly archiveOthers: boolean; readonly at: number },
  ): Promise<ModelVersion>;
  /**
   * Attributes: name, run_id, source_path, version_number, creation_timestamp, last_updated_timestamp. Prompts as in
   * `searchModels`.
   */
  searchVersions(search: RegistrySearch): Promise<Page<ModelVersion>>;
  /** How many versions `searchVersions` finds on all its pages. */
  countVersions(filter: RegistryFilter): Promise<number>;

  setTag(tag: TagOf, value: string, at: number): Promise<void>;
  /** Deleting a missing tag is no error. */
  deleteTag(tag: TagOf, at: number): Promise<void>;

  /** The version number under each alias. */
  aliases(model: string): Promise<Readonly<Record<string, number>>>;
  /**
   * Points an alias to a version or removes it, and writes the history, if it points where the move says.
   * @returns the change; undefined if the alias already points there or is already unset
   * @throws PlatformError ALIAS_MOVED if the alias does not point to `move.from`; then nothing is written
   */
  moveAlias(move: NewAliasMove): Promise<AliasMove | undefined>;
  /** The latest first. @param most @default all of them */
  aliasHistory(model: string, alias: string, most?: number): Promise<readonly AliasMove[]>;
  /**
   * Writes a verdict and, if it promotes, makes the move, in one transaction.
   * @throws PlatformError ALIAS_MOVED, as `moveAlias`
   */
  decide(verdict: NewVerdict, move: AliasMove | undefined): Promise<Verdict>;
  /** The latest first. @param versions @default all */
  listVerdicts(model: string, versions?: readonly number[]): Promise<readonly Verdict[]>;
}
