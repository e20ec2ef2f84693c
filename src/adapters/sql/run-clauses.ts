import { sql as raw, type RawBuilder } from 'kysely';
import { contextTag } from '../../tracking/record.ts';
import type { Clause, ListClause, TextClause } from '../../tracking/search/ast.ts';
import { shortDigest } from './dataset-summaries.ts';
import { unknownKey, valueMatch, type Match } from './search-match.ts';

const columns: Readonly<Record<string, RawBuilder<unknown>>> = {
  run_id: raw`runs.id`,
  run_name: raw`runs.name`,
  status: raw`runs.status`,
  artifact_uri: raw`runs.artifact_uri`,
  user_id: raw`runs.user_id`,
  lifecycle_stage: raw`runs.lifecycle_stage`,
  start_time: raw`runs.started_at`,
  created: raw`runs.started_at`,
  end_time: raw`runs.ended_at`,
};

/** The column of an attribute. @throws PlatformError INPUT_INVALID */
export function runColumn(key: string): RawBuilder<unknown> {
  const column = Object.hasOwn(columns, key) ? columns[key] : undefined;
  if (column) return column;
  throw unknownKey('attribute', key);
}

/** Whether a run meets a clause, asked of the run. */
export function clauseMatch(clause: Clause): Match {
  switch (clause.entity) {
    case 'attribute':
      return valueMatch(runColumn(clause.key), clause);
    case 'dataset':
      return datasetMatch(clause);
    case 'metric':
    case 'param':
    case 'tag': {
      const rows = raw`select 1 from ${tableOf(clause)} as part
        where part.run_id = runs.id and part.key = ${clause.key}`;
      if (clause.kind === 'presence')
        return clause.comparator === 'IS NULL' ? raw`not exists (${rows})` : raw`exists (${rows})`;
      return raw`exists (${rows} and ${partMatch(clause)})`;
    }
  }
}

/** The ids of all runs that meet a clause, where an index knows them; absent where none does. */
export function indexedRuns(clause: Clause): RawBuilder<unknown> | undefined {
  if (clause.kind === 'presence' || clause.kind === 'list') return undefined;
  if (clause.entity !== 'metric' && clause.entity !== 'param' && clause.entity !== 'tag') return undefined;
  if (clause.comparator === '!=' || clause.comparator === 'LIKE' || clause.comparator === 'ILIKE')
    return undefined;
  return raw`select part.run_id from ${tableOf(clause)} as part where part.key = ${clause.key} and ${partMatch(clause)}`;
}

function tableOf({ entity }: Clause): RawBuilder<unknown> {
  return raw.table(entity === 'metric' ? 'latest_metrics' : entity === 'param' ? 'params' : 'run_tags');
}

/** What a clause says of a row of its key. Texts are in their index by their first characters. */
function partMatch(clause: Clause): Match {
  if (clause.kind === 'presence') return raw`1 = 1`;
  const match = valueMatch(raw`part.value`, clause);
  if (clause.kind === 'number') return raw`part.is_nan = 0 and ${match}`;
  if (clause.kind === 'text' && clause.comparator === '=')
    return raw`substr(part.value, 1, 100) = substr(${clause.value}, 1, 100) and ${match}`;
  return match;
}

/** A dataset that a client logged, or one that a step of our pipeline read. */
function datasetMatch(clause: Clause): Match {
  if (clause.kind !== 'text' && clause.kind !== 'list') throw unknownKey('dataset', clause.key);
  const [theirs, own] = datasetValues(clause);
  return raw`(exists (select 1 from run_inputs
      join datasets on datasets.id = run_inputs.dataset_id
      left join run_input_tags on run_input_tags.run_id = run_inputs.run_id
        and run_input_tags.dataset_id = run_inputs.dataset_id and run_input_tags.key = ${contextTag}
      where run_inputs.run_id = runs.id and ${valueMatch(theirs, clause)})
    or exists (select 1 from run_datasets
      where run_datasets.run_id = runs.id and run_datasets.direction = 'input' and ${valueMatch(own, clause)}))`;
}

function datasetValues({
  key,
}: TextClause | ListClause): readonly [RawBuilder<unknown>, RawBuilder<unknown>] {
  switch (key) {
    case 'name':
      return [raw`datasets.name`, raw`run_datasets.name`];
    case 'digest':
      return [raw`datasets.digest`, shortDigest];
    case 'context':
      return [raw`run_input_tags.value`, raw`run_datasets.task`];
    default:
      throw unknownKey('dataset', key);
  }
}
