import { type ExplanationView, formatList, type Json } from '../../../src/client/index.ts';
import { formatFeature } from '../text/explanation.ts';
import { formatExact } from '../text/numbers.ts';
import { formatDay } from '../text/times.tsx';

/** A bar of an explanation. */
export interface Reason {
  readonly key: string;
  readonly title: string;
  /** The values behind it, as the caller gave them. */
  readonly given: string;
  readonly contribution: number;
}

/** A bar for each request field, or for each feature if the version does not say which are computed from which. */
export function reasonsOf({ contributions, fields }: ExplanationView): readonly Reason[] {
  const byFeature = new Map(
    contributions.map(({ feature, title, value, contribution }) => [
      feature,
      { key: feature, title, given: formatFeature(value), contribution },
    ]),
  );
  if (!fields) return [...byFeature.values()];
  return fields.map(({ fields: asked, lookups, features, contribution }) => {
    const [feature = ''] = features;
    const alone = byFeature.get(feature);
    if (asked.length + lookups.length === 0 && alone) return alone;
    return {
      key: feature,
      title: formatList([...asked, ...lookups].map(({ title }) => title)),
      given: asked.map(({ value, unit }) => formatGiven(value, unit)).join(', '),
      contribution,
    };
  });
}

/** '80 m²', 'yes', 'Bergen', '3 Jan 2017'. */
function formatGiven(value: Json, unit: string | null): string {
  if (value === null) return 'not given';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return [formatExact(value, unit), unit].filter(Boolean).join(' ');
  return typeof value === 'string' ? formatDay(value) : JSON.stringify(value);
}
