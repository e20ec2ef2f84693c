import { PlatformError } from '../../kernel/errors.ts';

/**
 * Refuses a model that this build opens and that does not predict what its library predicts, bit for bit.
 * @param theirs of the same rows
 */
export function requireEqualPredictions(
  ours: Float32Array | Float64Array,
  theirs: Float32Array | Float64Array,
  { library, outputs }: { readonly library: string; readonly outputs: number },
): void {
  const count = Math.max(ours.length, theirs.length);
  for (let at = 0; at < count; at++) {
    if (Object.is(ours[at], theirs[at])) continue;
    throw new PlatformError('MODEL_UNSUPPORTED', {
      field: `prediction of ${library} for validation row ${Math.floor(at / outputs)}`,
      value: theirs[at],
      remedy: `Modelyard predicts ${ours[at]} with the same model, so it does not serve it: use boostedTrees(), and report this.`,
    });
  }
}
