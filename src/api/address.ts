/** A method and a path with `:name` for members of the input; the rest is the query of a GET and the body of a POST. */
export interface Address {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** The one member of the input that the body is; the others are the query. @default every member that is not in the path */
  readonly body?: string;
}

/** Server-sent events, each `data` one ServerEvent as JSON. */
export const eventsPath = '/api/projects/:project/events';
