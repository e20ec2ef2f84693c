import type { Contributions, Predictor } from '../../project/models/predictor.ts';
import { columnsByName } from '../columns-by-name.ts';
import { readInterval } from './interval.ts';
import { respond } from './objective.ts';
import {
  booleanResponses,
  classResponses,
  numberResponses,
  plainNumberResponses,
  type Responses,
} from './responses.ts';
import { prepareExplain } from './shapley.ts';
import { openScorer } from './scorer.ts';
import { rowMajor, type Trees } from './trees.ts';
import { readXgboost, type SavedTrees } from './xgboost-read.ts';

/** The names of a model's files. */
export interface ModelFileNames {
  readonly model: string;
  /** Only of a model of numbers. */
  readonly scale: string;
  readonly interval: string;
}

/** @throws PlatformError MODEL_UNSUPPORTED naming what this build cannot read */
export async function openPredictor(
  read: (name: string) => Promise<Uint8Array>,
  names: ModelFileNames,
): Promise<Predictor> {
  const saved = readXgboost(await read(names.model), names.model);
  return predictorOf(saved.trees, await responsesOf(saved, read, names));
}

/** A predictor of trees alone: its numbers have no interval. */
export function openPlainPredictor({ trees, classes }: SavedTrees): Predictor {
  return predictorOf(trees, classResponsesOf(trees, classes) ?? plainNumberResponses(trees.objective));
}

async function responsesOf(
  { trees: saved, classes }: SavedTrees,
  read: (name: string) => Promise<Uint8Array>,
  names: ModelFileNames,
): Promise<Responses> {
  const ofClasses = classResponsesOf(saved, classes);
  if (ofClasses) return ofClasses;
  const [scale, interval] = await Promise.all([read(names.scale), read(names.interval)]);
  const { trees } = readXgboost(scale, names.scale);
  return numberResponses(saved.objective, trees, readInterval(interval, names.interval));
}

/** @returns undefined for a model of numbers */
function classResponsesOf(
  { objective, bases }: Trees,
  classes: SavedTrees['classes'],
): Responses | undefined {
  if (objective === 'binary:logistic') return booleanResponses;
  if (objective !== 'multi:softprob') return undefined;
  return classResponses(classes ?? Array.from(bases, (_, output) => String(output)));
}

function predictorOf(trees: Trees, responses: Responses): Predictor {
  const { features, objective, bases } = trees;
  const score = openScorer(trees);
  let explainRow: ((values: Float32Array) => readonly Contributions[]) | undefined;
  return {
    features,
    async predict({ rows, ...named }) {
      const columns = columnsByName({ rows, ...named }, features);
      return responses.predictions(respond(objective, score(columns, rows), bases.length), columns);
    },
    async explain(rows) {
      // The tables for explanations need time and memory, and most versions never explain.
      const explain = (explainRow ??= prepareExplain(trees));
      const columns = columnsByName(rows, features);
      return Array.from({ length: rows.rows }, (_, row) =>
        responses.explain(explain(rowMajor(columns, row, row + 1))),
      );
    },
  };
}
