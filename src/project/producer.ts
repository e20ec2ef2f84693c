import type { Batch } from './batch.ts';
import type { Command } from './command.ts';
import type { FileRef } from './file.ts';
import type { Fold } from './tables/fold.ts';
import type { Forecast } from './models/forecast.ts';
import type { Model } from './models/model.ts';
import type { Sink } from './tables/sink.ts';
import type { Source } from './tables/source.ts';
import type { Sql } from './tables/sql.ts';
import type { Step } from './tables/step.ts';
import type { TableRef } from './tables/table.ts';

/** What can write a table. */
export type Producer = Source | Step | Sql | Fold | Command | Batch | Model | Forecast;

/** A declaration that runs, without those that have an endpoint. */
export type Node = Exclude<Producer, Model | Forecast> | Sink;

/** What `steps` of a project may list. */
export type Runnable = Exclude<Node, Source>;

/** The tables and files that a declaration reads. */
export function inputsOf(declared: Producer | Sink): readonly (TableRef | FileRef)[] {
  switch (declared.kind) {
    case 'source':
      return [];
    case 'step':
    case 'sql':
    case 'command':
      return Object.values(declared.in);
    case 'fold':
      return [declared.in];
    case 'sink':
    case 'forecast':
      return [declared.rows];
    case 'model':
      return [declared.rows, ...Object.values(declared.lookups).map(({ view }) => view.rows)];
    case 'batch':
      return [...inputsOf(declared.model), ...(declared.rows ? [declared.rows] : [])];
  }
}
