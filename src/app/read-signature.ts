import type { SignatureColumn, SignatureView } from '../api/registry-views.ts';
import { PlatformError } from '../kernel/errors.ts';
import type { ModelVersion } from '../registry/model.ts';
import type { SignatureField } from '../registry/model-signature.ts';
import { folderUri, locationOf } from '../tracking/artifacts/location.ts';
import { type ArtifactPath, joinPaths } from '../tracking/artifacts/path.ts';
import type { ArtifactStore } from '../tracking/artifacts/store.ts';

/** In bytes; a file with a signature of 12,000 columns has about one million. */
const largestModelFile = 8_000_000;

/**
 * The signature of a version, from the file MLmodel among its files.
 * @returns null where the files are in another store, are gone or have no signature
 */
export async function readSignature(
  { storage, folder }: Pick<ModelVersion, 'storage' | 'folder'>,
  artifacts: Pick<ArtifactStore, 'open'>,
): Promise<SignatureView | null> {
  const text = await modelFile(folder === undefined ? storage : folderUri(folder), artifacts);
  if (text === undefined) return null;
  // A server of tracking alone reads YAML only once somebody looks at a model.
  const { parseSignature } = await import('../registry/model-signature.ts');
  const signature = parseSignature(text);
  if (!signature) return null;
  const { inputs, outputs, params } = signature;
  return { inputs: inputs.map(columnOf), outputs: outputs.map(columnOf), params: params.map(columnOf) };
}

async function modelFile(uri: string, artifacts: Pick<ArtifactStore, 'open'>): Promise<string | undefined> {
  try {
    const root = locationOf(uri);
    if (root === undefined) return undefined;
    await using file = await artifacts.open(joinPaths(root, 'MLmodel' as ArtifactPath));
    if (file.size > largestModelFile) return undefined;
    const parts: Uint8Array[] = [];
    for await (const part of file.read()) parts.push(part);
    return Buffer.concat(parts).toString('utf8');
  } catch (error) {
    const absent = ['ARTIFACT_NOT_FOUND', 'INPUT_INVALID', 'BLOB_NOT_FOUND'];
    if (error instanceof PlatformError && absent.includes(error.code)) return undefined;
    throw error;
  }
}

function columnOf(field: SignatureField): SignatureColumn {
  return { ...field, default: field.default ?? null };
}
