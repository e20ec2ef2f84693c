export { type Client, type ClientOptions, createClient } from './client.ts';
export type { Subscription } from './events.ts';
export type { CallOptions } from './request.ts';
export { type ErrorBody, type ErrorCode, type ErrorDetail, PlatformError } from '../kernel/errors.ts';
export type { Json, JsonObject } from '../kernel/json.ts';
export { formatDay } from '../kernel/format-day.ts';
export { formatList } from '../kernel/format-list.ts';
export {
  formatAligned,
  formatExact,
  formatNumber,
  formatRange,
  formatShare,
  formatSigned,
  formatWithin,
  type NumberForm,
  numberForm,
  withUnit,
} from '../kernel/format-number.ts';
export { capitalized, uncapitalized } from '../kernel/letter-case.ts';
export { recordValue } from '../kernel/record-value.ts';
export { titleOf } from '../kernel/title.ts';
export { formatBytes, formatCount, formatDuration } from '../kernel/units.ts';
export type { FileContent, FileDownload } from '../api/address.ts';
export type * from '../api/alias-views.ts';
export type * from '../api/batch-views.ts';
export type * from '../api/data-views.ts';
export type * from '../api/experiment-views.ts';
export type * from '../api/job-views.ts';
export type * from '../api/metric-views.ts';
export type * from '../api/purge-views.ts';
export type * from '../api/registry-views.ts';
export type * from '../api/report-views.ts';
export type * from '../api/run-views.ts';
export { type Reason, reasonsOf } from '../api/reasons.ts';
export { formatSeen, unlikeSeen } from '../api/unlike-seen.ts';
export { isOutdated } from '../kernel/is-outdated.ts';
export type { RunStatus } from '../tracking/model.ts';
export { changesOfTestData, isSameTestData } from '../api/test-data.ts';
export type * from '../api/views.ts';
export type { ColumnProfile } from '../data/profile.ts';
export type { LearningCurve } from '../project/models/trainer.ts';
