import type { Field, NumberField } from './fields.ts';

export type Widget = 'segments' | 'select' | 'slider' | 'input' | 'switch' | 'json';

const mostSegments = 5;
const longestSegments = 42;
const mostSteps = 400;

/** The widget of a field: segments for few choices, a list for many, a slider for a number with a range. */
export function widgetOf(field: Field): Widget {
  switch (field.kind) {
    case 'choice': {
      const length = field.options.reduce((sum, { text }) => sum + text.length, 0);
      return field.options.length <= mostSegments && length <= longestSegments ? 'segments' : 'select';
    }
    case 'number': {
      const size = rangeOf(field);
      if (size === undefined) return 'input';
      if (field.step === 1 && size <= 10 && !field.above && !field.below) return 'segments';
      return field.step === undefined || size / field.step <= mostSteps ? 'slider' : 'input';
    }
    case 'text':
      return 'input';
    case 'switch':
    case 'json':
      return field.kind;
  }
}

function rangeOf({ minimum, maximum }: NumberField): number | undefined {
  return minimum === undefined || maximum === undefined ? undefined : maximum - minimum;
}

/** One choice of a row of segments. */
export interface Segment {
  readonly value: string;
  readonly text: string;
}

/** The choices side by side. The first of an optional field is 'none'. */
export function segmentsOf(field: Field): readonly Segment[] {
  const absent =
    field.required && !field.nullable
      ? []
      : field.fallback === undefined
        ? [{ value: '', text: 'none' }]
        : [];
  if (field.kind === 'choice')
    return [...absent, ...field.options.map(({ key, text }) => ({ value: key, text }))];
  if (field.kind !== 'number') return absent;
  const from = field.minimum ?? 0;
  const count = (field.maximum ?? from) - from + 1;
  const numbers = Array.from({ length: count }, (_none, index) => String(from + index));
  return [...absent, ...numbers.map((text) => ({ value: text, text }))];
}

export interface Placed {
  readonly field: Field;
  readonly widget: Widget;
  /** Whether it takes the form's whole width. */
  readonly wide: boolean;
}

/** Puts two short fields that follow each other in one line; other fields have a line each. */
export function arrange(fields: readonly Field[]): readonly Placed[] {
  const placed: Placed[] = [];
  let open = false;
  for (const [index, field] of fields.entries()) {
    const next = fields[index + 1];
    const short = isShort(field);
    const pairs: boolean = short && (open || (next !== undefined && isShort(next)));
    open = pairs && !open;
    placed.push({ field, widget: widgetOf(field), wide: !pairs });
  }
  return placed;
}

function isShort(field: Field): boolean {
  const widget = widgetOf(field);
  if (widget === 'segments') return segmentsOf(field).length <= 3;
  return widget === 'select' || widget === 'switch' || (widget === 'input' && field.kind === 'number');
}
