import { PlatformError } from '../kernel/errors.ts';
import type { KeyValue, ParamConflict, Run } from './model.ts';

export function keyValues(record: Readonly<Record<string, string>> = {}): readonly KeyValue[] {
  return Object.entries(record).map(([key, value]) => ({ key, value }));
}

export function valuesByKey<Value>(
  list: readonly { readonly key: string; readonly value: Value }[],
): Readonly<Record<string, Value>> {
  return Object.fromEntries(list.map(({ key, value }) => [key, value]));
}

export function tagOf({ tags }: Run, key: string): string | undefined {
  return tags.find((tag) => tag.key === key)?.value;
}

/** @throws PlatformError INPUT_INVALID naming the first param that has another value */
export function refuseConflicts([conflict]: readonly ParamConflict[]): void {
  if (!conflict) return;
  const remedy = `The run has ${JSON.stringify(conflict.old)} there, and a param is written once: start another run.`;
  throw new PlatformError('INPUT_INVALID', { field: `param ${conflict.key}`, value: conflict.new, remedy });
}
