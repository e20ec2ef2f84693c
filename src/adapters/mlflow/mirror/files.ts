import type { TargetFiles } from '../../../exchange/mirror/target.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import type { MlflowClient } from '../client.ts';
import { ifThere } from './answers.ts';

const proxy = '/api/2.0/mlflow-artifacts/artifacts';

/** Files that an MLflow server takes itself and lays into its store. */
export function mlflowFiles(client: MlflowClient): TargetFiles {
  const addressOf = (place: string, path: string): string => {
    const folder = folderOf(place, client.url);
    if (folder === undefined) throw notTaken(place);
    return [
      proxy,
      ...`${folder}/${path}`
        .split('/')
        .filter((name) => name !== '')
        .map(encodeURIComponent),
    ].join('/');
  };
  return {
    async put(place, path, { size, content }) {
      await client.put(addressOf(place, path), content, size);
    },
    async delete(place, path) {
      await ifThere(client.delete(addressOf(place, path), {}));
    },
  };
}

/** The folder below the server's own root of files; absent where it only names another store. */
function folderOf(place: string, url: string): string | undefined {
  const [, own] = /^mlflow-artifacts:(?:\/\/[^/]*)?\/(.*)$/.exec(place) ?? [];
  if (own !== undefined) return own;
  return place.startsWith(`${url}${proxy}/`) ? place.slice(url.length + proxy.length + 1) : undefined;
}

function notTaken(place: string): PlatformError {
  return new PlatformError('INPUT_INVALID', {
    field: 'place of the files',
    value: place,
    remedy:
      'The other server does not take files for it: start it with --serve-artifacts, or copy them by other means.',
  });
}
