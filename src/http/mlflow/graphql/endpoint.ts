import type { Readable } from 'node:stream';
import { isJsonObject, type JsonObject } from '../../../kernel/json.ts';
import type { Log } from '../../../kernel/log.ts';
import type { Endpoint } from '../wire/endpoint.ts';
import { mlflowError } from '../wire/errors.ts';
import type { Exchange, RawEndpoint } from '../wire/raw-endpoint.ts';
import { checkContentType, streamText } from '../wire/read-request.ts';
import { executeGraphql, type GraphqlRequest } from './execute.ts';
import { graphqlRoots } from './roots.ts';
import { mlflowTypes } from './types.ts';

const largestBody = 1_000_000;

/** `/graphql`, which only MLflow's own pages call: their queries, answered by `endpoints`. */
export function graphqlEndpoint<Services extends { readonly log: Log }>(
  endpoints: readonly Endpoint<Services>[],
): RawEndpoint<Services> {
  return {
    methods: ['GET', 'POST'],
    path: '/graphql',
    versions: [],
    permission: 'read',
    async handle(exchange, services) {
      const schema = { types: mlflowTypes, roots: graphqlRoots(endpoints, services) };
      const response = await executeGraphql(await requestOf(exchange), schema);
      return exchange.reply.type('application/json').send(JSON.stringify(response));
    },
  };
}

async function requestOf({ request }: Exchange): Promise<GraphqlRequest> {
  checkContentType({ method: request.method, contentType: request.headers['content-type'] });
  const sent =
    request.method === 'GET'
      ? (request.query as JsonObject)
      : parsed(
          await streamText(request.body as Readable, {
            largest: largestBody,
            contentType: request.headers['content-type'],
          }),
        );
  const { query, operationName, variables } = sent;
  if (typeof query !== 'string') throw mlflowError('INVALID_PARAMETER_VALUE', 'Must provide query string.');
  return {
    query,
    operationName: typeof operationName === 'string' ? operationName : undefined,
    variables: isJsonObject(variables) ? variables : undefined,
  };
}

function parsed(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    if (isJsonObject(value)) return value;
  } catch (error) {
    throw mlflowError('BAD_REQUEST', 'Bad Request. The body must be a JSON object.', { cause: error });
  }
  throw mlflowError('BAD_REQUEST', 'Bad Request. The body must be a JSON object.');
}
