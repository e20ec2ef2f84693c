import type { BlobStore } from '../../data/blob-store.ts';
import type { Digest } from '../../kernel/digest.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { canonicalJson } from '../../kernel/json.ts';
import type { Task } from '../../pipeline/task.ts';

/** Raise it when the format of the snapshot changes. */
const format = 1;

/** The tasks of a run as planned: operations, code, params and inputs. */
export interface PlanSnapshot {
  readonly project: string;
  readonly tasks: readonly Task[];
}

/** Stores the plan of a run. The same plan has the same digest. */
export async function savePlanSnapshot(plan: PlanSnapshot, blobs: BlobStore): Promise<Digest> {
  return (await blobs.put(canonicalJson({ format, ...plan }))).digest;
}

/** @throws PlatformError BLOB_NOT_FOUND, STATE_DAMAGED */
export async function readPlanSnapshot(digest: Digest, blobs: BlobStore): Promise<PlanSnapshot> {
  const { format: written, ...plan } = JSON.parse(
    new TextDecoder().decode(await blobs.read(digest)),
  ) as PlanSnapshot & { readonly format: number };
  if (written === format) return plan;
  throw new PlatformError('STATE_DAMAGED', {
    field: 'plan format',
    value: written,
    remedy: `This build reads format ${format}: use the build that created the run.`,
  });
}
