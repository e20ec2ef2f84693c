/** A column's name and what stands in brackets at its end. */
export interface NameParts {
  readonly bare: string;
  /** Without the brackets. */
  readonly note: string | undefined;
  /** The note, if it is a unit: 'm²' of 'area (m²)', but not '1-5' of 'satisfaction (1-5)'. */
  readonly unit: string | undefined;
}

export function nameParts(name: string): NameParts {
  const [, bare = name, note] = /^(.*\S)\s*[([]([^()[\]]{1,20})[)\]]\s*$/.exec(name) ?? [];
  return { bare, note, unit: note !== undefined && isUnit(note) ? note : undefined };
}

/** Numbers, ranges, 'n=20' and the two values of a column say what it holds, not in which unit. */
function isUnit(text: string): boolean {
  const note = text.trim();
  return note !== '' && !holdsRange.test(note) && !note.includes('=') && !saysValues.test(note);
}

/** '1-5', '1 to 10', '0/1', '0..100', 'scale 1–7', '2015', 'out of 10', '/5'; not '100 km' or '1/min'. */
const holdsRange =
  /(?:^|[^\p{L}\p{N}])[+-]?\d+(?:[.,]\d+)?\s*(?:[-–—/,;|:]|\.\.+|…|to|or|and|bis|und|oder|à|a|et|ou|y|o)\s*[+-]?\d|^[+-]?\d+(?:[.,]\d+)?$|^(?:out\s+of|of|von|sur|de)?\s*\/?\s*\d+\s*(?:max)?$/iu;

const saysValues =
  /^(?:y\W+n|n\W+y|t\W+f|m\W+f|f\W+m|w\W+m|m\W+w|j\W+n|o\W+n|s\W+n|yes\W+no|no\W+yes|ja\W+nein|oui\W+non|s[ií]\W+no|true\W+false|false\W+true|male\W+female|female\W+male|binary|boolean|bool|optional|target|label|ordinal|category|categorical|class|id)$/i;

/**
 * In lower case, without accents, marks and what is in brackets. A price per area is another thing than a price, so '€/m²'
 * stays.
 */
export function bareName(name: string): string {
  return plain(telling(name)).replaceAll(/[^\p{L}\p{N}]/gu, '');
}

/** The parts of a column's name: 'price', 'per' and 'sqm' of 'pricePerSqm'. */
export function splitName(name: string): readonly string[] {
  const spaced = telling(name).replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2');
  return plain(spaced).match(/\p{L}+|\p{N}+/gu) ?? [];
}

function telling(name: string): string {
  const { bare, unit } = nameParts(name);
  return unit !== undefined && /\/|\bper\b|\bpro\b/.test(unit) ? name : bare;
}

function plain(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
}
