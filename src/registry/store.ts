import type { Digest } from '../kernel/digest.ts';
import type { Condition, Order } from '../tracking/search/ast.ts';
import type {
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

/** A page of a search. */
export interface RegistrySearch {
  /** @default everything but prompts */
  readonly filter?: Condition;
  /** The first of them sorts first. @default models by name; versions by their last change, the latest first */
  readonly order?: readonly Order[];
  readonly limit: number;
  readonly offset: number;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Whether another page follows. */
  readonly more: boolean;
}

/** The person or client that makes a change, and when. */
export interface ChangedBy {
  readonly by: string;
  readonly at: number;
}

/**
 * Models, versions, aliases and verdicts, of the pipeline and of MLflow's clients alike. Every method is one transaction,
 * on disk when it returns; the events that webhooks wait for are queued in the same transaction. An unknown model is
 * MODEL_NOT_FOUND, an unknown version VERSION_NOT_FOUND.
 */
export interface RegistryStore {
  /** @throws PlatformError MODEL_EXISTS */
  createModel(model: NewModel): Promise<RegisteredModel>;
  findModel(name: string): Promise<RegisteredModel | undefined>;
  /** In the order of their names. */
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

  /** Gives the next number; the number of a deleted version is not given again. */
  createVersion(version: NewModelVersion): Promise<ModelVersion>;
  /**
   * Registers what the pipeline trained, and the model if it is new. A folder that the model has already answers with
   * the version that has it: nothing is written.
   */
  register(version: NewPipelineVersion): Promise<PipelineVersion>;
  findVersion(key: VersionKey): Promise<ModelVersion | undefined>;
  /** The version that an alias points to. */
  findAliased(alias: Pick<AliasMove, 'model' | 'alias'>): Promise<ModelVersion | undefined>;
  /** The first version of a model that has the folder; later ones are copies. */
  findByFolder(model: string, folder: Digest): Promise<PipelineVersion | undefined>;
  /** The latest first. */
  listPipelineVersions(model: string): Promise<readonly PipelineVersion[]>;
  describeVersion(
    key: VersionKey,
    to: { readonly description: string; readonly at: number },
  ): Promise<ModelVersion>;
  /** Removes the aliases that point to it, with an entry of the history for each. @returns these moves */
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

  setTag(tag: TagOf, value: string, at: number): Promise<void>;
  /** A tag that is not there is no error. */
  deleteTag(tag: TagOf, at: number): Promise<void>;

  /** The version number under each alias. */
  aliases(model: string): Promise<Readonly<Record<string, number>>>;
  /**
   * Points an alias to a version or removes it, if it points where the move says; the history gets an entry.
   * @returns what changed; absent for an alias that is there already, or not there to be removed
   * @throws PlatformError ALIAS_MOVED where the alias does not point to `move.from`: nothing is written
   */
  moveAlias(move: NewAliasMove): Promise<AliasMove | undefined>;
  /** The latest first. */
  aliasHistory(model: string, alias: string): Promise<readonly AliasMove[]>;
  /**
   * Writes a verdict and, where it promotes, makes the move: both or neither.
   * @throws PlatformError ALIAS_MOVED, as `moveAlias`
   */
  decide(verdict: NewVerdict, move: AliasMove | undefined): Promise<Verdict>;
  /** The latest first. @param versions @default all */
  listVerdicts(model: string, versions?: readonly number[]): Promise<readonly Verdict[]>;
}
