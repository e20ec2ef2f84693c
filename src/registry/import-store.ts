import type { ImportNote } from '../tracking/import-store.ts';
import type { Stage } from './model.ts';

export interface ImportedModel {
  readonly name: string;
  readonly description: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface ImportedVersion {
  readonly model: string;
  readonly version: number;
  readonly source: string;
  /** The URI of its files: the source, or the URI that it resolves to. */
  readonly storage: string;
  readonly runId: string | undefined;
  readonly runLink: string;
  readonly loggedModelId: string | undefined;
  readonly description: string;
  readonly stage: Stage;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/**
 * Writes models and versions of another registry with the numbers, times and stages of the source. As in `ImportStore`,
 * every method is one transaction that can be repeated, and notes are written with their entities. No webhook events are
 * queued.
 */
export interface RegistryImport {
  /** @returns false without writing if a model with this name exists and is not from this source */
  putModel(model: ImportedModel, note: ImportNote): Promise<boolean>;
  /** @returns false without writing if a version with this number exists and is not from this source. @throws PlatformError MODEL_NOT_FOUND */
  putVersion(version: ImportedVersion, note: ImportNote): Promise<boolean>;
  /** Points aliases to versions; moves are written to the history. @throws PlatformError MODEL_NOT_FOUND, VERSION_NOT_FOUND */
  putAliases(
    model: string,
    aliases: Readonly<Record<string, number>>,
    by: { readonly by: string; readonly at: number },
  ): Promise<void>;
}
