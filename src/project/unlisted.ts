import { callSiteOf } from './call-sites.ts';
import type { Project } from './project.ts';
import type { Notice } from './not-built.ts';

/** Exported declarations that no list of the project reaches, so that they never run. */
export function unlistedExports(
  project: Project,
  modules: Iterable<Readonly<Record<string, unknown>>>,
): readonly Notice[] {
  const { models, forecasts, nodes } = project;
  const views = models.flatMap(({ lookups }) => Object.values(lookups).map(({ view }) => view));
  const reached = new Set<unknown>([...models, ...forecasts, ...nodes, ...views]);
  const exported = new Set([...modules].flatMap((module) => Object.values(module)).filter(isDeclaration));
  return [...exported]
    .filter((each) => !reached.has(each))
    .map(({ kind, name }) => ({
      declared: `${kind} ${name}`,
      text: `It is exported, but the project does not use it: ${remedyOf[kind]}, or remove the export.`,
    }));
}

const remedyOf = {
  model: 'add it to `models`',
  forecast: 'add it to `models`',
  source: 'read it in a step or a model',
  step: 'add it to `steps`',
  sql: 'add it to `steps`',
  fold: 'add it to `steps`',
  command: 'add it to `steps`',
  batch: 'add it to `steps`',
  sink: 'add it to `steps`',
  'feature-view': 'look it up in a model',
} as const;

interface Declaration {
  readonly kind: keyof typeof remedyOf;
  readonly name: string;
}

function isDeclaration(value: unknown): value is Declaration {
  return (
    typeof value === 'object' &&
    value !== null &&
    callSiteOf(value) !== undefined &&
    'kind' in value &&
    typeof value.kind === 'string' &&
    Object.hasOwn(remedyOf, value.kind)
  );
}
