import type { ErrorBody } from '../kernel/errors.ts';
import type { Unlike } from '../lifecycle/version/version-fields.ts';
import type { BatchStatus } from '../serving/batch/batch.ts';

/** Predictions for the rows of a file, as a job. */
export interface BatchView {
  readonly id: string;
  readonly project: string;
  readonly endpoint: string;
  readonly model: string;
  /** The version that predicts every row: the one that was live when the file was sent. */
  readonly version: number;
  /** The name of the file, and its bytes as they were sent. */
  readonly file: string;
  readonly size: number;
  /** Null if nobody signs in. */
  readonly by: string | null;
  readonly status: BatchStatus;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** The files are removed then. */
  readonly expiresAt: number;
  readonly rows: {
    /** Null until the rows are counted. */
    readonly total: number | null;
    readonly done: number;
    /** Of those that are done, the rows without a prediction. */
    readonly refused: number;
  };
  /** Predicted rows with values unlike those that the version learned from, by field, the most frequent first. */
  readonly warnings: readonly BatchWarningView[];
  /** Bytes of the output so far. */
  readonly outputSize: number;
  /** The column that each field of the request is read from, and its index in the file. */
  readonly matched: readonly { readonly field: string; readonly column: string; readonly index: number }[];
  /** Columns that are no field of the request; the output has them all the same. */
  readonly ignored: readonly string[];
  /** Optional fields of the request without a column. */
  readonly absent: readonly string[];
  /** How the file is read, and who says so: 'assumed: columns are separated by ";"'. */
  readonly reading: readonly string[];
  readonly cancelRequested: boolean;
  /** Why it failed. */
  readonly error: ErrorBody | null;
}

/** How many predicted rows have a value of a field that is unlike those that the version learned from. */
export interface BatchWarningView {
  readonly field: string;
  readonly title: string;
  readonly unlike: Unlike;
  readonly rows: number;
  /** 'Rooms: outside 1 to 7 in 12 rows.' */
  readonly message: string;
}

/** The first rows of the output. */
export interface BatchPreview {
  readonly columns: readonly string[];
  /** Columns of the file; those after them are the prediction's. */
  readonly inputColumns: number;
  readonly rows: readonly (readonly string[])[];
  /** Of these rows, those without a prediction. */
  readonly refused: number;
}

/** A batch that was just stored. */
export interface NewBatchView extends BatchView {
  readonly preview: BatchPreview;
}
