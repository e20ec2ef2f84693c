import type { ColumnType } from '../../project/tables/table.ts';
import { coerce } from '../../sources/csv-values.ts';
import { type TimeFormat, timeFormats } from './forecast/time-format.ts';
import { type InferredColumn, mostChoices, type NumberFacts } from './column.ts';

const mostCounted = 10_000;

/** The narrower before the wider; a column that none fits is text. */
const narrowTypes = [
  'boolean',
  'integer',
  'number',
  'date',
  'timestamp',
] as const satisfies readonly ColumnType[];

/** Sees the fields of one column, line by line, and keeps what tells its type; its size does not grow with the file. */
export class ColumnSketch {
  readonly #name: string;
  readonly #fits = new Set<ColumnType>(narrowTypes);
  readonly #counts = new Map<string, number>();
  readonly #truths = new Set<unknown>();
  #rows = 0;
  #filled = 0;
  #numeric = 0;
  #sum = 0;
  #least = Infinity;
  #greatest = -Infinity;
  #last = '';
  #timeLength: number | undefined;
  #timeFormats: readonly TimeFormat[] = timeFormats;
  #rising = true;
  #before: number | undefined;
  #oddField: InferredColumn['oddField'];

  constructor(name: string) {
    this.#name = name;
  }

  add(text: string, line: number): void {
    this.#rows += 1;
    if (text === '') return;
    this.#filled += 1;
    this.#count(text);
    for (const type of this.#fits) if (!fits(text, type)) this.#fits.delete(type);
    if (this.#fits.has('boolean')) this.#truths.add(coerce(text, 'boolean'));
    this.#addTime(text);
    const value = fits(text, 'number') ? Number(text) : undefined;
    if (value !== undefined) this.#addNumber(value);
    else this.#oddField ??= { line, text };
  }

  column(): InferredColumn {
    const type = this.#type();
    const isText = type === 'string';
    const oneOf =
      isText && this.#counts.size <= mostChoices ? [...this.#counts.keys()].toSorted() : undefined;
    const numbers = type === 'integer' || type === 'number' ? this.#numbers() : undefined;
    return {
      name: this.#name,
      type,
      nullable: this.#filled < this.#rows,
      oneOf,
      filled: this.#filled,
      distinct: this.#counts.size,
      commonest: Math.max(0, ...this.#counts.values()),
      last: this.#last,
      numbers,
      inTime: type === 'date' || type === 'timestamp' || (isText && (this.#timeLength ?? 0) > 0),
      timeFormats: this.#filled === 0 ? [] : this.#timeFormats,
      countsLines: type === 'integer' && this.#rising && this.#filled === this.#rows,
      oddField: isText && this.#numeric >= 0.5 * this.#filled ? this.#oddField : undefined,
    };
  }

  #count(text: string): void {
    const count = this.#counts.get(text);
    if (count !== undefined || this.#counts.size < mostCounted) this.#counts.set(text, (count ?? 0) + 1);
  }

  #addNumber(value: number): void {
    this.#numeric += 1;
    this.#sum += value;
    this.#least = Math.min(this.#least, value);
    this.#greatest = Math.max(this.#greatest, value);
    const follows = this.#before === undefined ? value === 0 || value === 1 : value === this.#before + 1;
    if (!follows) this.#rising = false;
    this.#before = value;
  }

  /** Times without a zone are text here, and sort as such only where all are written alike. */
  #addTime(text: string): void {
    if (text > this.#last) this.#last = text;
    if (this.#timeFormats.length > 0)
      this.#timeFormats = this.#timeFormats.filter(({ day }) => day(text) !== undefined);
    if (!isTime.test(text) || (this.#timeLength ?? text.length) !== text.length) this.#timeLength = 0;
    else this.#timeLength ??= text.length;
  }

  #type(): ColumnType | undefined {
    if (this.#filled === 0) return undefined;
    return (
      narrowTypes.find((type) => this.#fits.has(type) && (type !== 'boolean' || this.#truths.size === 2)) ??
      'string'
    );
  }

  #numbers(): NumberFacts {
    return { least: this.#least, greatest: this.#greatest, mean: this.#sum / this.#filled };
  }
}

const isTime = /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?$/;

/** 1 and 0 are numbers here, though a column that is declared boolean takes them; 007 is a code that numbers would cut short. */
function fits(text: string, type: ColumnType): boolean {
  if (type === 'boolean' && /^\s*[01]\s*$/.test(text)) return false;
  if ((type === 'integer' || type === 'number') && isCode.test(text)) return false;
  return coerce(text, type) !== undefined;
}

const isCode = /^\s*(?:0\d+|\d{16,})\s*$/;
