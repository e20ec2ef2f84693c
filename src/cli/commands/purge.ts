import type { PurgedView, PurgeView } from '../../api/purge-views.ts';
import type { Operations } from '../../api/routes.ts';
import { defineCommand, removal } from '../command.ts';
import { confirmRemoval } from '../output/confirm.ts';
import { resolveIds } from '../resolve-id.ts';
import { paint, type Terminal } from '../output/terminal.ts';
import { chunksOf } from '../../kernel/chunks.ts';

type Purge = Operations['purge'];
type Selection = Parameters<Purge>[0];

/** The age without other options. */
const defaultAge = '30d';
/** Ids per request, so that each is done before the connection times out. */
const atOnce = 500;

const ids = (help: string) => ({ kind: 'list', value: 'id', help }) as const;

export const purge = defineCommand({
  name: 'purge',
  summary: 'permanently remove deleted runs, models and experiments, with their artifacts',
  needs: 'server',
  removes: true,
  options: {
    olderThan: {
      kind: 'text',
      value: 'age',
      help: 'only if deleted longer ago than this (default: 30d without other options)',
    },
    run: ids('deleted runs, by id or its first characters'),
    experiment: ids('deleted experiments, with their runs'),
    loggedModel: ids('deleted logged models'),
    model: { kind: 'list', value: 'name', help: 'registered models that no alias points to' },
    ...removal,
  },
  examples: [
    'modelyard purge --dry-run',
    'modelyard purge --older-than 7d --yes',
    'modelyard purge --run 3f2a… --json',
  ],
  async run(input, context) {
    await using connection = await context.connect();
    const { operations } = connection;
    const run = input.run && (await resolveIds(operations, 'run', input.run));
    const selection = selectionOf({ ...input, run });
    const planned = await operations.purge({ ...selection, dryRun: true });
    const isSure =
      input.dryRun ||
      planned.gone.length === 0 ||
      (await confirmRemoval(counts(planned.gone), { yes: input.yes, terminal: context.terminal }));
    const report =
      input.dryRun || !isSure ? planned : await purgeInParts(operations.purge, selection, planned);
    context.result(report, () => purgeText(report, context.terminal));
    const isNamed = selection.olderThan === undefined;
    return !isSure || report.left.length > 0 || (isNamed && report.kept.length > 0) ? 1 : 0;
  },
});

interface Named {
  readonly olderThan: string | undefined;
  readonly run: readonly string[] | undefined;
  readonly loggedModel: readonly string[] | undefined;
  readonly experiment: readonly string[] | undefined;
  readonly model: readonly string[] | undefined;
}

function selectionOf(flags: Named): Selection {
  const { olderThan, run = [], loggedModel = [], experiment = [], model = [] } = flags;
  const named = {
    runs: [...run],
    loggedModels: [...loggedModel],
    experiments: [...experiment],
    registeredModels: [...model],
  };
  const isNamed = Object.values(named).some(({ length }) => length > 0);
  const age = olderThan ?? (isNamed ? undefined : defaultAge);
  return { ...named, ...(age !== undefined && { olderThan: age }) };
}

/** In several requests; the first one also removes files that an earlier purge left. */
async function purgeInParts(purge: Purge, selection: Selection, planned: PurgeView): Promise<PurgeView> {
  const ids = (kind: PurgedView['kind']): readonly string[] =>
    planned.gone.filter((item) => item.kind === kind).map(({ id }) => id);
  const parts: readonly Selection[] = [
    ...chunksOf(ids('run'), atOnce).map((runs) => ({ runs })),
    ...chunksOf(ids('logged model'), atOnce).map((loggedModels) => ({ loggedModels })),
    ...chunksOf(ids('experiment'), atOnce).map((experiments) => ({ experiments })),
    ...chunksOf(ids('registered model'), atOnce).map((registeredModels) => ({ registeredModels })),
  ];
  const reports: PurgeView[] = [];
  for (const part of parts.length > 0 ? parts : [selection]) reports.push(await purge(part));
  const gone = reports.flatMap((report) => report.gone);
  const isGone = new Set(gone.map(keyOf));
  const kept =
    parts.length > 0 ? [...planned.kept, ...reports.flatMap((report) => report.kept)] : planned.kept;
  return {
    dryRun: false,
    gone,
    // A logged model is removed with its run, before the request that names it.
    kept: kept.filter((item) => !isGone.has(keyOf(item))),
    foldersRemoved: reports.reduce((sum, report) => sum + report.foldersRemoved, 0),
    elsewhere: reports.flatMap((report) => report.elsewhere),
    left: reports.at(-1)?.left ?? [],
  };
}

function keyOf({ kind, id }: Pick<PurgedView, 'kind' | 'id'>): string {
  return `${kind} ${id}`;
}

function purgeText(report: PurgeView, terminal: Terminal): string {
  const { dryRun, gone, kept, foldersRemoved, elsewhere, left } = report;
  return [
    ...(dryRun ? gone.map((item) => `${paint('would go', 'yellow', terminal)}  ${goneText(item)}`) : []),
    ...kept.map(({ kind, id, why }) => `${paint('stays', 'cyan', terminal)}  ${kind} ${id}: ${why}`),
    ...elsewhere.map((location) => `files in another store stay: ${location}`),
    ...left.map(({ location, why }) => `${paint('not removed', 'red', terminal)}  ${location}: ${why}`),
    dryRun ? plannedText(gone) : purgedText(gone, foldersRemoved),
  ].join('\n');
}

function plannedText(gone: readonly PurgedView[]): string {
  return gone.length === 0 ? 'Nothing to purge.' : `Nothing is removed: ${counts(gone)} would go.`;
}

function purgedText(gone: readonly PurgedView[], folders: number): string {
  if (gone.length + folders === 0) return 'Nothing was purged.';
  return `Gone: ${counts(gone)}; ${folders} ${folders === 1 ? 'folder' : 'folders'} of artifacts removed.`;
}

function goneText({ kind, id, name, deletedAt }: PurgedView): string {
  const named = name === id ? '' : ` ${name}`;
  const since = deletedAt === null ? '' : `, deleted ${new Date(deletedAt).toISOString().slice(0, 10)}`;
  return `${kind} ${id}${named}${since}`;
}

/** '3 runs, 1 experiment'; 'nothing' */
function counts(items: readonly PurgedView[]): string {
  const counted = (['run', 'logged model', 'experiment', 'registered model'] as const).flatMap((kind) => {
    const count = items.filter((item) => item.kind === kind).length;
    return count === 0 ? [] : [`${count} ${kind}${count === 1 ? '' : 's'}`];
  });
  return counted.join(', ') || 'nothing';
}
