/** A run or a logged model that owns files, and a path among its files. */
export interface OwnedArtifact {
  readonly kind: 'run' | 'logged model';
  readonly id: string;
  /** '' for the whole folder. */
  readonly path: string;
}

/** '<experiment>/<run>/artifacts/…' and '<experiment>/models/<logged model>/artifacts/…', as MLflow lays files out. */
const owned = /(?:^|\/)(?:(?<run>[0-9a-f]{32})|models\/(?<model>m-[^/]+))\/artifacts(?:\/(?<path>.*))?$/;

/** Finds the owner of a path or URI; absent where it is in no run and no logged model. */
export function findArtifactOwner(uri: string): OwnedArtifact | undefined {
  const { run, model, path = '' } = owned.exec(uri.replace(/\/$/, ''))?.groups ?? {};
  if (run !== undefined) return { kind: 'run', id: run, path };
  return model === undefined ? undefined : { kind: 'logged model', id: model, path };
}

/** Whether clients can read a URI without the server that named it: 's3://…'. */
export function isShared(uri: string): boolean {
  const [, scheme] = /^([a-z][a-z0-9+.-]+):/i.exec(uri) ?? [];
  if (scheme === undefined) return false;
  const isHttp = /^https?$/i.test(scheme);
  return isHttp ? !uri.includes('/mlflow-artifacts/artifacts') : !/^(file|mlflow-artifacts)$/i.test(scheme);
}

/** The folder of a run in our artifact store. */
export function runFolder(experimentId: string, runId: string): string {
  return `mlflow-artifacts:/${experimentId}/${runId}/artifacts`;
}

/** The folder of a logged model in our artifact store. */
export function modelFolder(experimentId: string, modelId: string): string {
  return `mlflow-artifacts:/${experimentId}/models/${modelId}/artifacts`;
}

/** What the id of a logged model begins with. */
export function isLoggedModelId(id: string): boolean {
  return id.startsWith('m-');
}
