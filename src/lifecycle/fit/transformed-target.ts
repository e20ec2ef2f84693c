import { readRows } from '../../data/table-reader.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { LookupDefinition, LookupResults } from '../../features/lookup.ts';
import { inputTable } from '../../pipeline/inputs.ts';
import type { OperationContext } from '../../pipeline/operation.ts';
import type { FeatureCode } from '../features/feature-code.ts';
import { openTaskLookups, lookUpRow } from '../features/lookups.ts';
import { acceptedRequest } from '../features/request-of.ts';
import type { TargetStep } from '../rows/training-rows.ts';
import { optionalCode } from '../version/version-code.ts';

type Step = (value: number, request: unknown, lookups: LookupResults) => unknown;

/** By how much `inverse` may miss the target, relative to its size. */
const tolerance = 1e-6;

/** The model's transform of each row's target, if the task has one. */
export function targetStep(
  context: OperationContext,
  { target, lookups }: { readonly target: string; readonly lookups: readonly LookupDefinition[] },
): TargetStep | undefined {
  if (!Object.hasOwn(context.spec.code, optionalCode.forward)) return undefined;
  return (truth) => transformTarget(truth, target, { context, definitions: lookups });
}

/**
 * What is learned instead of the target: `forward` of each row's target, with the row's request and lookups. NaN stays NaN, and
 * is that of rows that the request schema refuses.
 * @param truth the target of each row
 * @throws PlatformError USER_CODE_FAILED for a row whose `forward` is no finite number, or is not undone by `inverse`
 */
async function transformTarget(
  truth: Float64Array,
  name: string,
  {
    context,
    definitions,
  }: { readonly context: OperationContext; readonly definitions: readonly LookupDefinition[] },
): Promise<Float64Array> {
  const rows = await inputTable(context, 'rows');
  const [schema, forward, inverse, lookups] = await Promise.all([
    context.code<FeatureCode['request']>('request'),
    context.code<Step>(optionalCode.forward),
    context.code<Step>(optionalCode.inverse),
    openTaskLookups(definitions, context),
  ]);
  const learned = new Float64Array(truth.length).fill(Number.NaN);
  let at = 0;
  for await (const row of readRows<Readonly<Record<string, unknown>>>(rows, context.blobs)) {
    const value = truth[at] as number;
    const request = Number.isNaN(value) ? undefined : acceptedRequest(row, schema, at);
    if (request !== undefined) {
      const found = lookUpRow(lookups, { row, number: at, request });
      const result = forward(value, request, found);
      if (typeof result !== 'number' || !Number.isFinite(result))
        throw wrongStep(
          `row ${at + 1}, transform.forward of ${name} ${value}`,
          result,
          'must be a finite number',
        );
      const back = inverse(result, request, found);
      if (!isClose(back, value))
        throw wrongStep(
          `row ${at + 1}, transform.inverse of ${result}`,
          back,
          `must be ${value}, the ${name} from which transform.forward computed ${result}`,
        );
      learned[at] = result;
    }
    at += 1;
  }
  return learned;
}

function isClose(back: unknown, value: number): boolean {
  return typeof back === 'number' && Math.abs(back - value) <= tolerance * Math.max(1, Math.abs(value));
}

function wrongStep(field: string, value: unknown, remedy: string): PlatformError {
  return new PlatformError('USER_CODE_FAILED', { field, value, remedy });
}
