import type { Kysely } from 'kysely';
import { neededBy } from '../../../tracking/purge-needs.ts';
import { joinedPlans, type PurgeFacts, purgeRule } from '../../../tracking/purge-rule.ts';
import type { KeptItem, PurgeItem, PurgePlan, PurgeSelection } from '../../../tracking/purge-store.ts';
import type { Database } from '../database.ts';
import { experimentFact, modelFact, runFact, versionLocation } from './purge-facts.ts';
import {
  aliasesOf,
  experimentsChosen,
  modelsChosen,
  orNone,
  runsChosen,
  registeredVersions,
} from './purge-selection.ts';
import type { Tables } from '../tables.ts';

/** What a selection removes, and what it must keep. */
export async function purgePlan(database: Database, selection: PurgeSelection): Promise<PurgePlan> {
  const facts = await selectedFacts(database, selection);
  const registered = await registeredModelPlan(database, selection.registeredModels);
  const unknown = { go: [], kept: unknownItems(facts, selection) };
  return joinedPlans([withoutUnasked(purgeRule(facts), facts, selection), registered, unknown]);
}

/** Omits kept logged models that were only checked because of their run. */
function withoutUnasked(plan: PurgePlan, facts: PurgeFacts, { loggedModels }: PurgeSelection): PurgePlan {
  const named = new Set(loggedModels);
  const active = new Set(
    facts.loggedModels.flatMap(({ id, deletedAt }) => (deletedAt === undefined ? [id] : [])),
  );
  const needed = neededBy(facts.loggedModels, facts.versions);
  const isUnasked = ({ kind, id }: KeptItem): boolean =>
    kind === 'logged model' && active.has(id) && !named.has(id) && !needed.has(id);
  return { go: plan.go, kept: plan.kept.filter((item) => !isUnasked(item)) };
}

async function selectedFacts({ sql, read }: Database, selection: PurgeSelection): Promise<PurgeFacts> {
  const [found] = await read([experimentsChosen(sql, selection)]);
  const deleted = found.rows.filter(({ lifecycle_stage }) => lifecycle_stage === 'deleted');
  const ids = deleted.map(({ id }) => id);
  const [runs, models, versions] = await read([
    runsChosen(sql, selection, ids),
    modelsChosen(sql, selection, ids),
    registeredVersions(sql),
  ]);
  return {
    runs: runs.rows.map(runFact),
    loggedModels: models.rows.map(modelFact),
    experiments: found.rows.map(experimentFact),
    versions: versions.rows.map(versionLocation),
  };
}

/** A model with an alias stays: people and endpoints use it. */
async function registeredModelPlan({ sql, read }: Database, names: readonly string[]): Promise<PurgePlan> {
  if (!names.length) return { go: [], kept: [] };
  const [registered, aliases] = await read([modelsNamed(sql, names), aliasesOf(sql, names)]);
  const live = new Map(aliases.rows.map(({ model, alias }) => [model, alias]));
  const found = new Set(registered.rows.map(({ name }) => name));
  const item = (name: string): PurgeItem => ({
    kind: 'registered model',
    id: name,
    name,
    deletedAt: undefined,
  });
  const kept = (id: string): KeptItem[] => {
    const alias = live.get(id);
    if (!found.has(id)) return [{ kind: 'registered model', id, why: unknown }];
    if (alias === undefined) return [];
    return [{ kind: 'registered model', id, why: `the alias ${alias} points to it: delete the alias first` }];
  };
  return {
    go: names.filter((name) => found.has(name) && !live.has(name)).map(item),
    kept: names.flatMap(kept),
  };
}

function modelsNamed(sql: Kysely<Tables>, names: readonly string[]) {
  return sql.selectFrom('registered_models').select('name').where('name', 'in', orNone(names, ''));
}

const unknown = 'not found, or already purged';

function unknownItems(facts: PurgeFacts, selection: PurgeSelection): readonly KeptItem[] {
  const { runs, loggedModels, experiments } = selection;
  const missing = (
    kind: PurgeItem['kind'],
    named: readonly string[],
    existing: readonly { readonly id: string }[],
  ): readonly KeptItem[] => {
    const ids = new Set(existing.map(({ id }) => id));
    return named.flatMap((id) => (ids.has(id) ? [] : [{ kind, id, why: unknown }]));
  };
  return [
    ...missing('run', runs, facts.runs),
    ...missing('logged model', loggedModels, facts.loggedModels),
    ...missing('experiment', experiments, facts.experiments),
  ];
}
