import type { ColumnType } from '../../project/tables/table.ts';
import { type DateForm, type DateFormName, dateForms } from '../../sources/csv/date-forms.ts';
import type { Decimal } from '../../sources/csv/format.ts';
import { NumberCells } from '../../sources/csv/cells.ts';
import { type MissingValues, missingValues, unitOf, unitRows } from '../../sources/csv/number-unit.ts';
import { isMissing, readBoolean, readNumber } from '../../sources/csv/values.ts';
import {
  type BadCell,
  type BadCells,
  type DateFacts,
  type DatePart,
  dateParts,
  type InferredColumn,
  isIdentifier,
  mostCounted,
  type NumberFacts,
  type UnclearMarks,
} from './column.ts';
import { sentinelOf } from './sentinel.ts';
import type { StatedType } from './stated-type.ts';
import { unclearMarks, MarkCount } from './unclear-marks.ts';

const mostExamples = 3;
/** Of the numbers that may be names of classes or of categories. */
const mostCodes = 1000;
/** Of a column's cells: with fewer that are of a type, the column is text. */
const typeShare = 0.95;
/** Of a form of dates: with more, the column has none of this form. */
const mostMisses = 0.5;

export interface CellRules {
  readonly decimal: Decimal;
  /** Words that mean a missing value. */
  readonly missing: readonly string[];
  /** The form of the column's dates, where it was named. */
  readonly dateForm?: DateFormName | undefined;
  /** What the column holds, where it was said. */
  readonly stated?: StatedType | undefined;
}

/** Years are numbers to a model. */
const formsOfDays = dateForms.filter(({ name }) => name !== 'year');

/** What a text can be read as. */
interface Reading {
  count: number;
  /** Null for one that means a missing value. */
  readonly number: number | null | undefined;
  /** Whether it is a number with another currency, or with a percent sign among others without one. */
  readonly isOtherUnit: boolean;
  readonly truth: boolean | undefined;
  readonly isClock: boolean;
}

/** The forms that a column's dates can have. */
interface FormCount {
  readonly form: DateForm;
  fits: number;
  misses: number;
  firstMiss: BadCell | undefined;
  before: string;
  rises: boolean;
}

/** Reads the cells of one column, line by line, and keeps what decides its type; its size does not grow with the file. */
export class ColumnSketch {
  readonly #name: string;
  readonly #index: number;
  readonly #rules: CellRules;
  readonly #missing: MissingValues;
  readonly #cells: NumberCells;
  readonly #readings = new Map<string, Reading>();
  /** The first cells, until they have decided the unit of the numbers. */
  #first: BadCell[] | undefined = [];
  readonly #truths = new Set<boolean>();
  readonly #marks = { number: new MarkCount(), date: new MarkCount(), 'yes-no': new MarkCount() };
  #forms: readonly FormCount[];
  #rows = 0;
  #filled = 0;
  #numbers = 0;
  #integers = 0;
  #codes = 0;
  #booleans = 0;
  #clocks = 0;
  #sum = 0;
  #least = Infinity;
  #greatest = -Infinity;
  #rising = true;
  #before: number | undefined;
  #noNumber: BadCell | undefined;
  #otherUnits = 0;
  #noBoolean: BadCell | undefined;
  /** Cells that are missing in a column of numbers alone: -200,0 where -200 is missing. */
  #sentinels = 0;

  constructor(name: string, index: number, rules: CellRules) {
    this.#name = name;
    this.#index = index;
    this.#rules = rules;
    const missing = missingValues(rules.missing, rules.decimal);
    this.#missing = missing;
    this.#cells = new NumberCells({ decimal: rules.decimal, missing });
    this.#forms = formsOfDays
      .filter((form) => rules.dateForm === undefined || form.name === rules.dateForm)
      .map((form) => ({ form, fits: 0, misses: 0, firstMiss: undefined, before: '', rises: true }));
  }

  add(written: string, line: number): void {
    if (!this.#first) return this.#add(written, line);
    this.#first.push({ line, text: written });
    if (this.#first.length === unitRows) this.#addFirst();
  }

  #addFirst(): void {
    const first = this.#first ?? [];
    this.#first = undefined;
    const cells = first.map(({ text }) => text);
    this.#cells.settle(unitOf(cells, { decimal: this.#rules.decimal, missing: this.#missing }));
    for (const { text, line } of first) this.#add(text, line);
  }

  #add(written: string, line: number): void {
    this.#rows += 1;
    if (isMissing(written, this.#missing.marks)) return;
    this.#filled += 1;
    const text = written.trim();
    const { number, isOtherUnit, truth, isClock } = this.#read(written, text);
    if (number === null) this.#sentinels += 1;
    else if (number === undefined) {
      this.#noNumber ??= { line, text };
      if (isOtherUnit) this.#otherUnits += 1;
      else this.#marks.number.add(text);
    } else this.#addNumber(number);
    if (isCode.test(text)) this.#codes += 1;
    if (truth === undefined) {
      this.#noBoolean ??= { line, text };
      this.#marks['yes-no'].add(text);
    } else {
      this.#booleans += 1;
      this.#truths.add(truth);
    }
    if (isClock) this.#clocks += 1;
    if (this.#forms.length > 0) this.#addDate(text, line);
  }

  column(): InferredColumn {
    this.#addFirst();
    const found = this.#dateForms(this.#forms.filter(({ fits }) => this.#holds(fits)));
    const unclear = this.#unclear(found);
    const isDate = (this.#rules.stated ?? unclear?.others) === 'date';
    const forms = isDate ? this.#dateForms(this.#forms.filter(({ fits }) => fits > 0)) : found;
    const type = this.#type(forms, unclear);
    const isNumber = type === 'integer' || type === 'number';
    const hasSentinels = isNumber || type === undefined;
    const texts = [...this.#readings].filter(([, { number }]) => number !== null || !hasSentinels);
    const filled = this.#filled - (hasSentinels ? this.#sentinels : 0);
    return {
      name: this.#name,
      index: this.#index,
      type,
      nullable: filled < this.#rows,
      filled,
      missing: this.#rows - filled,
      distinct: texts.length,
      commonest: texts.reduce((most, [, { count }]) => Math.max(most, count), 0),
      values: type === 'string' || texts.length <= mostCodes ? countedTexts(texts) : [],
      examples: texts.slice(0, mostExamples).map(([text]) => text.trim()),
      numbers: isNumber ? this.#numberFacts() : undefined,
      dates: type === 'date' || type === 'timestamp' ? this.#dateFacts(forms, type) : undefined,
      isClock: type === 'string' && this.#clocks === this.#filled,
      countsLines: type === 'integer' && this.#rising && filled === this.#rows,
      bad: this.#badCells(type, forms),
      unclear,
      oddField: type === 'string' && this.#numbers >= 0.5 * this.#filled ? this.#noNumber : undefined,
    };
  }

  #read(written: string, text: string): Reading {
    const seen = this.#readings.get(written);
    if (seen) {
      seen.count += 1;
      return seen;
    }
    const { stated, decimal } = this.#rules;
    const isText = isCode.test(text) && stated !== 'number';
    const number = isText ? undefined : this.#cells.read(text);
    const reading: Reading = {
      count: 1,
      number,
      isOtherUnit: !isText && number === undefined && readNumber(text, { decimal }) !== undefined,
      // 1 and 0 are numbers here, though a column that is declared boolean takes them.
      truth: /^[01]$/.test(text) && stated !== 'yes-no' ? undefined : readBoolean(text),
      isClock: isClockTime.test(text),
    };
    if (this.#readings.size < mostCounted) this.#readings.set(written, reading);
    return reading;
  }

  #addNumber(value: number): void {
    this.#numbers += 1;
    if (Number.isInteger(value)) this.#integers += 1;
    this.#sum += value;
    this.#least = Math.min(this.#least, value);
    this.#greatest = Math.max(this.#greatest, value);
    const follows = this.#before === undefined ? value === 0 || value === 1 : value === this.#before + 1;
    if (!follows) this.#rising = false;
    this.#before = value;
  }

  #addDate(text: string, line: number): void {
    const isPlausible = text.length >= 5 && /\d/.test(text);
    let isDay = false;
    for (const each of this.#forms) {
      const day = isPlausible ? each.form.day(text) : undefined;
      if (day === undefined) {
        each.misses += 1;
        each.firstMiss ??= { line, text };
      } else {
        each.fits += 1;
        isDay = true;
        if (day < each.before) each.rises = false;
        each.before = day;
      }
    }
    if (!isDay) this.#marks.date.add(text);
    if (this.#filled % 64 === 32)
      this.#forms = this.#forms.filter(({ fits, misses }) => misses <= mostMisses * (fits + misses));
  }

  #holds(count: number): boolean {
    return this.#filled > 0 && count >= typeShare * this.#filled;
  }

  /** Of two ways to read 01/02/2024, the one in whose order the lines are, if only one is. */
  #dateForms(fit: readonly FormCount[]): readonly FormCount[] {
    const most = Math.max(...fit.map(({ fits }) => fits));
    const best = fit.filter(({ fits }) => fits === most);
    const usable = best.filter(({ form }) => this.#canBeDate(form));
    const plain = usable.find(({ form }) => !form.asked);
    if (plain) return [plain];
    const inOrder = usable.filter(({ rises }) => rises);
    return inOrder.length === 1 && this.#readings.size >= 5 ? inOrder : usable;
  }

  /** Numbers are seconds in a column that is named after a time; other dates have marks, or eight digits as 20240131. */
  #canBeDate({ name }: DateForm): boolean {
    if (name === this.#rules.dateForm || !name.startsWith('epoch')) return true;
    return this.#codes === 0 && this.#least > 0 && isTimeName.test(this.#name);
  }

  #type([first]: readonly FormCount[], unclear: UnclearMarks | undefined): ColumnType | undefined {
    if (this.#filled === this.#sentinels) return undefined;
    const stated = this.#rules.stated ?? unclear?.others;
    if (stated === 'text') return 'string';
    if (stated === 'yes-no' || (this.#booleans === this.#filled && this.#truths.size === 2)) return 'boolean';
    if (first && (stated === undefined || stated === 'date'))
      return this.#hasTimes(first.form) ? 'timestamp' : 'date';
    const isNumber =
      stated === 'number' ||
      (this.#codes === 0 && this.#holds(this.#numbers + this.#sentinels + this.#otherUnits));
    if (!isNumber) return 'string';
    return this.#integers === this.#numbers ? 'integer' : 'number';
  }

  /** Words that leave open what the column is: with few of them, their lines are set aside. */
  #unclear([form]: readonly FormCount[]): UnclearMarks | undefined {
    if (this.#rules.stated !== undefined) return undefined;
    const numbers = this.#numbers + this.#sentinels + this.#otherUnits;
    if (form || this.#codes > 0 || this.#holds(numbers)) return undefined;
    const [filled, different] = [this.#filled, this.#readings.size];
    const beside = (others: UnclearMarks['others'], fits: number): UnclearMarks | undefined => {
      const marks = this.#marks[others].marks();
      return unclearMarks({ filled, fits, marks, values: different - (marks?.length ?? 0), others });
    };
    const dated = this.#forms.filter((each) => this.#canBeDate(each.form)).map(({ fits }) => fits);
    return (
      beside('number', numbers) ??
      beside('date', Math.max(0, ...dated)) ??
      (this.#truths.size === 2 ? beside('yes-no', this.#booleans) : undefined)
    );
  }

  #hasTimes(form: DateForm): boolean {
    return [...this.#readings.keys()].some((text) => {
      const found = form.time(text);
      return found !== undefined && !isMidnight.test(found);
    });
  }

  #numberFacts(): NumberFacts {
    const counts = [...this.#readings.values()].flatMap(({ number, count }) =>
      typeof number === 'number' ? [{ number, count }] : [],
    );
    return {
      least: this.#least,
      greatest: this.#greatest,
      mean: this.#sum / this.#numbers,
      unit: this.#cells.unit,
      sentinel: isIdentifier({ name: this.#name, countsLines: false, distinct: this.#readings.size })
        ? undefined
        : sentinelOf(counts),
    };
  }

  #dateFacts(forms: readonly FormCount[], type: 'date' | 'timestamp'): DateFacts {
    const [first] = forms;
    const times = [...this.#readings.keys()]
      .map((text) => Date.parse(timeOf(first?.form, text.trim(), type) ?? ''))
      .filter((time) => !Number.isNaN(time));
    const parts = dateParts.filter(
      (part) => new Set(times.map((time) => partOf[part](new Date(time)))).size > 1,
    );
    return {
      forms: forms.map(({ form }) => form),
      from: times.reduce((one, other) => Math.min(one, other), Infinity),
      to: times.reduce((one, other) => Math.max(one, other), -Infinity),
      parts: type === 'date' ? parts.filter((part) => part !== 'hour') : parts,
    };
  }

  #badCells(type: ColumnType | undefined, [form]: readonly FormCount[]): BadCells | undefined {
    if (type === 'integer' || type === 'number')
      return badCells(this.#filled - this.#numbers - this.#sentinels, this.#noNumber);
    if (type === 'date' || type === 'timestamp') return badCells(form?.misses ?? 0, form?.firstMiss);
    if (type === 'boolean') return badCells(this.#filled - this.#booleans, this.#noBoolean);
    return undefined;
  }
}

function countedTexts(texts: readonly (readonly [string, Reading])[]): InferredColumn['values'] {
  return texts
    .map(([text, { count }]) => ({ text, count }))
    .toSorted((one, other) => other.count - one.count || (one.text < other.text ? -1 : 1));
}

function badCells(count: number, first: BadCell | undefined): BadCells | undefined {
  return count > 0 && first ? { count, first } : undefined;
}

function timeOf(form: DateForm | undefined, text: string, type: 'date' | 'timestamp'): string | undefined {
  return (type === 'timestamp' ? form?.time(text) : undefined) ?? form?.day(text);
}

const partOf: Readonly<Record<DatePart, (at: Date) => number>> = {
  year: (at) => at.getUTCFullYear(),
  month: (at) => at.getUTCMonth(),
  weekday: (at) => at.getUTCDay(),
  hour: (at) => at.getUTCHours(),
  day: (at) => Math.floor(at.getTime() / 86_400_000),
};

const isTimeName =
  /(?:^|[^a-z])(?:ts|time|timestamp|date|datetime|epoch|unix|day|when|at|created|updated|sold)(?:$|[^a-z])|[a-z](?:Time|Date|At)$/i;

const isMidnight = /T00:00:00(?:\.0+)?Z$/;

/** 007 is a code that numbers would cut short, and so is an id that a number cannot hold. */
const isCode = /^(?:0\d+|\d{16,})$/;

const isClockTime = /^(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?$/;
