import type { ReactNode } from 'react';
import {
  type ExplainView,
  formatNumber,
  type Json,
  type NumberForm,
  numberForm,
  titleOf,
} from '../../../src/client/index.ts';
import { textOf } from '../form/fields.ts';

type Lookup = NonNullable<ExplainView['prediction']['lookups']>[number];

/** What a prediction found in feature views, and since when it was true. */
export function LookedUp({ lookups }: { readonly lookups: readonly Lookup[] }): ReactNode {
  return lookups.map(({ lookup, view, key, at, values }) => (
    <section key={lookup}>
      <h3>
        {titleOf(lookup)}{' '}
        <small className="faint">
          {view},{' '}
          {Object.values(key)
            .map((value) => textOf(value))
            .join(', ')}
          : {sinceText(at, values)}
        </small>
      </h3>
      <dl className="given-values">
        {Object.entries(values ?? {}).map(([name, value]) => (
          <div key={name}>
            <dt>{titleOf(name)}</dt>
            <dd title={textOf(value)}>{formatJson(value, numberForm({ name, unit: null }))}</dd>
          </div>
        ))}
      </dl>
    </section>
  ));
}

function sinceText(at: string | null, values: Lookup['values']): string {
  if (at !== null) return `true since ${at}`;
  return values === null ? 'nothing known' : 'initial values';
}

/** A value of a request or a view. @param form of the field's numbers */
export function formatJson(value: Json, form: NumberForm): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return formatNumber(value, form);
  return value === null ? 'not given' : textOf(value);
}
