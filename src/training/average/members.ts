import type { Predictor } from '../../project/models/predictor.ts';
import type {
  FitContext,
  Fitted,
  OpenContext,
  TrainerDefinition,
  TrainerOptions,
  TrainingSubsets,
} from '../../project/models/trainer.ts';
import type { Weighted } from './combine.ts';
import { joinFitted, openAverage } from './parts.ts';

/** One model of an ensemble: the same trainer with other options. */
export interface EnsembleMember {
  readonly options: TrainerOptions;
  /** Shares of all members sum to 1. */
  readonly share: number;
}

/** Fits each member on the same rows, in a folder of its own. */
export async function fitMembers(
  definition: TrainerDefinition,
  members: readonly EnsembleMember[],
  { rows, context }: { readonly rows: TrainingSubsets; readonly context: FitContext },
): Promise<Fitted> {
  const fitted: Weighted<Fitted>[] = [];
  for (const { options, share } of members)
    fitted.push({ share, of: await definition.fit(options, rows, context) });
  return { ...joinFitted(fitted), fittedParams: { members: members.length } };
}

/** Opens the files of `fitMembers`. */
export async function openMembers(
  definition: TrainerDefinition,
  shares: readonly number[],
  {
    read,
    parts,
    context = {},
  }: {
    readonly read: (name: string) => Promise<Uint8Array>;
    readonly parts: readonly TrainerDefinition[];
    readonly context?: OpenContext;
  },
): Promise<Predictor> {
  return openAverage(
    shares.map((share) => ({ share, of: definition })),
    read,
    { parts, ...context },
  );
}
