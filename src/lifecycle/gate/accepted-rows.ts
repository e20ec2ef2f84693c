import type { Digest } from '../../kernel/digest.ts';
import type { ErrorCode } from '../../kernel/errors.ts';
import { requireFacts } from '../../pipeline/operation.ts';
import type { Model } from '../../project/models/model.ts';
import { type GateFacts, isEnoughToCompare } from '../../registry/gate.ts';
import { type Comparing, faultOrValue, inputOf, outputOf, runOnce } from './gate-tasks.ts';
import { viewTables } from '../features/lookups.ts';
import { accept } from '../operations/accept.ts';
import type { VersionManifest } from '../version/version-manifest.ts';

/** Test rows that the live version cannot predict. */
export type RefusedRows = NonNullable<GateFacts['refused']>;

interface LiveVersion {
  readonly folder: Digest;
  readonly manifest: VersionManifest;
}

interface TestRows {
  readonly subsets: Digest;
  readonly leftOut: number;
}

interface Measuring<Measured> {
  readonly comparing: Comparing;
  readonly measure: (subsets: Digest) => Promise<Measured>;
}

type Accepted<Measured> =
  | { readonly measured: Measured; readonly subsets: Digest; readonly refused?: RefusedRows }
  | { readonly fault: string };

/** Faults that can be those of single rows: a value that the version's schema or functions do not know. */
const faultsOfRows: ReadonlySet<ErrorCode> = new Set(['DATA_INVALID', 'USER_CODE_FAILED', 'INPUT_INVALID']);

/**
 * Measures the live version on the test rows that it can predict. It is measured on all of them first: the rows are only
 * tried one by one if that fails, or if the target has a class that it has not learned.
 */
export async function measureAccepted<Measured>(
  live: LiveVersion,
  { subsets, leftOut }: TestRows,
  { comparing, measure }: Measuring<Measured>,
): Promise<Accepted<Measured>> {
  const { model, signal } = comparing.input;
  const isNewClass = hasNewClass(live.manifest, model);
  if (!isNewClass) {
    const all = await faultOrValue(signal, () => measure(subsets));
    if ('value' in all) return { measured: all.value, subsets };
    if (!faultsOfRows.has(all.code)) return { fault: all.fault };
  }
  const tried = await faultOrValue(signal, () => tryRows(live, subsets, { comparing, isNewClass }));
  if ('fault' in tried) return { fault: tried.fault };
  const { rows, refused, reason, accepted } = tried.value;
  if (!isEnoughToCompare({ rows, leftOut: leftOut + refused }))
    return { fault: `it cannot predict ${refused} of the ${rows + refused} test rows: ${reason}` };
  const some = await faultOrValue(signal, () => measure(accepted));
  if ('fault' in some) return { fault: some.fault };
  return {
    measured: some.value,
    subsets: accepted,
    ...(reason !== null && { refused: { rows: refused, reason } }),
  };
}

function hasNewClass({ target }: VersionManifest, { targetKind }: Model): boolean {
  if (target.type.kind !== 'class' || targetKind.kind !== 'class') return false;
  const { classes } = target.type;
  return targetKind.classes.some((name) => !classes.includes(name));
}

interface TriedRows {
  readonly rows: number;
  readonly refused: number;
  readonly reason: string | null;
  readonly accepted: Digest;
}

async function tryRows(
  { folder, manifest: { code, lookups } }: LiveVersion,
  subsets: Digest,
  { comparing, isNewClass }: { readonly comparing: Comparing; readonly isNewClass: boolean },
): Promise<TriedRows> {
  const { spec, model } = comparing.input;
  const task = {
    operation: accept.name,
    code: { ...code },
    params: { lookups: [...lookups], column: isNewClass ? model.target : null },
    outputs: { subsets: { kind: 'table' } },
  } as const;
  const inputs = { rows: inputOf(spec, 'rows'), subsets, model: folder, ...viewTables(lookups, spec) };
  const result = await runOnce('accept', { ...task, inputs }, comparing);
  return { ...requireFacts(accept, result), accepted: outputOf(result, 'subsets') };
}
