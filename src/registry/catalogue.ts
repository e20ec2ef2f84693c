import type { Condition, Order } from '../tracking/search/ast.ts';
import type {
  AliasChange,
  CatalogueVersion,
  NewCatalogueVersion,
  NewModel,
  RegisteredModel,
  Stage,
  TagOf,
  VersionKey,
} from './catalogue-model.ts';

/** A part of what a search finds. */
export interface CatalogueSearch {
  /** @default everything that is no prompt */
  readonly filter?: Condition;
  /** What decides first comes first. @default models by name; versions by their last change, the latest first */
  readonly order?: readonly Order[];
  readonly limit: number;
  readonly offset: number;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Whether there is more behind them. */
  readonly more: boolean;
}

/**
 * All models and versions, whoever registered them, as a registry of MLflow has them. The pipeline's own view of the
 * same rows is `RegistryStore`. Every method is one transaction, on disk when it returns, and what webhooks wait for is
 * queued for them in it. A model that is not there is MODEL_NOT_FOUND, a version that is not VERSION_NOT_FOUND.
 */
export interface ModelCatalogue {
  /** @throws PlatformError MODEL_EXISTS */
  createModel(model: NewModel): Promise<RegisteredModel>;
  findModel(name: string): Promise<RegisteredModel | undefined>;
  describeModel(
    name: string,
    to: { readonly description: string; readonly at: number },
  ): Promise<RegisteredModel>;
  /** Versions, tags, aliases, verdicts and the history go with it. @throws PlatformError MODEL_EXISTS */
  renameModel(name: string, to: { readonly name: string; readonly at: number }): Promise<RegisteredModel>;
  /** Deletes a model with all that belongs to it, its history too. @returns the aliases that it had */
  deleteModel(
    name: string,
    by: { readonly by: string; readonly at: number },
  ): Promise<readonly AliasChange[]>;
  /**
   * Attributes: name, creation_timestamp, last_updated_timestamp (order: also timestamp). Prompts are found only when
   * the filter asks for the tag `mlflow.prompt.is_prompt` = 'true'; `!=` on that tag also finds models without it.
   */
  searchModels(search: CatalogueSearch): Promise<Page<RegisteredModel>>;

  /** Gives the next number; one of a deleted version is not given again. */
  createVersion(version: NewCatalogueVersion): Promise<CatalogueVersion>;
  findVersion(key: VersionKey): Promise<CatalogueVersion | undefined>;
  /** The version that an alias points to. */
  findAliased(alias: {
    readonly model: string;
    readonly alias: string;
  }): Promise<CatalogueVersion | undefined>;
  describeVersion(
    key: VersionKey,
    to: { readonly description: string; readonly at: number },
  ): Promise<CatalogueVersion>;
  /** Aliases that point to it are taken away, which the history tells. @returns these */
  deleteVersion(
    key: VersionKey,
    by: { readonly by: string; readonly at: number },
  ): Promise<readonly AliasChange[]>;
  /** `archiveOthers` moves whatever else is at the stage to 'Archived'. */
  moveToStage(
    key: VersionKey,
    to: { readonly stage: Stage; readonly archiveOthers: boolean; readonly at: number },
  ): Promise<CatalogueVersion>;
  /**
   * Attributes: name, run_id, source_path, version_number, creation_timestamp, last_updated_timestamp. Prompts as in
   * `searchModels`.
   */
  searchVersions(search: CatalogueSearch): Promise<Page<CatalogueVersion>>;

  setTag(tag: TagOf, value: string, at: number): Promise<void>;
  /** A tag that is not there is no error. */
  deleteTag(tag: TagOf, at: number): Promise<void>;

  /** Points an alias to a version, wherever it pointed before; the history tells it. @returns what changed, if anything */
  putAlias(
    alias: VersionKey & { readonly alias: string },
    by: { readonly by: string; readonly at: number },
  ): Promise<AliasChange | undefined>;
  /** @returns what changed; absent for an alias that is not there */
  removeAlias(
    alias: { readonly model: string; readonly alias: string },
    by: { readonly by: string; readonly at: number },
  ): Promise<AliasChange | undefined>;
  /** Every move and removal, the latest first. */
  aliasChanges(model: string, alias: string): Promise<readonly AliasChange[]>;
}
