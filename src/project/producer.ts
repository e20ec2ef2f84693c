import type { Batch } from './batch.ts';
import type { Command } from './command.ts';
import type { FileRef } from './file.ts';
import type { Fold } from './fold.ts';
import type { Forecast } from './forecast.ts';
import type { Model } from './model.ts';
import type { Sink } from './sink.ts';
import type { Source } from './source.ts';
import type { Sql } from './sql.ts';
import type { Step } from './step.ts';
import type { TableRef } from './table.ts';

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
