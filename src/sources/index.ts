export { cricsheet, type CricsheetOptions, readCricsheet } from './cricsheet/reader.ts';
export { Delivery } from './cricsheet/delivery.ts';
export { json, type JsonOptions, readJson } from './json.ts';
export { csv, type CsvOptions, type CsvRow, readCsv } from './csv.ts';
