import type { InferredColumn } from '../column.ts';

/** Names that only a target has. */
const targets = set(
  'target y label outcome response dependent price saleprice sellingprice soldprice churn churned survived survival defaulted isfraud fraud attrition converted',
);

/** Names that a target often has: they decide for the last column. */
const often = set(
  'class classes species quality diagnosis income income_class salary charges score default approved loanstatus winner output medv strength bought clicked deposit total sales revenue cost amount value rating count cnt satisfaction stars result risk duration delay demand rent preis prix precio prezzo umsatz miete',
);

/** Of classes that are written as numbers. */
const classes = set('class classes label labels species category diagnosis type kind');
const general = set('target y outcome output response result');

export function isNamedTarget(column: InferredColumn, columns: readonly InferredColumn[]): boolean {
  const name = bare(column.name);
  // Beside x and z, y is a side or a coordinate.
  if (name === 'y') return !columns.some((other) => ['x', 'z'].includes(bare(other.name)));
  return targets.has(name);
}

export function isOftenTarget({ name }: InferredColumn): boolean {
  return often.has(bare(name)) || /(?:price|value|class|label|target|cost|count)$/.test(bare(name));
}

/** Whether a name is a code such as AH or V12, which says nothing. A last z or a column without a name is often the result. */
export function saysNothing({ name }: InferredColumn): boolean {
  return /^(?:[a-z]{2}\d*|[a-z]?\d+|(?:col|var|field|feature|attr)\d*)$/i.test(name);
}

/** Whether a name is that of a place on the earth, which is hardly ever predicted. */
export function isCoordinate({ name }: InferredColumn): boolean {
  return /^(?:lat|lon|lng|long|latitude|longitude|breitengrad|längengrad)$/i.test(
    name.replaceAll(/[^\p{L}]/gu, ''),
  );
}

/** 0, 1, 2 under such a name are classes. */
export function namesClasses({ name }: InferredColumn): boolean {
  return classes.has(bare(name));
}

/** 0, 1, 2 under such a name are classes or amounts. */
export function namesAnything({ name }: InferredColumn): boolean {
  return general.has(bare(name));
}

function bare(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

function set(names: string): ReadonlySet<string> {
  return new Set(names.split(' ').map(bare));
}
