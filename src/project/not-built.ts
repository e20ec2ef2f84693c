import type { Model } from './models/model.ts';
import type { Alert, Monitor } from './models/monitoring.ts';
import { inputsOf, type Node } from './producer.ts';
import type { Project } from './project.ts';
import { originsOf } from './tables/origin.ts';
import type { Reader, Source } from './tables/source.ts';
import type { Trainer } from './models/trainer.ts';
import type { ServeOptions } from './models/serving.ts';

/** A part of a project that is checked and has no effect. */
export interface Notice {
  /** 'command python-arima' */
  readonly declared: string;
  /** A sentence for people. */
  readonly text: string;
}

/** Everything in a project that does not run yet, each with the reason. */
export function notBuilt(project: Project): readonly Notice[] {
  const { models, forecasts, nodes } = project;
  return [
    ...blocked(project),
    ...nodes.flatMap(optionsNotBuilt),
    ...[...models, ...forecasts].flatMap(({ kind, name, serve, monitor, page }) => {
      const declared = `${kind} ${name}`;
      return [...servingNotBuilt(serve), ...monitorNotBuilt(monitor), ...pageNotBuilt(page)].map((text) => ({
        declared,
        text,
      }));
    }),
    ...projectNotBuilt(project),
  ];
}

/** Declarations without an engine, and those that wait for their tables. */
function blocked({ models, forecasts, nodes }: Project): readonly Notice[] {
  const reasons = new Map<object, Notice>();
  for (const each of [...nodes, ...forecasts, ...models]) {
    const declared = `${each.kind} ${each.name}`;
    const missing = inputsOf(each).flatMap(({ producer }) => reasons.get(producer) ?? [])[0];
    const text = reasonOf(each) ?? (missing && `It waits for ${missing.declared}, which does not run yet.`);
    if (text !== undefined) reasons.set(each, { declared, text });
  }
  return [...reasons.values()];
}

function reasonOf(each: Node | Project['models'][number] | Project['forecasts'][number]): string | undefined {
  switch (each.kind) {
    case 'model':
      return trainersOf(each).flatMap(({ type }) => type.definition.unavailable ?? [])[0];
    case 'forecast':
    case 'sql':
    case 'fold':
      return undefined;
    case 'source':
      return readerNotBuilt(each.reader);
    case 'step':
      return each.matrix && 'A step with `matrix` does not run yet; loop over the values in its function.';
    case 'command':
      return 'Commands do not run yet.';
    case 'batch':
      return 'Batches do not run yet; predict with `modelyard predict` or the endpoint.';
    case 'sink':
      return 'Sinks do not load yet; the table can be downloaded from the run.';
  }
}

/** Whether the tasks of a model can run. */
export function isTrained(model: Model): boolean {
  return trainersOf(model).every(({ type }) => type.definition.unavailable === undefined);
}

function trainersOf({ trainer, baselines }: Model): readonly Trainer[] {
  return [trainer, ...Object.values(baselines).filter((each) => typeof each !== 'function')].flatMap(
    (each) => [each, ...(each.parts ?? [])],
  );
}

/** Whether the files of a source are fetched. */
export function isFetched({ reader }: Source): boolean {
  return readerNotBuilt(reader) === undefined;
}

function readerNotBuilt(reader: Reader): string | undefined {
  const { kind } = Object(reader.from) as { readonly kind?: string };
  if (kind === 'posts') return 'Posted events are not received yet.';
  const bucket = originsOf(reader).find((origin) => typeof origin === 'string' && /^s3:/i.test(origin));
  return bucket && 'Files at s3 addresses are not fetched yet: download them, and name their folder.';
}

function optionsNotBuilt(node: Node): readonly Notice[] {
  const declared = `${node.kind} ${node.name}`;
  if (node.kind === 'source' || node.kind === 'sink') return [];
  return (['retries', 'resources', 'rerun'] as const)
    .filter((option) => node[option] !== undefined)
    .map((option) => ({ declared, text: `\`${option}\` has no effect yet.` }));
}

function servingNotBuilt({ canary, log }: ServeOptions): readonly string[] {
  return [
    ...(canary ? ['`serve.canary` has no effect yet: a promoted version gets every request at once.'] : []),
    ...(log?.keep === undefined ? [] : ['`serve.log.keep` has no effect yet: logged predictions are kept.']),
    ...(log?.without === undefined ? [] : ['`serve.log.without` has no effect yet: every field is logged.']),
  ];
}

function monitorNotBuilt({ drift, alerts, outcome }: Monitor): readonly string[] {
  const names = Object.entries<Alert>(alerts ?? {}).map(([name]) => JSON.stringify(name));
  return [
    ...(drift ? ['`monitor.drift` is not measured yet.'] : []),
    ...(names.length > 0 ? [`Alerts are not raised yet: ${names.join(', ')}.`] : []),
    ...(outcome ? ['`monitor.outcome` is not joined with predictions yet.'] : []),
  ];
}

function pageNotBuilt(page: string | undefined): readonly string[] {
  return page === undefined ? [] : [`The page ${page} is not shown yet: a generated page is.`];
}

function projectNotBuilt({ name, schedules, notify, page }: Project): readonly Notice[] {
  const texts = [
    ...(schedules.length > 0 ? ['Schedules do not start runs yet: start them with `modelyard run`.'] : []),
    ...(notify.length > 0 ? ['`notify` sends nothing yet.'] : []),
    ...pageNotBuilt(page),
  ];
  return texts.map((text) => ({ declared: `project ${name}`, text }));
}
