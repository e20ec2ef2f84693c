type Cell = string | number | boolean | null;

/** Whether a value is a list of flat objects, such as rows of a table. */
export function isRows(value: unknown): value is readonly Readonly<Record<string, Cell>>[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((row) => isRow(row) && Object.values(row).every((cell) => cell === null || !isObject(cell)))
  );
}

function isRow(value: unknown): value is object {
  return isObject(value) && Object.getPrototypeOf(value) === Object.prototype;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

/** The most that a message shows of rows. */
const most = { cell: 40, columns: 20, rows: 10, characters: 2000 };

/** 'id=a, day=2024-01-01; id=b, day=2024-01-02; 3 more rows'. The first row is never left out. */
export function formatRows(rows: readonly Readonly<Record<string, Cell>>[]): string {
  const texts: string[] = [];
  let characters = 0;
  for (const row of rows.slice(0, most.rows)) {
    const text = formatRow(row);
    characters += text.length;
    if (texts.length > 0 && characters > most.characters) break;
    texts.push(text);
  }
  return [...texts, ...moreOf('row', rows.length - texts.length)].join('; ');
}

/** 'id=a, day=2024-01-01': each value is shortened for itself, so that the last columns are seen too. */
function formatRow(row: Readonly<Record<string, Cell>>): string {
  const cells = Object.entries(row);
  const texts = cells
    .slice(0, most.columns)
    .map(([column, cell]) => `${shortCell(column)}=${shortCell(String(cell))}`);
  return [...texts, ...moreOf('column', cells.length - texts.length)].join(', ');
}

function shortCell(text: string): string {
  return text.length > most.cell ? `${text.slice(0, most.cell)}…` : text;
}

function moreOf(what: string, count: number): readonly string[] {
  return count > 0 ? [`${count.toLocaleString('en-US')} more ${what}${count === 1 ? '' : 's'}`] : [];
}
