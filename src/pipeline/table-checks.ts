import { failedCheck, type FailedCheck, freshFailure } from '../data/check-table.ts';
import type { BlobStore } from '../data/blob-store.ts';
import { findDataset, readDataset, type TableDataset } from '../data/dataset.ts';
import type { OpenTableWriter } from '../data/table-writer.ts';
import type { Clock } from '../kernel/clock.ts';
import { PlatformError } from '../kernel/errors.ts';
import type { TableChecks } from '../project/tables/checks.ts';
import { originsOf, isSimulated } from '../project/tables/origin.ts';
import { inputsOf, type Producer } from '../project/producer.ts';
import type { TableDeclaration, TableSchema } from '../project/tables/table.ts';
import { declaredSelect } from './declared-select.ts';
import type { OperationContext, PlannedTask } from './operation.ts';
import type { OutputSpec, Task, TaskResult, TaskSpec } from './task.ts';

type TableOutput = Extract<OutputSpec, { kind: 'table' }>;

/**
 * The tables that a declaration writes, with their checks, for the plan of its task. Data of simulations is never fresh, so
 * its age is not checked.
 * @throws DeclarationFault for SQL of a check that cannot be run
 */
export async function tableOutputs(
  declared: Producer,
  tables: Readonly<Record<string, TableDeclaration>>,
): Promise<Required<Pick<PlannedTask<never>, 'outputs'>> & Pick<PlannedTask<never>, 'last'>> {
  const outputs: Record<string, TableOutput> = {};
  const simulated = isFromSimulation(declared);
  for (const [name, table] of Object.entries(tables)) {
    const { fresh, ...others } = table.checks ?? {};
    const checks: TableChecks = { ...others, ...(fresh && !simulated && { fresh }) };
    await requireSelects(declared, table);
    const isChecked = Object.keys(checks).length > 0;
    outputs[name] = { kind: 'table', schema: table.schema, ...(isChecked && { checks, simulated }) };
  }
  const shrinks = Object.values(outputs).some(({ checks }) => checks?.rows?.shrink !== undefined);
  return { outputs, ...(shrinks && { last: { [ownLast]: declared.name } }) };
}

/** The name of a task's own last result in `spec.last`. */
const ownLast = 'previousVersion';

function isFromSimulation(declared: Producer): boolean {
  if (declared.kind === 'source') {
    const origins = originsOf(declared.reader);
    return origins.length > 0 && origins.every(isSimulated);
  }
  const inputs = inputsOf(declared);
  return inputs.length > 0 && inputs.every(({ producer }) => isFromSimulation(producer));
}

async function requireSelects({ kind, name }: Producer, { schema, checks }: TableDeclaration): Promise<void> {
  for (const [check, text] of Object.entries(checks?.none ?? {}))
    await declaredSelect(`${kind} ${name}, checks.none.${JSON.stringify(check)}`, {
      select: { text, params: {} },
      tables: { rows: schema },
    });
}

/** The schema of the table `rows` of a task. @param writer for the error: 'A fold'. @throws PlatformError INTERNAL */
export function rowsSchema({ task, outputs }: TaskSpec, writer: string): TableSchema {
  const output = outputs['rows'];
  if (output?.kind === 'table' && output.schema) return output.schema;
  throw new PlatformError('INTERNAL', {
    field: task,
    value: output,
    remedy: `${writer} must write a table.`,
  });
}

/** Closes a table and checks it as a whole. @throws PlatformError DATA_INVALID with the offending rows */
export async function finishTable(
  writer: Pick<OpenTableWriter, 'finish'>,
  output: string,
  context: OperationContext,
): Promise<TableDataset> {
  const { spec, blobs, now } = context;
  const dataset = await writer.finish(blobs);
  const declared = spec.outputs[output];
  if (declared?.kind !== 'table' || !declared.checks) return dataset;
  const lastRows = await lastRowsOf(declared, output, context);
  const failed = await failedCheck({ dataset, checks: declared.checks, lastRows, blobs, now });
  if (failed) throw await checkError(failed, { task: spec.task, output, blobs });
  return dataset;
}

/** Made-up and real data have nothing to do with each other. */
async function lastRowsOf(
  { simulated = false }: TableOutput,
  output: string,
  { spec, blobs }: OperationContext,
): Promise<number | undefined> {
  const last = spec.last?.[ownLast];
  if (!last || (last.facts['simulated'] ?? false) !== simulated) return undefined;
  const dataset = await findDataset(last.outputs[output], blobs);
  return dataset?.kind === 'table' ? dataset.rows : undefined;
}

/** The facts of a table's origin, for the checks of its next version. */
export function originFacts(outputs: Readonly<Record<string, OutputSpec>>): { readonly simulated?: boolean } {
  return Object.values(outputs).some((output) => output.kind === 'table' && output.simulated === true)
    ? { simulated: true }
    : {};
}

/** A table that comes from the cache grows old all the same. @throws PlatformError DATA_INVALID */
export async function requireFresh(
  task: Task,
  result: TaskResult,
  { blobs, now }: { readonly blobs: BlobStore; readonly now: Clock },
): Promise<void> {
  for (const [output, declared] of Object.entries(task.outputs)) {
    const digest = result.outputs[output];
    if (declared.kind !== 'table' || !declared.checks?.fresh || digest === undefined) continue;
    const dataset = await readDataset(digest, blobs);
    if (dataset.kind !== 'table') continue;
    const failed = await freshFailure({ dataset, checks: declared.checks, blobs, now });
    if (failed) throw await checkError(failed, { task: task.name, output, blobs });
  }
}

const shownRows = 3;

async function checkError(
  { check, problem, rows }: FailedCheck,
  { task, output, blobs }: { readonly task: string; readonly output: string; readonly blobs: BlobStore },
): Promise<PlatformError> {
  const table = output === 'rows' ? task : `${task}.${output}`;
  const name = `checks/${table}/${check.replaceAll(/[^\w.-]+/g, '-')}.json`;
  const kept = rows.length > 0 ? await blobs.put(`${JSON.stringify(rows, null, 2)}\n`) : undefined;
  const where = kept
    ? `; the run has ${rows.length === 1 ? 'the row' : `${rows.length} rows`} in ${name}`
    : '';
  return new PlatformError('DATA_INVALID', {
    field: `check ${check} of ${table}`,
    value: rows.length === 0 ? problem.split(', ', 1)[0] : rows.slice(0, shownRows),
    remedy: `has failed: ${problem}${where}`,
    ...(kept && { artifact: { name, digest: kept.digest } }),
  });
}
