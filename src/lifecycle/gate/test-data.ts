import { type Digest, digestOfJson } from '../../kernel/digest.ts';
import type { Run } from '../../tracking/model.ts';
import { tagOf } from '../../tracking/run-entries.ts';

/** The tag of a model's run with the test data of its figures. */
export const testDataTag = 'modelyard.testData';

/** The test data of the figures that a run recorded; undefined for runs of earlier releases and of clients. */
export function recordedTestData(run: Run): string | undefined {
  return tagOf(run, testDataTag);
}

type Inputs = Readonly<Record<string, Digest>>;

/** Identifies the test rows of a model. Only figures of equal test data can be compared. */
export function testDataOf(inputs: Inputs, subsets = inputs['subsets']): Digest {
  return digestOfJson([inputs['rows'], subsets]);
}

/** Identifies the values that a forecast is tested on. */
export function testDataOfForecast(
  inputs: Inputs,
  { horizon, folds }: { readonly horizon: number; readonly folds: number },
): Digest {
  return digestOfJson([inputs['rows'], horizon, folds]);
}
