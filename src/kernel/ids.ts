import { randomBytes } from 'node:crypto';

/** 32 hex digits, as MLflow's run ids. */
export type RunId = string & { readonly __brand: 'RunId' };
/** A UUIDv7 (RFC 9562 §5.7): ids sort by their time of creation. */
export type PredictionId = string & { readonly __brand: 'PredictionId' };

export type RandomBytes = (count: number) => Uint8Array;

export function newRunId(bytes: RandomBytes = randomBytes): RunId {
  return Buffer.from(bytes(16)).toString('hex') as RunId;
}

/** @param now milliseconds since 1970 */
export function newPredictionId(now: number, bytes: RandomBytes = randomBytes): PredictionId {
  const id = Buffer.alloc(16);
  id.writeUIntBE(now, 0, 6);
  id.set(bytes(10), 6);
  id.writeUInt8((id.readUInt8(6) & 0x0f) | 0x70, 6);
  id.writeUInt8((id.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = id.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join(
    '-',
  ) as PredictionId;
}

export function isPredictionId(text: string): text is PredictionId {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(text);
}

/** The time of creation of an id, in milliseconds since 1970. */
export function predictionTime(id: PredictionId): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}
