import type { Model } from './model.ts';
import type { Source } from './source.ts';
import type { Step } from './step.ts';
import type { TableRef } from './table.ts';

/** What can write a table. */
export type Producer = Source | Step | Model;

/** The tables that a declaration reads. */
export function inputsOf(producer: Producer): readonly TableRef[] {
  switch (producer.kind) {
    case 'source':
      return [];
    case 'step':
      return Object.values(producer.in);
    case 'model':
      return [producer.rows, ...Object.values(producer.lookups).map(({ view }) => view.rows)];
  }
}
