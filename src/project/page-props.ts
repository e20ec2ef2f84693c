import type { Batch } from './batch.ts';
import type { Servable } from './models/live.ts';
import type { RowOf } from './tables/table.ts';

type Exported<Module, Of> = Module[keyof Module] extends infer Value
  ? Value extends Of
    ? Value
    : never
  : never;

type Named<Module, Name> = Extract<Exported<Module, Servable>, { readonly name: Name }>;

/** The props of a project's page, from the exports of its project file: `PageProps<typeof import('./modelyard.config.ts')>`. */
export interface PageProps<Module> {
  /** Predicts with the live version. */
  readonly ask: <Name extends Exported<Module, Servable>['name']>(
    name: Name,
    request: NonNullable<Named<Module, Name>['~request']>,
  ) => Promise<
    NonNullable<Named<Module, Name>['~prediction']> & {
      readonly predictionId: string;
      readonly version: number;
    }
  >;
  /** The rows of an exported batch, newest first. */
  readonly rows: <Name extends keyof Module>(
    of: Name & (Module[Name] extends Batch ? unknown : never),
  ) => Promise<readonly RowOf<Module[Name]>[]>;
}
