import type { InferredColumn } from '../column.ts';
import { bareName, splitName } from '../column-name.ts';

/** Names that only a target has. */
const targets = set(
  'target y label outcome response dependent churn churned survived survival defaulted isfraud fraud attrition converted',
  'zielgröße zielvariable zielwert zielspalte cible étiquette objetivo etiqueta obiettivo etichetta alvo rótulo doelvariabele',
);

/** Names of prices: they are the target unless the last column could be one. */
const prices = set(
  'price saleprice sellingprice soldprice',
  'preis verkaufspreis kaufpreis prix precio prezzo preço prijs pris cena цена 价格 価格',
);

/** Names that a target often has: they decide for the last column. */
const often = set(
  'class classes species quality diagnosis income income_class salary charges score default approved loanstatus winner output medv strength bought clicked deposit total sales revenue cost amount value rating count cnt satisfaction stars result risk duration delay demand rent',
  'klasse classe clase umsatz miete ergebnis résultat resultado risultato betrag anzahl kosten coût costo gehalt salaire salario loyer alquiler ventas ventes qualität qualité calidad',
);

/** Words that end the name of what is often a target. */
const endings = set('price value class label target cost count amount preis prix precio prezzo klasse');

/** Names of what a thing is like or where it is, which is hardly ever predicted where a price is known. */
const attributes = set(
  'town city region country county state street zip postcode neighborhood neighbourhood borough location color colour brand make model manufacturer transmission gearbox fuel fueltype body sex gender name',
  'stadt ort land farbe marke ville pays couleur ciudad país color marca città paese colore getriebe kraftstoff',
);

/** Of classes that are written as numbers. */
const classes = set(
  'class classes label labels species category diagnosis type kind cluster segment klasse classe clase étiquette etiqueta kategorie catégorie categoría typ tipo',
);

/** Of numbers of which more is more, so that a few of them are still amounts. */
const amounts = set(
  'amount value price cost sales demand count cnt number num quantity qty total rating ratings quality score scores stars grade satisfaction points age year years months days hours weeks rooms bedrooms bathrooms beds baths floors stories storeys doors seats cylinders cyl gears children kids passengers persons people members visits orders goals size',
  'anzahl menge note zimmer räume alter jahr kinder bewertung qualität nombre nb quantité note pièces âge année enfants número cantidad nota habitaciones edad año hijos calidad',
);

/** How much a name says that its column is the target. */
const tellingRanks = { target: 3, often: 2, ending: 1, none: 0 } as const;
export type TellingRank = (typeof tellingRanks)[keyof typeof tellingRanks];

/** 3 for a name that only a target has, 2 for one that a target often has, 1 for one that ends like one, else 0. */
export function tellingRank(column: InferredColumn, columns: readonly InferredColumn[]): TellingRank {
  if (isNamedTarget(column, columns)) return tellingRanks.target;
  if (often.has(bareName(column.name))) return tellingRanks.often;
  return isOftenTarget(column) ? tellingRanks.ending : tellingRanks.none;
}

export function isNamedTarget(column: InferredColumn, columns: readonly InferredColumn[]): boolean {
  const name = bareName(column.name);
  // Beside x and z, y is a side or a coordinate.
  if (name === 'y') return !columns.some((other) => ['x', 'z'].includes(bareName(other.name)));
  return isIn(targets, name) || isPrice(column);
}

/** Whether a name is that of a price, which may also be known before the target. */
export function isPrice({ name }: InferredColumn): boolean {
  return isIn(prices, bareName(name));
}

/** 'target_2' is as telling as 'target'; y2 is a coordinate. */
function isIn(names: ReadonlySet<string>, name: string): boolean {
  const stem = name.replace(/\d+$/, '');
  return names.has(name) || (stem.length > 1 && names.has(stem));
}

export function isOftenTarget({ name }: InferredColumn): boolean {
  const bare = bareName(name);
  if (often.has(bare) || /(?:price|value|class|label|target|cost|count|preis)$/.test(bare)) return true;
  const parts = splitName(name);
  // 'price_eur' and 'price_usd', but not 'price_per_sqm'.
  return endings.has(parts.at(-1) ?? '') || (parts.length === 2 && isIn(prices, parts[0] ?? ''));
}

/** Whether a name is that of a place or a property. */
export function isAttribute({ name }: InferredColumn): boolean {
  return attributes.has(bareName(name));
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
  return classes.has(bareName(name)) || classes.has(splitName(name).at(-1) ?? '');
}

/** 0, 1, 2 under such a name are amounts: 'bedrooms', 'number of cylinders', 'n_children', 'Overall rating (1-5)'. */
export function namesAmounts({ name }: InferredColumn): boolean {
  const parts = splitName(name);
  return (
    amounts.has(bareName(name)) ||
    amounts.has(parts.at(-1) ?? '') ||
    (parts.length > 1 && /^(?:n|no|nr|num|number|count|nb|nombre|anzahl)$/.test(parts[0] ?? ''))
  );
}

function set(...lists: readonly string[]): ReadonlySet<string> {
  return new Set(lists.flatMap((names) => names.split(' ')).map(bareName));
}
