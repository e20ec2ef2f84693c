/** What can have happened to what a lane is about. */
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

/** What is repeated in the order in which it happened: 'run:<id>', 'experiment:<id>', 'model:<id of a logged model>',
 * 'registry:' for all registered models, 'files:<id of a run or logged model>'. Lanes do not wait for each other. */
export type Lane = string & { readonly __brand: 'Lane' };

export function laneOf(subject: Subject, id = ''): Lane {
  return `${subject}:${id}` as Lane;
}

export function subjectOf(lane: Lane): { readonly subject: Subject; readonly id: string } {
  const colon = lane.indexOf(':');
  return { subject: lane.slice(0, colon) as Subject, id: lane.slice(colon + 1) };
}

/** Records and files are sent side by side: a large file keeps no metric waiting. */
export type Part = 'records' | 'files';

/** Something that happened here and is to happen on the other server. What a field means depends on the kind. */
export interface Change {
  /** Later ones have higher ones. */
  readonly id: number;
  readonly lane: Lane;
  readonly kind: ChangeKind;
  /** A param's, tag's or metric's key; a registered model's name; the path of a file. */
  readonly key: string;
  /** The key of a model's tag, an alias, a logged model's id. */
  readonly note: string;
  /** What it is now: a value, a name, a status. */
  readonly value: string;
  /** A metric's value. */
  readonly number: number;
  /** A metric's step, or a version. */
  readonly step: number;
  /** A metric's time or a run's end, in milliseconds since 1970. */
  readonly at: number | undefined;
  /** In milliseconds since 1970, by the database's clock. */
  readonly queuedAt: number;
}

/** A change before it has its place in the queue. */
export type NewChange = Pick<Change, 'lane' | 'kind'> & Partial<Pick<Change, 'key' | 'note' | 'value'>>;

/** Where the dataset of a metric's point is told in a 'model-point': digest, blank, name; either may be empty. */
export function datasetOf(value: string): { readonly digest: string; readonly name: string } {
  const blank = value.indexOf(' ');
  return { digest: value.slice(0, blank), name: value.slice(blank + 1) };
}
