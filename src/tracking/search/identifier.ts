import { SearchError } from './ast.ts';
import { type SearchGrammar, setText, type Subject, unknownAttribute } from './grammar.ts';

const datasetKeys = ['name', 'digest', 'context'];

/**
 * What `metrics.loss`, `` tags.`my tag` `` or a bare attribute names.
 * @param filter the whole text, for the error
 * @throws SearchError for an entity or attribute that the grammar does not have
 */
export function subjectOf(identifier: string, grammar: SearchGrammar, filter: string): Subject {
  const { entityName, key } = parts(identifier);
  const entity = entityName === undefined ? 'attribute' : entityOf(entityName, grammar);
  if (entity === undefined) throw new SearchError(grammar.unknownEntity(entityName ?? ''), filter);
  if (entity === 'attribute' && !grammar.attributes.includes(key))
    throw new SearchError(unknownAttribute(key, grammar.attributes), filter);
  if (entity === 'dataset' && !datasetKeys.includes(key))
    throw new SearchError(
      `Invalid dataset key '${key}' specified. Valid keys are '${setText(datasetKeys)}'`,
      filter,
    );
  return subject(entity, key, grammar);
}

/**
 * The same for an ordering, whose attributes are others.
 * @throws SearchError
 */
export function orderSubject(identifier: string, grammar: SearchGrammar, clause: string): Subject {
  const { entityName, key } = parts(identifier);
  const entity = entityName === undefined ? 'attribute' : entityOf(entityName, grammar);
  if (entity === undefined) throw new SearchError(grammar.unknownEntity(entityName ?? ''), clause);
  if (!grammar.orderEntities.includes(entity))
    throw new SearchError(`Invalid order_by entity: ${entity}`, clause);
  if (entity === 'attribute' && !grammar.orderAttributes.includes(key))
    throw new SearchError(grammar.unknownOrder(key), clause);
  return subject(entity, key, grammar);
}

function subject(entity: Subject['entity'], written: string, grammar: SearchGrammar): Subject {
  if (entity !== 'attribute') return { entity, key: written, numeric: entity === 'metric' };
  const key = Object.hasOwn(grammar.aliases, written) ? (grammar.aliases[written] ?? written) : written;
  return { entity, key, numeric: grammar.numericAttributes.includes(key) };
}

function entityOf(name: string, { entities }: SearchGrammar): Subject['entity'] | undefined {
  const bare = unquoted(name);
  return Object.hasOwn(entities, bare) ? entities[bare] : undefined;
}

/** The entity before the first dot that is not in quotes, and the key after it. */
function parts(identifier: string): { readonly entityName: string | undefined; readonly key: string } {
  const [, entityName, key] = /^(`[^`]*`|"[^"]*"|[^.`"]*)\.(.*)$/su.exec(identifier) ?? [];
  return { entityName, key: unquoted(key ?? identifier) };
}

function unquoted(text: string): string {
  const quote = text.at(0) ?? '';
  return text.length >= 2 && '`"\''.includes(quote) && text.endsWith(quote) ? text.slice(1, -1) : text;
}
