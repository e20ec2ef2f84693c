import { readDataset } from '../../data/dataset.ts';
import type { Digest } from '../../kernel/digest.ts';
import { asJson } from '../../kernel/json.ts';
import type { PipelineVersion } from '../../registry/model.ts';
import { type FitSettings, readFitSettings } from '../fit/fit-settings.ts';
import { type Comparing, inputOf, outputOf, runOnce } from './gate-tasks.ts';
import { learningCode } from '../fit/learning.ts';
import { viewTables } from '../features/lookups.ts';
import { features } from '../operations/features.ts';
import { refit } from '../operations/refit.ts';
import { optionalCode } from '../version/version-code.ts';
import type { VersionManifest } from '../version/version-manifest.ts';

/**
 * Fits the live version for each earlier period of the candidate's split, with its own features, trainer, options and ensemble; undefined
 * if the split has one period.
 * @throws PlatformError MODEL_UNSUPPORTED if its folder does not say how it was fitted; what its own code throws
 */
export async function refitChampion(
  { champion, manifest }: { readonly champion: PipelineVersion; readonly manifest: VersionManifest },
  comparing: Comparing,
): Promise<Digest | undefined> {
  const { input, deps } = comparing;
  if (input.periods.length < 2) return undefined;
  const { spec, model } = input;
  const settings = await readFitSettings(await readDataset(champion.folder, deps.blobs), deps.blobs);
  const { lookups } = manifest;
  const views = viewTables(lookups, spec);
  const rows = inputOf(spec, 'rows');
  const computed = await runOnce(
    'champion-features',
    {
      operation: features.name,
      code: { request: manifest.code.request, features: manifest.code.features },
      params: asJson({ lookups }),
      inputs: { rows, ...views },
      outputs: { matrix: { kind: 'table' } },
    },
    comparing,
  );
  const fitted = await runOnce(
    'champion-refit',
    {
      operation: refit.name,
      code: { features: manifest.code.features, ...learningCode(manifest.code) },
      params: asJson({
        ...learningParamsOf(settings, manifest),
        lookups: isTransformed(manifest) ? lookups : [],
        split: model.split,
      }),
      inputs: { rows, subsets: inputOf(spec, 'subsets'), matrix: outputOf(computed, 'matrix'), ...views },
      outputs: { fits: { kind: 'files' } },
    },
    comparing,
  );
  return outputOf(fitted, 'fits');
}

function isTransformed({ code }: VersionManifest): boolean {
  return Object.hasOwn(code, optionalCode.forward);
}

/** The trainer's name and version are only part of keys; its code is in the version's folder. */
function learningParamsOf(settings: FitSettings, { trainer, target }: VersionManifest): object {
  const planned = (options: FitSettings['options']): object => ({ name: trainer, version: 1, options });
  const { interval, calibrate, ordered, ensemble } = settings;
  return {
    target: target.name,
    targetType: settings.target,
    trainer: { ...planned(settings.options), parts: settings.parts.map(planned) },
    interval,
    calibrate,
    ordered,
    ...(ensemble && { ensemble }),
  };
}
