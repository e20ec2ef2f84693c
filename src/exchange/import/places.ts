/** The folder of a run or a logged model in an address, and what is below it. */
const folder = /(?:^|\/)(?:([0-9a-f]{32})|models\/(m-[^/]+))\/artifacts(?:\/(.*))?$/;

/** Whether clients read an address without the server that named it: 's3://…'. */
export function isShared(uri: string): boolean {
  const [, scheme] = /^([a-z][a-z0-9+.-]+):/i.exec(uri) ?? [];
  if (scheme === undefined) return false;
  const isHttp = /^https?$/i.test(scheme);
  return isHttp ? !uri.includes('/mlflow-artifacts/artifacts') : !/^(file|mlflow-artifacts)$/i.test(scheme);
}

/** Where the files of a run lie in our own store. */
export function runFolder(experimentId: string, runId: string): string {
  return `mlflow-artifacts:/${experimentId}/${runId}/artifacts`;
}

/** Where the files of a logged model lie in our own store. */
export function modelFolder(experimentId: string, modelId: string): string {
  return `mlflow-artifacts:/${experimentId}/models/${modelId}/artifacts`;
}

/** Which run or logged model an address lies in, and where. */
export function ownerOf(
  uri: string,
): { readonly kind: 'run' | 'logged model'; readonly id: string; readonly inner: string } | undefined {
  const [, runId, modelId, inner = ''] = folder.exec(uri.replace(/\/$/, '')) ?? [];
  if (runId !== undefined) return { kind: 'run', id: runId, inner };
  return modelId === undefined ? undefined : { kind: 'logged model', id: modelId, inner };
}
