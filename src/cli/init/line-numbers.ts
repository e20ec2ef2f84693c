import { type CsvFile, csvFile, type Delimiter } from './read-csv.ts';

/** The file with a column before the others that numbers its lines from 1: `row`, or another name where that is taken. */
export function withLineNumbers(csv: CsvFile): CsvFile {
  const { delimiter } = csv;
  const name = nameFor(csv.header);
  const lines = [[name, ...csv.header]];
  for (const { fields } of csv.records()) lines.push([String(lines.length), ...fields]);
  return csvFile(
    csv.file,
    lines.map((fields) => `${fields.map((field) => quoted(field, delimiter)).join(delimiter)}\n`).join(''),
  );
}

function nameFor(header: readonly string[]): string {
  const taken = header.map((name) => name.toLowerCase());
  let name = 'row';
  for (let number = 2; taken.includes(name); number++) name = `row${number}`;
  return name;
}

function quoted(field: string, delimiter: Delimiter): string {
  return /["\r\n]/.test(field) || field.includes(delimiter) ? `"${field.replaceAll('"', '""')}"` : field;
}
