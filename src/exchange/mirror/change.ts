export type ChangeKind =
  | 'created'
  | 'name'
  | 'status'
  | 'lifecycle'
  | 'param'
  | 'tag'
  | 'tag-gone'
  | 'point'
  | 'model-point'
  | 'links'
  | 'model'
  | 'model-renamed'
  | 'model-text'
  | 'model-gone'
  | 'model-tag'
  | 'model-tag-gone'
  | 'version'
  | 'version-text'
  | 'version-stage'
  | 'version-gone'
  | 'version-tag'
  | 'version-tag-gone'
  | 'alias'
  | 'alias-gone'
  | 'file'
  | 'file-gone'
  | 'folder';

export type Subject = 'experiment' | 'run' | 'model' | 'registry' | 'files';

/**
 * Changes that are sent in the order in which they were made: 'run:<id>', 'experiment:<id>', 'model:<id of a logged model>',
 * 'registry:' for all registered models, 'files:<id of a run or logged model>'. Streams do not wait for each other.
 */
export type Stream = string & { readonly __brand: 'Stream' };

export function streamOf(subject: Subject, id = ''): Stream {
  return `${subject}:${id}` as Stream;
}

export function subjectOf(stream: Stream): { readonly subject: Subject; readonly id: string } {
  const colon = stream.indexOf(':');
  return { subject: stream.slice(0, colon) as Subject, id: stream.slice(colon + 1) };
}

/** Files have a sender of their own, so that a large file does not delay metrics. */
export type StreamGroup = 'metadata' | 'files';

/** A change that was made here and has to be made on the other server. The meaning of a field depends on the kind. */
export interface Change {
  /** Ascending in the order of the queue. */
  readonly id: number;
  readonly stream: Stream;
  readonly kind: ChangeKind;
  /** The key of a param, tag or metric; the name of a registered model; the path of a file. */
  readonly key: string;
  /** The key of a model's tag, an alias, the id of a logged model. */
  readonly note: string;
  /** The new value: of a param or tag, a name, a status. */
  readonly value: string;
  /** The value of a metric. */
  readonly number: number;
  /** The step of a metric, or the number of a version. */
  readonly step: number;
  /** When a metric was logged or a run ended, in milliseconds since 1970. */
  readonly at: number | undefined;
  /** In milliseconds since 1970, by the database's clock. */
  readonly queuedAt: number;
}

/** A change that is not queued yet. */
export type NewChange = Pick<Change, 'stream' | 'kind'> & Partial<Pick<Change, 'key' | 'note' | 'value'>>;

/** Reads the value of a 'model-point': the dataset's digest, a blank and its name. Either may be empty. */
export function datasetOf(value: string): { readonly digest: string; readonly name: string } {
  const blank = value.indexOf(' ');
  return { digest: value.slice(0, blank), name: value.slice(blank + 1) };
}
