export { cricsheet, type CricsheetOptions, readCricsheet } from './cricsheet/reader.ts';
export { Delivery } from './cricsheet/delivery.ts';
export { query, type QueryOptions, readQuery } from './query.ts';
export { json, type JsonOptions, readJson } from './json.ts';
export { readStream, stream, type StreamOptions } from './stream.ts';
export { csv, type CsvOptions } from './csv/csv.ts';
export type { CsvDateForm } from './csv/csv-options.ts';
export { readCsv } from './csv/read-csv.ts';
