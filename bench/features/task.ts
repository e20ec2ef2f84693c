/** The task of one side, as JSON in its first argument. */
export interface JoinTask {
  /** The state folder of the tables, for the results of a side, and for what a peer stores. */
  readonly folder: string;
  /** Digests of the datasets, for us. */
  readonly requests: string;
  readonly views: readonly string[];
  /** The same tables as Parquet files, for the peer. */
  readonly requestFile: string;
  readonly viewFiles: readonly string[];
  /** Where to write the rows: float64 in native byte order, a row after another: the request's number, then the features of each view, NaN where nothing was known. */
  readonly out: string;
  /** Also measures single requests: this many. */
  readonly single: number;
}

/** The result of one side, as a line of JSON. Times are from files to joined rows in memory. */
export interface JoinResult {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly rows: number;
  /** The median of one request, in microseconds. */
  readonly singleMicroseconds?: number;
}

/** The features of each view. */
export const featureNames = ['elo', 'form'] as const;
