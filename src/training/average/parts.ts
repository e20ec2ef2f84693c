import { recordValue } from '../../kernel/record-value.ts';
import { closingOnError } from '../../kernel/closers.ts';
import type { Prediction } from '../../project/models/prediction.ts';
import type { Explanation, Predictor } from '../../project/models/predictor.ts';
import type { Fitted, ModelFile, OpenContext, TrainerDefinition } from '../../project/models/trainer.ts';
import { averageExplanations, averagePredictions, type Weighted } from './combine.ts';

/** Where the files of a part are in the model's folder. */
function partFolder(index: number): string {
  return `part-${index}/`;
}

/** Files, importances and held-out predictions of fitted parts as those of one model. */
export function joinFitted(parts: readonly Weighted<Fitted>[]): Fitted {
  const files = parts.flatMap(({ of }, index): readonly ModelFile[] =>
    of.files.map(({ name, bytes }) => ({ name: `${partFolder(index)}${name}`, bytes })),
  );
  const importances = averageImportances(parts);
  const heldOut = averageHeldOut(parts);
  const packages = Object.assign({}, ...parts.map(({ of }) => of.packages)) as Record<string, string>;
  return {
    files,
    ...(importances && { importances }),
    ...(Object.keys(packages).length > 0 && { packages }),
    ...(heldOut && { heldOut }),
  };
}

/** Opens the files of `joinFitted`, each part by its own definition. */
export async function openAverage(
  parts: readonly Weighted<Pick<TrainerDefinition, 'open'>>[],
  read: (name: string) => Promise<Uint8Array>,
  { parts: inner, ...context }: OpenContext & { readonly parts?: readonly TrainerDefinition[] } = {},
): Promise<Predictor> {
  return closingOnError(async (closers) => {
    const opening = parts.map(async ({ share, of }, index) => {
      const predictor = await of.open((name) => read(`${partFolder(index)}${name}`), inner, context);
      closers.defer(async () => predictor.close?.());
      return { share, of: predictor };
    });
    // A part that opens after another failed is closed too.
    await Promise.allSettled(opening);
    return averagePredictor(await Promise.all(opening));
  });
}

/** One predictor of several, whose features are those of any part. */
function averagePredictor(parts: readonly Weighted<Predictor>[]): Predictor {
  const features = [...new Set(parts.flatMap(({ of }) => of.features))];
  const closing = parts.flatMap(({ of }) => (of.close ? [of] : []));
  const canExplain = parts.every(({ of }) => of.explain);
  return {
    features,
    async predict(rows) {
      const each = await Promise.all(
        parts.map(async ({ share, of }) => ({ share, of: await of.predict(rows) })),
      );
      return acrossParts(each).map(averagePredictions);
    },
    ...(closing.length > 0 && {
      async close() {
        await Promise.all(closing.map(async (each) => each.close?.()));
      },
    }),
    ...(canExplain && {
      async explain(rows) {
        const each = await Promise.all(
          parts.map(async ({ share, of }) => ({
            share,
            of: ((await of.explain?.(rows)) ?? []).map((one) => inOrder(one, of.features, features)),
          })),
        );
        return acrossParts(each).map(averageExplanations);
      },
    }),
  };
}

/** From rows by part to parts by row. */
function acrossParts<Value>(
  parts: readonly Weighted<readonly Value[]>[],
): readonly (readonly Weighted<Value>[])[] {
  const rows = parts[0]?.of.length ?? 0;
  return Array.from({ length: rows }, (_, row) =>
    parts.map(({ share, of }) => ({ share, of: of[row] as Value })),
  );
}

/** A part can have the features in another order. */
function inOrder(explanation: Explanation, from: readonly string[], to: readonly string[]): Explanation {
  const move = (contributions: Float64Array): Float64Array =>
    Float64Array.from(to, (name) => contributions[from.indexOf(name)] ?? 0);
  if (!('classes' in explanation)) return { ...explanation, contributions: move(explanation.contributions) };
  return {
    ...explanation,
    classes: explanation.classes.map((one) => ({ ...one, contributions: move(one.contributions) })),
  };
}

function averageHeldOut(parts: readonly Weighted<Fitted>[]): readonly Prediction[] | undefined {
  const each = parts.flatMap(({ share, of: { heldOut } }) => (heldOut ? [{ share, of: heldOut }] : []));
  return each.length === parts.length ? acrossParts(each).map(averagePredictions) : undefined;
}

function averageImportances(
  parts: readonly Weighted<Fitted>[],
): Readonly<Record<string, number>> | undefined {
  const each = parts.flatMap(({ share, of: { importances } }) =>
    importances ? [{ share, importances }] : [],
  );
  const total = each.reduce((sum, { share }) => sum + share, 0);
  if (total === 0) return undefined;
  const names = [...new Set(each.flatMap(({ importances }) => Object.keys(importances)))];
  return Object.fromEntries(
    names.map((name) => [
      name,
      each.reduce(
        (sum, { share, importances }) => sum + (share / total) * (recordValue(importances, name) ?? 0),
        0,
      ),
    ]),
  );
}
