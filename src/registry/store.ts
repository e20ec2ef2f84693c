import type { Digest } from '../kernel/digest.ts';
import type { AliasMove, Verdict, ModelVersion, NewVerdict, NewVersion } from './model.ts';

/** Versions, aliases and verdicts. Every method is one transaction, on disk when it returns. */
export interface RegistryStore {
  /** Gives the next number. A folder that the model has already answers with that version: nothing is written. */
  register(version: NewVersion): Promise<ModelVersion>;
  findVersion(model: string, version: number): Promise<ModelVersion | undefined>;
  findByFolder(model: string, folder: Digest): Promise<ModelVersion | undefined>;
  /** The latest first. */
  listVersions(model: string): Promise<readonly ModelVersion[]>;
  /** In the order of their names. */
  listModels(): Promise<readonly string[]>;
  /** The version number under each alias. */
  aliases(model: string): Promise<Readonly<Record<string, number>>>;
  /**
   * Writes a verdict and, where it promotes, moves the alias: both or neither.
   * @throws PlatformError ALIAS_MOVED when the alias is not at `move.from` any more; VERSION_NOT_FOUND
   */
  decide(verdict: NewVerdict, move: AliasMove | undefined): Promise<Verdict>;
  /** Moves an alias by hand. @throws PlatformError ALIAS_MOVED, VERSION_NOT_FOUND */
  moveAlias(move: AliasMove): Promise<void>;
  /** The latest first; of one version where it is given. */
  listVerdicts(model: string, version?: number): Promise<readonly Verdict[]>;
  /** The latest first. */
  aliasHistory(model: string, alias: string): Promise<readonly AliasMove[]>;
}
