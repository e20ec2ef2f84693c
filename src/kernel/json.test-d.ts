import { expectTypeOf, test } from 'vitest';
import { asJson, type JsonObject } from './json.ts';

interface Facts {
  readonly rows: number;
  readonly note?: string | undefined;
  readonly parts: readonly { readonly name: string; readonly kind: 'a' | null }[];
  readonly byName: Readonly<Record<string, boolean>>;
}

test('an interface of plain values is JSON', () => {
  expectTypeOf(asJson<Facts>).returns.toEqualTypeOf<JsonObject>();
  asJson({} as Facts);
});

test('what JSON would lose is refused', () => {
  // @ts-expect-error -- a function
  asJson({ make: () => 1 });
  // @ts-expect-error -- a function further down
  asJson({ parts: [{ make: (rows: number) => rows }] });
  // @ts-expect-error -- a value of any type
  asJson({} as { readonly value: unknown });
  // @ts-expect-error -- a bigint
  asJson({ rows: 1n });
});
