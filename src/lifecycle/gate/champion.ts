import { saveDataset } from '../../data/dataset.ts';
import type { BlobStore } from '../../data/blob-store.ts';
import type { Digest } from '../../kernel/digest.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { requireFacts } from '../../pipeline/operation.ts';
import type { TaskSpec } from '../../pipeline/task.ts';
import type { Model } from '../../project/models/model.ts';
import { type GateFacts, type Incomparable, isEnoughToCompare } from '../../registry/gate.ts';
import type { PipelineVersion } from '../../registry/model.ts';
import type { ComparedReports } from './compared-reports.ts';
import { compare } from '../operations/compare.ts';
import {
  divideCode,
  evaluation,
  type Evaluation,
  evaluationParamsOf,
  measuringParamsOf,
} from '../measure/evaluation.ts';
import type { LookupDefinition } from '../../features/lookup.ts';
import { lookupDefinitions, viewTables } from '../features/lookups.ts';
import { difference } from '../operations/difference.ts';
import { evaluate } from '../operations/evaluate.ts';
import {
  type Comparing,
  faultOrValue,
  inputOf,
  outputOf,
  pick,
  readEvaluated,
  runOnce,
} from './gate-tasks.ts';
import { measureAccepted, type RefusedRows } from './accepted-rows.ts';
import { refitChampion } from './refit-champion.ts';
import { learnedOf, readVersionFolder } from '../version/version-folder.ts';
import type { VersionManifest } from '../version/version-manifest.ts';

/** The champion's part of the facts, and the candidate's metrics on the same rows. */
export interface Comparison {
  readonly champion: NonNullable<GateFacts['champion']>;
  /** The standard error of their difference in the rule's metric. */
  readonly standardError?: number;
  /** Both are measured on the last period alone, because the champion cannot be fitted again. */
  readonly isLastPeriod: boolean;
  /** Absent if the champion could not be measured: then the candidate counts on all its test rows. */
  readonly candidate?: Evaluation;
  /** The reports of both. Absent if the champion could not be measured. */
  readonly reports?: ComparedReports;
  /** The subsets of the test rows that both were measured on. */
  readonly subsets: Digest;
  readonly leftOut: number;
  /** Test rows that the live version cannot predict, which are left out too. @default none */
  readonly refused?: RefusedRows;
}

/**
 * Scores the live version with its own code on the candidate's test rows, without those that it learned from, and the
 * candidate on the same rows.
 * @param live the number of the live version; `champion` is absent if the pipeline did not train it
 */
export async function compareWithChampion(
  live: number,
  champion: PipelineVersion | undefined,
  { input, deps }: Comparing,
): Promise<Comparison> {
  const { model, spec, signal } = input;
  const subsets = inputOf(spec, 'subsets');
  const incomparable = (reason: string): Comparison => ({
    champion: { version: live, reason } satisfies Incomparable,
    subsets,
    leftOut: 0,
    isLastPeriod: false,
  });
  if (!champion) return incomparable('the pipeline did not train it');
  const found = await faultOrValue(signal, () => openChampion(champion, deps.blobs));
  if ('fault' in found) return incomparable(found.fault);
  const { manifest, learned } = found.value;
  const other = otherTarget(manifest, model);
  if (other !== undefined) return incomparable(other);
  const fits = await refitted(signal, () => refitChampion({ champion, manifest }, { input, deps }));
  const isLastPeriod = input.periods.length > 1 && fits === undefined;
  const fair = await rowsThatNeitherLearned(learned, manifest, { input, deps, isRefitted: !isLastPeriod });
  if (fair.unknown !== null) return incomparable(fair.unknown);
  if (!isEnoughToCompare(fair)) return incomparable(tooFew(fair));
  const { measures } = divideCode(spec.code);
  const opened = { folder: champion.folder, manifest };
  const tried = await measureAccepted(opened, fair, {
    comparing: { input, deps },
    measure: (on) =>
      measureOn(
        'champion',
        {
          subsets: on,
          code: { ...manifest.code, ...measures },
          lookups: manifest.lookups,
          inputs: { model: champion.folder, ...(fits && { fits }) },
        },
        { input, deps },
      ),
  });
  if ('fault' in tried) return incomparable(tried.fault);
  const { measured, subsets: common, refused } = tried;
  const isSame = fair.leftOut === 0 && !refused && !isLastPeriod;
  const candidate = isSame
    ? {
        scored: inputOf(spec, 'scored'),
        report: inputOf(spec, 'report'),
        evaluation: await readEvaluated(spec.inputs['metrics'], evaluation, deps.blobs),
      }
    : await measureOn(
        'candidate',
        {
          subsets: common,
          code: spec.code,
          lookups: lookupDefinitions(model),
          inputs: pick(spec, ['model', 'baselines', ...(isLastPeriod ? [] : ['fits'])]),
        },
        { input, deps },
      );
  return {
    champion: { version: live, metrics: measured.evaluation.metrics },
    standardError: await errorOfDifference(
      { candidate: candidate.scored, champion: measured.scored },
      { input, deps },
    ),
    candidate: candidate.evaluation,
    reports: { version: live, champion: measured.report, candidate: candidate.report },
    subsets: common,
    leftOut: fair.leftOut,
    ...(refused && { refused }),
    isLastPeriod,
  };
}

/** Why two versions predict different things; undefined if they predict the same. */
function otherTarget({ target }: VersionManifest, model: Model): string | undefined {
  if (target.name !== model.target)
    return `it predicts "${target.name}", and the new version "${model.target}"`;
  if (target.type.kind === model.targetKind.kind) return undefined;
  return `it predicts ${phraseOf[target.type.kind]}, and the new version ${phraseOf[model.targetKind.kind]}`;
}

const phraseOf = { number: 'a number', boolean: 'yes or no', class: 'one of several classes' } as const;

interface OpenedChampion {
  readonly manifest: VersionManifest;
  readonly learned: ReturnType<typeof learnedOf>;
}

/** Also reads the rows that it learned from, so that their loss is a fault of the live version. */
async function openChampion({ folder }: PipelineVersion, blobs: BlobStore): Promise<OpenedChampion> {
  const files = await readVersionFolder(folder, blobs);
  const learned = learnedOf(files);
  await blobs.localPath(learned.file.digest);
  return { manifest: files.manifest, learned };
}

/** Undefined if the live version cannot be fitted again: then the last period alone is compared. */
async function refitted(
  signal: AbortSignal,
  fit: () => Promise<Digest | undefined>,
): Promise<Digest | undefined> {
  const fits = await faultOrValue(signal, fit);
  return 'fault' in fits ? undefined : fits.value;
}

interface FairRows {
  readonly subsets: Digest;
  readonly rows: number;
  readonly leftOut: number;
  readonly unknown: string | null;
}

async function rowsThatNeitherLearned(
  learned: ReturnType<typeof learnedOf>,
  { learnedFrom }: VersionManifest,
  { input, deps, isRefitted }: Comparing & { readonly isRefitted: boolean },
): Promise<FairRows> {
  const inputs = {
    rows: inputOf(input.spec, 'rows'),
    subsets: inputOf(input.spec, 'subsets'),
    learned: await saveDataset(learned, deps.blobs),
  };
  const task = {
    operation: compare.name,
    code: {},
    params: { learned: { ...learnedFrom, columns: [...learnedFrom.columns] }, refitted: isRefitted },
    outputs: { subsets: { kind: 'table' } },
  } as const;
  const result = await runOnce('compare', { ...task, inputs }, { input, deps });
  const { rows, leftOut, unknown } = requireFacts(compare, result);
  return { subsets: result.outputs['subsets'] ?? inputs.subsets, rows, leftOut, unknown };
}

interface MeasuredVersion {
  readonly evaluation: Evaluation;
  readonly scored: Digest;
  readonly report: Digest;
}

interface MeasuredParts extends Pick<TaskSpec, 'code'> {
  readonly lookups: readonly LookupDefinition[];
  /** What is not the candidate's: its model, its fits, its baselines. */
  readonly inputs: Readonly<Record<string, Digest>>;
}

async function measureOn(
  name: 'champion' | 'candidate',
  { subsets, code, lookups, inputs: others }: MeasuredParts & { readonly subsets: Digest },
  { input, deps }: Comparing,
): Promise<MeasuredVersion> {
  const { spec, model } = input;
  const inputs = { rows: inputOf(spec, 'rows'), subsets, ...viewTables(lookups, spec), ...others };
  const task = {
    operation: evaluate.name,
    code,
    params: evaluationParamsOf(model, lookups) as JsonObject,
    outputs: { metrics: { kind: 'value' }, scored: { kind: 'table' }, report: { kind: 'value' } },
  } as const;
  const result = await runOnce(name, { ...task, inputs }, { input, deps });
  return {
    evaluation: await readEvaluated(result.outputs['metrics'], evaluation, deps.blobs),
    scored: outputOf(result, 'scored'),
    report: outputOf(result, 'report'),
  };
}

async function errorOfDifference(
  scored: { readonly candidate: Digest; readonly champion: Digest },
  comparing: Comparing,
): Promise<number> {
  const { spec, model } = comparing.input;
  const inputs = { rows: inputOf(spec, 'rows'), ...scored };
  const task = {
    operation: difference.name,
    code: divideCode(spec.code).measures,
    params: measuringParamsOf(model) as JsonObject,
    outputs: {},
  } as const;
  const result = await runOnce('difference', { ...task, inputs }, comparing);
  return requireFacts(difference, result).standardError;
}

function tooFew({ rows, leftOut }: FairRows): string {
  return `it learned from ${leftOut} of the ${rows + leftOut} test rows, and ${rows} are too few for a comparison`;
}
