import { howUnlike, unlikeSeen } from '../api/unlike-seen.ts';
import type { FieldWarningView } from '../api/views.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { LoadedVersion } from '../serving/version.ts';
import { requestedField } from './requested-field.ts';

/** The fields of a request with a value unlike those that the version learned from. @param request as the caller sent it */
export function fieldWarnings(
  request: JsonObject,
  { manifest, fields }: Pick<LoadedVersion, 'manifest' | 'fields'>,
): readonly FieldWarningView[] {
  return Object.entries(fields?.seen ?? {}).flatMap(([field, seen]) => {
    const { title, unit, value } = requestedField(field, manifest.request, request);
    const unlike = howUnlike(seen, value);
    const message = unlikeSeen(seen, value, unit ?? undefined);
    return unlike && message ? [{ field, title, unlike, message }] : [];
  });
}
