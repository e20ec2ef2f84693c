export { type Client, type ClientOptions, createClient } from './client.ts';
export type { Subscription } from './events.ts';
export type { CallOptions } from './request.ts';
export { type ErrorBody, type ErrorCode, type ErrorDetail, PlatformError } from '../kernel/errors.ts';
export type { Json, JsonObject } from '../kernel/json.ts';
export { formatBytes, formatCount, formatDuration } from '../kernel/units.ts';
export type * from '../api/record-views.ts';
export type * from '../api/views.ts';
