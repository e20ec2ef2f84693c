import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { checkJsonText, jsonLimits, readJsonBytes } from '../../body/json-limits.ts';
import { jsonBodyText } from '../../body/read-body.ts';
import type { Endpoint } from './endpoint.ts';
import { mlflowError } from './errors.ts';
import { type Lexed, readLexemes } from './lexemes.ts';
import { pythonJson, pythonType } from './format-python.ts';
import { type FieldPath, type Fault, pathText, readFields } from './read-fields.ts';
import { shortened } from './shorten.ts';

const longestValue = 2000;
const seeDocs = 'See the API docs for more information about request parameters.';

/** The part of a request that endpoints read. */
export interface SentRequest {
  readonly method: string;
  readonly contentType: string | undefined;
  readonly query: Readonly<Record<string, unknown>>;
  readonly params: Readonly<Record<string, string>>;
  /** '' without a query. */
  readonly body: string;
}

/** A request with its body. The body of a GET counts if there is no query: old clients of Java and R send one. */
export async function sentRequest(request: FastifyRequest): Promise<SentRequest> {
  const { method, headers } = request;
  const query = request.query as Readonly<Record<string, unknown>>;
  return {
    method,
    contentType: headers['content-type'],
    query,
    params: request.params as Readonly<Record<string, string>>,
    body: method === 'GET' && isEmpty(query) ? await getBody(request) : parsedBody(request),
  };
}

/**
 * The input of an endpoint: the query of a GET, or else the body, with the parameters of the path.
 * @throws MlflowError in MLflow's wording for the first missing or invalid field
 */
export function readInput(
  { fields }: Pick<Endpoint<never>, 'fields'>,
  sent: SentRequest,
): Record<string, unknown> {
  checkContentType(sent);
  const fromQuery = sent.body === '' && ['GET', 'DELETE', 'PATCH'].includes(sent.method);
  const message = withParams(
    fromQuery ? queryMessage(fields, sent.query) : bodyMessage(sent.body),
    sent.params,
  );
  const refuse = (path: FieldPath, fault: Fault): never => {
    throw faultError(path, fault, fromQuery ? lexedQuery(message) : lexedBody(sent));
  };
  // As in MLflow, a query must use the field names: protobuf's JSON names are for bodies.
  return readFields(fields, message, { parent: undefined, reader: { jsonNames: !fromQuery, refuse } });
}

/** MLflow's error for an invalid value, for checks of an endpoint. */
export function wrongValue(name: string, value: Lexed, reason?: string): Error {
  const hint = reason ?? ` Hint: Value was of type '${pythonType(value)}'. ${seeDocs}`;
  return mlflowError(
    'INVALID_PARAMETER_VALUE',
    `Invalid value ${shortened(pythonJson(value, longestValue), longestValue)} for parameter '${name}' supplied: ${hint}`,
  );
}

/** MLflow's error for a required value that is absent. */
export function missingValue(name: string): Error {
  return mlflowError('INVALID_PARAMETER_VALUE', `Missing value for required parameter '${name}'. ${seeDocs}`);
}

const largestGetBody = 1_000_000;

async function getBody({ headers, raw }: FastifyRequest): Promise<string> {
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) return '';
  return streamText(raw, { largest: largestGetBody, contentType: headers['content-type'] });
}

function parsedBody({ body, headers, method }: FastifyRequest): string {
  checkContentType({ method, contentType: headers['content-type'] });
  return body instanceof Uint8Array ? jsonBodyText(body, headers['content-type']) : '';
}

export interface StreamTextOptions {
  /** In bytes. */
  readonly largest: number;
  readonly contentType: string | undefined;
}

/** The text of a JSON body that comes as a stream. @throws PlatformError BODY_TOO_LARGE, INPUT_INVALID */
export async function streamText(
  stream: Readable,
  { largest, contentType }: StreamTextOptions,
): Promise<string> {
  return jsonBodyText(await readJsonBytes(stream, jsonLimits('read', largest)), contentType);
}

/** @throws MlflowError for a body without a JSON content type: a page of another site cannot send that without a preflight */
export function checkContentType({ method, contentType }: Pick<SentRequest, 'method' | 'contentType'>): void {
  if (!['POST', 'PUT', 'PATCH'].includes(method)) return;
  if (contentType === undefined)
    throw mlflowError('INVALID_PARAMETER_VALUE', 'Bad Request. Content-Type header is missing.');
  if (contentType.split(';')[0]?.trim().toLowerCase() !== 'application/json')
    throw mlflowError(
      'INVALID_PARAMETER_VALUE',
      "Bad Request. Content-Type must be one of ['application/json'].",
    );
}

/** A repeated field that occurs once in a query is also a list. */
function queryMessage(
  fields: Endpoint<never>['fields'],
  query: SentRequest['query'],
): Readonly<Record<string, unknown>> {
  const listed = (name: string, value: unknown): unknown =>
    Object.hasOwn(fields, name) && fields[name]?.repeated && !Array.isArray(value) ? [value] : value;
  return Object.fromEntries(Object.entries(query).map(([name, value]) => [name, listed(name, value)]));
}

/** An integer that a double may not represent. */
const longInteger = /[[:,\s-]\d{16,}[\s,}\]]/;

function bodyMessage(body: string): unknown {
  if (body.trim() === '') return {};
  const value = longInteger.test(body) ? lexedText(body) : plainText(body);
  const decoded = typeof value === 'string' ? innerText(value) : value;
  if (decoded === null) return {};
  if (typeof decoded === 'object' && !Array.isArray(decoded)) return decoded;
  throw mlflowError('BAD_REQUEST', 'Bad Request. The body must be a JSON object.');
}

/** The message of a body that is a JSON string: some clients encode twice. */
function innerText(text: string): unknown {
  checkJsonText(text, 'body');
  return plainText(text);
}

function plainText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return lexedText(text);
  }
}

function lexedText(text: string): Lexed {
  try {
    return readLexemes(text);
  } catch (error) {
    throw mlflowError('BAD_REQUEST', 'Bad Request. The body must be a JSON object.', { cause: error });
  }
}

function withParams(message: unknown, params: SentRequest['params']): unknown {
  if (isEmpty(params)) return message;
  if (message instanceof Map) return new Map([...message, ...Object.entries(params)]);
  return { ...(message as object), ...params };
}

function lexedBody({ body, params }: SentRequest): Lexed {
  const value = body.trim() === '' ? new Map<string, Lexed>() : lexedText(body);
  const decoded = typeof value === 'string' ? lexedText(value) : value;
  return decoded instanceof Map ? new Map([...decoded, ...Object.entries(params)]) : decoded;
}

function lexedQuery(message: unknown): Lexed {
  return new Map(Object.entries(message as Readonly<Record<string, Lexed>>));
}

function faultError(path: FieldPath, fault: Fault, root: Lexed): Error {
  const name = pathText(path);
  return fault === 'missing' ? missingValue(name) : wrongValue(name, valueAt(root, path) ?? null);
}

function valueAt(root: Lexed, { parent, key, sentAs }: FieldPath): Lexed | undefined {
  const holder = parent ? valueAt(root, parent) : root;
  if (holder instanceof Map) return holder.get(sentAs ?? String(key)) as Lexed | undefined;
  return Array.isArray(holder) ? (holder as readonly Lexed[])[Number(key)] : undefined;
}

function isEmpty(record: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(record).length === 0;
}
