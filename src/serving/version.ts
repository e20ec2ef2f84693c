import type { BlobStore } from '../data/blob-store.ts';
import type { Digest } from '../kernel/digest.ts';
import { PlatformError } from '../kernel/errors.ts';
import type { Features } from '../project/model.ts';
import type { TrainerType } from '../project/trainer.ts';
import { checkedPredictor } from '../lifecycle/checked-predictor.ts';
import type { FeatureCode } from '../lifecycle/feature-code.ts';
import { readModelFile, readVersionFolder, type VersionManifest } from '../lifecycle/version-folder.ts';
import type { PipelineVersion } from '../registry/model.ts';
import type { Predictor } from '../project/predictor.ts';

/** Imports the export `fn` of a stored bundle. */
export type LoadCode = <Value>(bundle: Digest) => Promise<Value>;

/** A version in memory, ready to predict. */
export interface ServedVersion {
  readonly version: PipelineVersion;
  readonly manifest: VersionManifest;
  readonly code: FeatureCode;
  readonly predictor: Predictor;
}

/**
 * Reads a version from its folder: its trees, feature code and request schema.
 * @throws PlatformError MODEL_UNSUPPORTED, BLOB_NOT_FOUND, STATE_DAMAGED
 */
export async function openVersion(
  version: PipelineVersion,
  deps: { readonly blobs: BlobStore; readonly loadCode: LoadCode },
): Promise<ServedVersion> {
  const { files, manifest } = await readVersionFolder(version.folder, deps.blobs);
  const [request, features, trainer] = await Promise.all([
    deps.loadCode<FeatureCode['request']>(manifest.code.request.bundle),
    deps.loadCode<(request: unknown) => Features>(manifest.code.features.bundle),
    deps.loadCode<TrainerType>(manifest.code.trainer.bundle),
  ]);
  const opened = await trainer.definition.open((name) => readModelFile(files, name, deps.blobs));
  const predictor = checkedPredictor(ownPredictor(opened, manifest), manifest.trainer);
  return { version, manifest, code: { request, features }, predictor };
}

/** Whether the project, not Modelyard, has the trainer of a version. */
export function isOwnTrainer({ code }: Pick<VersionManifest, 'code'>): boolean {
  return !code.trainer.label.endsWith(' in modelyard');
}

/** Errors of a project's own trainer are errors of the project's code; errors of our trainers are ours. */
function ownPredictor(predictor: Predictor, { trainer, code }: VersionManifest): Predictor {
  if (!isOwnTrainer({ code })) return predictor;
  const asProjectCode = async <Value>(of: string, run: () => Promise<Value>): Promise<Value> =>
    run().catch((cause: unknown) => {
      if (cause instanceof PlatformError) throw cause;
      throw new PlatformError(
        'USER_CODE_FAILED',
        {
          field: `${of} of trainer ${trainer}`,
          value: String(cause),
          remedy:
            'The trainer of the version throws for this request: fix it in the project and train again.',
        },
        { cause },
      );
    });
  return {
    features: predictor.features,
    predict: (rows) => asProjectCode('predict', async () => predictor.predict(rows)),
    ...(predictor.explain && {
      explain: (rows) => asProjectCode('explain', async () => (await predictor.explain?.(rows)) ?? []),
    }),
  };
}
