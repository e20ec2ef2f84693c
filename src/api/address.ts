/** A method and a path with `:name` for members of the input; the rest is the query of a GET and the body of a POST. */
export interface Address {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** The one member of the input that the body is; the others are the query. @default every member that is not in the path */
  readonly body?: string;
  /** `upload`: the body is a file, the member `content` of the input. `download`: so is the response. @default JSON */
  readonly file?: 'upload' | 'download';
}

/** A file as it comes; a browser has a Blob. */
export type FileContent = AsyncIterable<Uint8Array> | Blob;

/** A file that an operation returns. */
export interface FileDownload {
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  readonly content: AsyncIterable<Uint8Array>;
}

/** Server-sent events, each `data` one ServerEvent as JSON. */
export const eventsPath = '/api/projects/:project/events';
