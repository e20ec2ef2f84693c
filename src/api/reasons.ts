import { formatDay } from '../kernel/format-day.ts';
import { formatList } from '../kernel/format-list.ts';
import { formatExact, formatNumber, numberForm } from '../kernel/format-number.ts';
import type { ExplanationView, RequestedFieldView } from './views.ts';

/** A bar of an explanation. */
export interface Reason {
  readonly key: string;
  readonly title: string;
  /** The values behind it, as the caller gave them. */
  readonly given: string;
  readonly contribution: number;
}

/** A bar for each request field, or for each feature if the version does not say which are computed from which. */
export function reasonsOf(explanation: ExplanationView): readonly Reason[] {
  const features = reasonsByFeature(explanation);
  const byFeature = new Map(features.map((reason) => [reason.key, reason]));
  return (
    explanation.fields?.map(({ fields: asked, lookups, features: [feature = ''], contribution }) => {
      const alone = byFeature.get(feature);
      if (asked.length + lookups.length === 0 && alone) return alone;
      return {
        key: feature,
        title: formatList([...asked, ...lookups].map(({ title }) => title)),
        given: asked.map(formatGiven).join(', '),
        contribution,
      };
    }) ?? features
  );
}

/** A bar for each feature. */
export function reasonsByFeature({ contributions }: ExplanationView): readonly Reason[] {
  return contributions.map(({ feature, title, value, contribution }) => ({
    key: feature,
    title,
    given: formatFeature(value, feature),
    contribution,
  }));
}

const notGiven = 'not given';

/** '80 m²', 'yes', 'Bergen', '3 Jan 2017'. */
function formatGiven({ value, unit, form }: RequestedFieldView): string {
  if (value === null) return notGiven;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return [formatExact(value, form), unit].filter(Boolean).join(' ');
  return typeof value === 'string' ? formatDay(value) : JSON.stringify(value);
}

/** A feature's value, or that the caller gave none. @param name of the feature */
function formatFeature(value: number | null, name: string): string {
  return value === null ? notGiven : formatNumber(value, numberForm({ name, unit: null }));
}
