import type { ExplanationView, FieldContributionView } from '../api/views.ts';
import type { JsonObject } from '../kernel/json.ts';
import { titleOf } from '../kernel/title.ts';
import type { FeatureTrace } from '../lifecycle/features/feature-trace.ts';
import type { RowExplanation } from '../lifecycle/version/row-explanation.ts';
import type { SeenField } from '../lifecycle/version/version-fields.ts';
import type { LoadedVersion } from '../serving/version.ts';
import { requestedField } from './requested-field.ts';

/** An explanation for people. @param request as the caller sent it */
export function explanationView(
  { scale, of, baseline, contributions }: RowExplanation,
  { manifest, fields }: Pick<LoadedVersion, 'manifest' | 'fields'>,
  request: JsonObject,
): ExplanationView {
  const origins = fields?.features;
  return {
    scale,
    ...(of !== undefined && { of }),
    baseline,
    contributions: contributions.map(({ feature, value, contribution }) => ({
      feature,
      title: titleOf(feature),
      value: Number.isNaN(value) ? null : value,
      contribution,
    })),
    ...(origins && {
      fields: contributionsByField(contributions, {
        origins,
        schema: manifest.request,
        request,
        seen: fields.seen,
      }),
    }),
  };
}

interface Requested {
  readonly origins: NonNullable<FeatureTrace>;
  /** The version's JSON Schema of a request. */
  readonly schema: JsonObject;
  readonly request: JsonObject;
  readonly seen?: Readonly<Record<string, SeenField>>;
}

/** Sums the features that are computed from the same fields and lookups; one that changes with none stays alone. */
export function contributionsByField(
  contributions: RowExplanation['contributions'],
  { origins, ...asked }: Requested,
): readonly FieldContributionView[] {
  const groups = new Map<
    string,
    Omit<FieldContributionView, 'contribution'> & { features: string[]; contribution: number }
  >();
  for (const { feature, contribution } of contributions) {
    const origin = Object.hasOwn(origins, feature) ? origins[feature] : undefined;
    const { fields = [], lookups = [] } = origin ?? {};
    const key = JSON.stringify(fields.length + lookups.length > 0 ? [fields, lookups] : feature);
    const group = groups.get(key);
    if (group) {
      group.features.push(feature);
      group.contribution += contribution;
    } else
      groups.set(key, {
        fields: fields.map((name) => requestedField(name, asked)),
        lookups: lookups.map((name) => ({ name, title: titleOf(name) })),
        features: [feature],
        contribution,
      });
  }
  return [...groups.values()].toSorted((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
}
