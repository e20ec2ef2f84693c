/** A file of a run or of a logged model: whose it is, and where among theirs. */
export interface FilePlace {
  readonly owner: { readonly kind: 'run' | 'model'; readonly id: string };
  /** '' for the folder itself. */
  readonly path: string;
}

/** Below an experiment's location: '<run>/artifacts/…' and 'models/<logged model>/artifacts/…'. */
const owned =
  /^(?:.+\/)?(?:(?<run>[0-9a-f]{32})|models\/(?<model>m-[0-9a-f]{32}))\/artifacts(?:\/(?<path>.*))?$/;

/** Absent for what lies elsewhere in the artifact store. */
export function filePlace(path: string): FilePlace | undefined {
  const { run, model, path: inner = '' } = owned.exec(path)?.groups ?? {};
  if (run !== undefined) return { owner: { kind: 'run', id: run }, path: inner };
  return model === undefined ? undefined : { owner: { kind: 'model', id: model }, path: inner };
}

/** What a logged model's id begins with. */
export function isLoggedModel(id: string): boolean {
  return id.startsWith('m-');
}
