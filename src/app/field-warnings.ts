import { formatSeenRange, formatUnlike, howUnlike } from '../api/unlike-seen.ts';
import type { FieldWarningView } from '../api/views.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { Unlike } from '../lifecycle/version/version-fields.ts';
import type { FindUnlike, UnlikeField } from '../serving/batch/unlike-rows.ts';
import type { LoadedVersion } from '../serving/version.ts';
import { fieldTexts, requestedValue } from './requested-field.ts';

/** The fields of a request with a value unlike those that the version learned from. @param request as the caller sent it */
export function fieldWarnings(
  request: JsonObject,
  { manifest, fields }: Pick<LoadedVersion, 'manifest' | 'fields'>,
): readonly FieldWarningView[] {
  return Object.entries(fields?.seen ?? {}).flatMap(([field, seen]) => {
    const value = requestedValue(field, { schema: manifest.request, request });
    const unlike = howUnlike(seen, value);
    if (!unlike) return [];
    const { title, unit } = fieldTexts(field, manifest.request);
    const message = formatUnlike(unlike, seen, { value, field: { name: field, unit } });
    return [{ field, title, unlike, message }];
  });
}

/** The same fields, for the rows of a file. */
export function unlikeFinder({ manifest, fields }: Pick<LoadedVersion, 'manifest' | 'fields'>): FindUnlike {
  const asked = Object.entries(fields?.seen ?? {}).map(([field, seen]) => {
    const { title, unit } = fieldTexts(field, manifest.request);
    const range = formatSeenRange(seen, { name: field, unit });
    const of = (unlike: Unlike): UnlikeField => ({
      field,
      title,
      unlike,
      ...(unlike === 'outside' && { range }),
    });
    return { field, seen, of };
  });
  return (request) =>
    asked.flatMap(({ field, seen, of }) => {
      const unlike = howUnlike(seen, requestedValue(field, { schema: manifest.request, request }));
      return unlike ? [of(unlike)] : [];
    });
}
