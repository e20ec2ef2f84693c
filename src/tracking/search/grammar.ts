import type { SearchEntity } from './ast.ts';

/** Python's text of a set, as MLflow's messages show one: `{'a', 'b'}`. */
export function setText(names: readonly string[]): string {
  return `{${names.map((name) => `'${name}'`).join(', ')}}`;
}

type Comparators = readonly string[];

/** What may be searched and how; messages differ between MLflow's searches, so they are here too. */
export interface SearchGrammar {
  /** Names of entities before the dot. */
  readonly entities: Readonly<Record<string, SearchEntity>>;
  readonly unknownEntity: (name: string) => string;
  /** Attributes of a filter, in the order in which a message names them. */
  readonly attributes: readonly string[];
  readonly numericAttributes: readonly string[];
  /** Whether a number may be in quotes. @default false */
  readonly takesQuotedNumbers?: true;
  /** Other names of attributes: `created` is `start_time`. */
  readonly aliases: Readonly<Record<string, string>>;
  readonly orderAttributes: readonly string[];
  readonly unknownOrder: (key: string) => string;
  /** Attributes that IN takes, or all of the texts. */
  readonly listAttributes: readonly string[] | 'all';
  readonly comparators: Readonly<Record<SearchEntity | 'number', Comparators>>;
  readonly wrongComparator: (subject: Subject, comparator: string, valid: Comparators) => string;
  /** What a message says where a text attribute is compared with something else. */
  readonly textExpected: string;
  /** The message for parts that are no comparison. @param parts as they were written */
  readonly invalidClauses: (parts: readonly string[], filter: string) => string;
  /** Whether a text may come without quotes. @default false */
  readonly takesBareTexts?: true;
  /** The entities that order_by takes. */
  readonly orderEntities: readonly SearchEntity[];
}

export interface Subject {
  readonly entity: SearchEntity;
  readonly key: string;
  readonly numeric: boolean;
}

const number: Comparators = ['=', '!=', '>', '>=', '<', '<='];
const text: Comparators = ['=', '!=', 'LIKE', 'ILIKE'];
const list: Comparators = ['IN', 'NOT IN'];
const presence: Comparators = ['IS NULL', 'IS NOT NULL'];

const quotedText = 'Expected a quoted string value for attributes.';
const quotedTextOrList = 'Expected a quoted string value or a list of quoted string values for attributes.';

const attributeNames = {
  attribute: 'attribute',
  attributes: 'attribute',
  attr: 'attribute',
  run: 'attribute',
} as const;
const runEntities = {
  ...attributeNames,
  metric: 'metric',
  metrics: 'metric',
  parameter: 'param',
  parameters: 'param',
  param: 'param',
  params: 'param',
  tag: 'tag',
  tags: 'tag',
  dataset: 'dataset',
  datasets: 'dataset',
} as const;

const runOrderAttributes = [
  'end_time',
  'status',
  'artifact_uri',
  'user_id',
  'created',
  'Created',
  'run_name',
  'run_id',
  'start_time',
];

export const runSearch: SearchGrammar = {
  entities: runEntities,
  unknownEntity: (name) =>
    `Invalid entity type '${name}'. Valid values are ['metric', 'parameter', 'tag', 'attribute', 'dataset']`,
  attributes: [...runOrderAttributes, 'Run name', 'Run Name', 'run name'],
  numericAttributes: ['start_time', 'end_time'],
  aliases: {
    created: 'start_time',
    Created: 'start_time',
    'run name': 'run_name',
    'Run name': 'run_name',
    'Run Name': 'run_name',
  },
  orderAttributes: runOrderAttributes,
  unknownOrder: (key) => unknownAttribute(key, runOrderAttributes),
  listAttributes: 'all',
  comparators: {
    number,
    metric: number,
    param: [...text, ...presence],
    tag: [...text, ...presence],
    attribute: [...text, ...list],
    dataset: [...text, ...list],
  },
  wrongComparator: ({ entity, key }, comparator, valid) =>
    presence.includes(comparator)
      ? `IS NULL / IS NOT NULL is only supported for tags and params, not for '${entity}' '${key}'`
      : `Invalid comparator '${comparator}' not one of '${setText(valid)}'`,
  textExpected: quotedText,
  invalidClauses: (parts) =>
    `Invalid clause(s) in filter string: ${parts.map((part) => `'${part}'`).join(', ')}`,
  orderEntities: ['attribute', 'metric', 'param', 'tag'],
};

const fewEntities = { attribute: 'attribute', tag: 'tag', tags: 'tag' } as const;
const fewEntitiesText = "('attribute', 'tag', 'tags')";

/** What the searches of experiments, registered models and versions have in common. */
const tagged = {
  entities: fewEntities,
  unknownEntity: (name: string) => `Invalid entity type '${name}'. Valid entity types are ${fewEntitiesText}`,
  aliases: {},
  listAttributes: [],
  wrongComparator: ({ entity, numeric }: Subject, comparator: string) =>
    `Invalid comparator for ${entity === 'tag' ? 'tag' : `${numeric ? 'numeric' : 'string'} attribute`}: ${comparator}`,
  invalidClauses: (parts: readonly string[]) => `Invalid clause(s) in filter string: ${parts.join(', ')}`,
  orderEntities: ['attribute'],
} as const;

const taggedComparators = {
  number,
  metric: number,
  param: text,
  tag: [...text, ...presence],
  attribute: text,
  dataset: text,
};

const experimentOrder = ['name', 'experiment_id', 'creation_time', 'last_update_time'];

export const experimentSearch: SearchGrammar = {
  ...tagged,
  attributes: ['name', 'creation_time', 'last_update_time'],
  numericAttributes: ['creation_time', 'last_update_time'],
  orderAttributes: experimentOrder,
  unknownOrder: (key) => unknownAttribute(key, experimentOrder),
  comparators: taggedComparators,
  textExpected: quotedText,
};

export const registeredModelSearch: SearchGrammar = {
  ...tagged,
  attributes: ['name'],
  numericAttributes: [],
  aliases: { timestamp: 'last_updated_timestamp' },
  orderAttributes: ['name', 'timestamp', 'last_updated_timestamp'],
  unknownOrder: (key) => `Invalid order by key '${key}' specified. Valid keys are '{'name', 'timestamp'}'`,
  comparators: taggedComparators,
  wrongComparator: ({ entity }, comparator) => `Invalid comparator for ${entity}: ${comparator}`,
  textExpected: quotedTextOrList,
};

const versionOrder = ['name', 'version_number', 'creation_timestamp', 'last_updated_timestamp'];

export const modelVersionSearch: SearchGrammar = {
  ...tagged,
  attributes: ['name', 'version_number', 'run_id', 'source_path'],
  numericAttributes: ['version_number'],
  takesQuotedNumbers: true,
  orderAttributes: versionOrder,
  unknownOrder: (key) => unknownAttribute(key, versionOrder),
  listAttributes: ['run_id'],
  comparators: { ...taggedComparators, attribute: [...text, 'IN'] },
  wrongComparator: ({ entity }, comparator) => `Invalid comparator for ${entity}: ${comparator}`,
  textExpected: quotedTextOrList,
};

const loggedModelAttributes = [
  'name',
  'model_id',
  'model_type',
  'status',
  'source_run_id',
  'creation_timestamp',
  'creation_time',
  'last_updated_timestamp',
  'last_updated_time',
];

export const loggedModelSearch: SearchGrammar = {
  ...runSearch,
  unknownEntity: (name) =>
    `Invalid entity type: '${name}'. Expected one of ['attributes', 'metrics', 'params', 'tags'].`,
  invalidClauses: (_parts, filter) =>
    `Invalid filter string: '${filter}'. Expected a list of comparisons separated by 'AND' (e.g. 'metrics.loss > 0.1 AND params.lr = 0.01').`,
  takesBareTexts: true,
  comparators: {
    ...runSearch.comparators,
    param: [...text, ...list, ...presence],
    tag: [...text, ...list, ...presence],
  },
  wrongComparator: ({ entity, key }, comparator) =>
    `Invalid comparison operator for ${entity}s.${key}: '${comparator}'. Expected one of ('=', '!=', 'LIKE', 'ILIKE', 'IN', 'NOT IN').`,
  attributes: loggedModelAttributes,
  numericAttributes: ['creation_timestamp', 'last_updated_timestamp'],
  aliases: { creation_time: 'creation_timestamp', last_updated_time: 'last_updated_timestamp' },
  orderAttributes: loggedModelAttributes,
  unknownOrder: (key) => `Invalid order by field name: ${key}.`,
  orderEntities: ['attribute', 'metric'],
};

export function unknownAttribute(key: string, valid: readonly string[]): string {
  return `Invalid attribute key '${key}' specified. Valid keys are '${setText(valid)}'`;
}
