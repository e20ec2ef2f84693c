import type { TargetFiles } from '../../../exchange/mirror/target.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import type { MlflowClient } from '../client.ts';
import { ifThere } from './responses.ts';

const proxy = '/api/2.0/mlflow-artifacts/artifacts';

/** The artifact proxy of an MLflow server. */
export function mlflowFiles(client: MlflowClient): TargetFiles {
  const addressOf = (artifactUri: string, path: string): string => {
    const folder = folderOf(artifactUri, client.url);
    if (folder === undefined) throw notTaken(artifactUri);
    return [
      proxy,
      ...`${folder}/${path}`
        .split('/')
        .filter((name) => name !== '')
        .map(encodeURIComponent),
    ].join('/');
  };
  return {
    async put(artifactUri, path, { size, content }) {
      await client.put(addressOf(artifactUri, path), content, size);
    },
    async delete(artifactUri, path) {
      await ifThere(client.delete(addressOf(artifactUri, path), {}));
    },
  };
}

/** The folder below the root of the proxy; absent for a URI of another store. */
function folderOf(artifactUri: string, url: string): string | undefined {
  const [, folder] = /^mlflow-artifacts:(?:\/\/[^/]*)?\/(.*)$/.exec(artifactUri) ?? [];
  if (folder !== undefined) return folder;
  return artifactUri.startsWith(`${url}${proxy}/`)
    ? artifactUri.slice(url.length + proxy.length + 1)
    : undefined;
}

function notTaken(artifactUri: string): PlatformError {
  return new PlatformError('INPUT_INVALID', {
    field: 'artifact URI',
    value: artifactUri,
    remedy:
      'The other server does not store artifacts there: start it with --serve-artifacts, or copy them by other means.',
  });
}
