import { z } from 'zod';
import { type LookupDefinition, lookupDefinition } from '../../features/lookup.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Target } from '../../project/models/kind.ts';
import type { LearnedFrom } from '../../training/learned.ts';
import { learnedFrom } from './learned-table.ts';
import { targetSchema } from './prediction-rule.ts';
import { type VersionCode, versionCodeSchema } from './version-code.ts';

/** The description of a version, beside the files of its model; written once, independent of today's project. */
export interface VersionManifest {
  readonly model: string;
  readonly trainer: string;
  readonly target: {
    readonly name: string;
    readonly title: string;
    readonly unit: string | null;
    readonly type: Target;
  };
  /** JSON Schema of a request. */
  readonly request: JsonObject;
  readonly code: VersionCode;
  /** What it looks up for a request, in views of the project. */
  readonly lookups: readonly LookupDefinition[];
  readonly trainedOn: TrainedOn;
  /** How to identify the rows that it learned from; a file beside this one has their hashes. */
  readonly learnedFrom: LearnedFrom;
}

/** The rows that a version learned from. */
export const trainedOn = z.object({
  rows: z.number(),
  groups: z.number().nullable(),
  from: z.string().nullable(),
  to: z.string().nullable(),
});
export type TrainedOn = Readonly<z.infer<typeof trainedOn>>;

/** Raise it when the format of the manifest changes. */
export const manifestFormat = 3;
/** The formats that this build reads. */
export const manifestFormats: readonly number[] = [2, manifestFormat];

export const jsonObject: z.ZodType<JsonObject> = z.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);

const columnOfTarget = { name: z.string(), title: z.string(), unit: z.string().nullable() };
const shared = {
  model: z.string(),
  trainer: z.string(),
  request: jsonObject,
  code: versionCodeSchema,
  lookups: z.array(lookupDefinition).default([]),
  trainedOn,
  learnedFrom,
};

const present = z.object({
  ...shared,
  format: z.literal(manifestFormat),
  target: z.object({ ...columnOfTarget, type: targetSchema }),
});

/** Versions of format 2 predict numbers, and their code says by its label whether it is Modelyard's. */
const earlier = z
  .object({ ...shared, format: z.literal(2), target: z.object(columnOfTarget) })
  .transform(({ target, code, ...rest }) => ({
    ...rest,
    target: { ...target, type: { kind: 'number' as const } },
    code: {
      ...code,
      trainer: { ...code.trainer, builtIn: code.trainer.label.endsWith(' in modelyard') },
    },
  }));

/** A manifest of any format that this build reads. */
export const versionManifest: z.ZodType<VersionManifest> = z
  .discriminatedUnion('format', [present, earlier])
  .transform(({ format: _format, ...manifest }) => manifest);
