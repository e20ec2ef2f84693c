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
  /** Where its files are: the source, or what that stands for. */
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
 * What an import from another registry writes, with the numbers, times and stages that versions have there. As
 * `ImportStore`: one transaction each, to be repeated at will, notes with the things. No webhook is told.
 */
export interface RegistryImport {
  /** @returns false, and nothing is written, where a model of the name is here that is not of this source */
  putModel(model: ImportedModel, note: ImportNote): Promise<boolean>;
  /** @returns the same for a version. @throws PlatformError MODEL_NOT_FOUND */
  putVersion(version: ImportedVersion, note: ImportNote): Promise<boolean>;
  /** Points aliases to versions; the history tells which moved. @throws PlatformError MODEL_NOT_FOUND, VERSION_NOT_FOUND */
  putAliases(
    model: string,
    aliases: Readonly<Record<string, number>>,
    by: { readonly by: string; readonly at: number },
  ): Promise<void>;
}
