import type { Batch } from '../batch.ts';
import type { Command } from '../command.ts';
import type { Database } from '../tables/database.ts';
import type { Fold } from '../tables/fold.ts';
import {
  columnsOf,
  durationProblem,
  formatValue,
  missingColumn,
  oneOfProblem,
  timeProblems,
  wholeProblem,
} from './problem-rules.ts';
import { inputsOf, type Node } from '../producer.ts';
import type { Project } from '../project.ts';
import type { RunOptions } from '../tables/run-options.ts';
import { secretProblems } from '../secret.ts';
import type { Sink } from '../tables/sink.ts';
import type { Sql } from '../tables/sql.ts';
import type { Step } from '../tables/step.ts';
import { checkProblems, sourceProblems } from './table-problems.ts';

/** Mistakes in a declaration that runs, other than models and forecasts. */
export function nodeProblems(node: Node, project: Project): readonly string[] {
  switch (node.kind) {
    case 'source':
      return sourceProblems(node);
    case 'step':
      return [...runProblems(node), ...inputProblems(node), ...stepProblems(node)];
    case 'sql':
      return [
        ...runProblems(node),
        ...inputProblems(node),
        ...sqlProblems(node),
        ...checkProblems(node.table),
      ];
    case 'fold':
      return [...runProblems(node), ...inputProblems(node), ...foldProblems(node)];
    case 'command':
      return [...runProblems(node), ...commandProblems(node, project)];
    case 'batch':
      return [...runProblems(node), ...batchProblems(node, project)];
    case 'sink':
      return [...inputProblems(node), ...sinkProblems(node)];
  }
}

function runProblems({ timeout, retries, rerun, resources }: RunOptions): readonly string[] {
  return [
    ...durationProblem('timeout', timeout),
    ...wholeProblem('retries', retries, 0),
    ...oneOfProblem('rerun', rerun, ['changed', 'always', 'frozen']),
    ...(resources?.memory === undefined || /^\d+(\.\d+)?(Mi|Gi)$/.test(resources.memory)
      ? []
      : [`resources.memory is ${formatValue(resources.memory)}: give a number and Mi or Gi, such as "2Gi"`]),
  ];
}

/** Only tables can be read, and only a command reads what a model trains on. */
function inputProblems(node: Node): readonly string[] {
  return inputsOf(node).flatMap((input) => {
    const what = `${input.producer.kind} ${input.producer.name}`;
    if (!('table' in input))
      return [`it reads the file "${input.output}" of ${what}: a ${node.kind} reads tables`];
    if (input.producer.kind === 'model' || input.producer.kind === 'forecast')
      return [
        `it reads the training rows of ${what}, which only a command can: read \`rows\` of the ${what}`,
      ];
    return [];
  });
}

function stepProblems({ out, matrix, run }: Step): readonly string[] {
  return [
    ...(typeof run === 'function' ? [] : ['its third argument must be the function that runs']),
    ...Object.entries(out).flatMap(([name, { table }]) =>
      checkProblems(table).map((problem) => `out.${name}: ${problem}`),
    ),
    ...Object.entries(matrix ?? {}).flatMap(([name, values]) => [
      ...(values.length === 0 ? [`matrix.${name} is empty: give one value at least`] : []),
      ...values
        .filter((value, index) => values.indexOf(value) < index)
        .map((value) => `matrix.${name} has ${formatValue(value)} twice: each value is a task of its own`),
    ]),
  ];
}

function sqlProblems({ select, params }: Sql): readonly string[] {
  if (typeof select !== 'string' || select.trim() === '')
    return ['its third argument must be a SELECT over its inputs'];
  const texts = select.replaceAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*/g, ' ');
  const used = [...texts.matchAll(/\$([a-z_]\w*)/gi)].map(([, name = '']) => name);
  return [...new Set(used)]
    .filter((name) => !Object.hasOwn(params, name))
    .map((name) => `its SELECT uses $${name}, which is not in params: add \`params: { ${name}: … }\``);
}

function foldProblems({ in: rows, key, at, state, start, next }: Fold): readonly string[] {
  const columns = columnsOf(rows.table);
  const names = state.schema.columns.map(({ name }) => name);
  return [
    ...missingColumn('key', key, columns),
    ...timeProblems('at', at, columns),
    ...(typeof next === 'function' ? [] : ['its third argument must be the function of a state and a row']),
    ...names
      .filter((name) => name === key || name === at)
      .map((name) => `out has the column "${name}", which the fold adds itself: remove it from \`out\``),
    ...state.schema.columns
      .filter(({ name }) => name !== key && name !== at)
      .filter(({ name, optional }) => optional !== true && !Object.hasOwn(start, name))
      .map(({ name }) => `start lacks "${name}": give the state of a key before its first row`),
    ...checkProblems(state),
  ];
}

function commandProblems(node: Command, { models, forecasts }: Project): readonly string[] {
  const { in: inputs, out, params, env, python, registers, run } = node;
  const declared = [
    ...Object.keys(inputs).map((name) => `in.${name}`),
    ...Object.keys(out).map((name) => `out.${name}`),
    ...Object.keys(params).map((name) => `params.${name}`),
  ];
  const fields = [...String(run).matchAll(/\{([^{}]*)\}/g)].map(([, field = '']) => field);
  const servables: readonly unknown[] = [...models, ...forecasts];
  return [
    ...(typeof run === 'string' && run.trim() !== '' ? [] : ['its third argument must be the command line']),
    ...fields
      .filter((field) => !declared.includes(field))
      .map((field) => `{${field}} in the command is not declared (${declared.join(', ')})`),
    ...Object.values(env).flatMap((value) => (typeof value === 'string' ? [] : secretProblems('env', value))),
    ...(python === undefined || python.endsWith('.txt')
      ? []
      : [`python is ${formatValue(python)}: name a requirements.txt`]),
    ...(registers === undefined || servables.includes(registers)
      ? []
      : [`registers ${formatValue(registers.name)}, which is not in \`models\` of the project: add it`]),
  ];
}

function batchProblems({ model, rows }: Batch, { models, forecasts }: Project): readonly string[] {
  const servables: readonly unknown[] = [...models, ...forecasts];
  const columns = columnsOf(rows?.table ?? { schema: { columns: [] } });
  const added = model.kind === 'model' ? ['prediction', 'low', 'high', 'probability'] : [];
  return [
    ...(servables.includes(model)
      ? []
      : [`its model ${formatValue(model.name)} is not in \`models\` of the project: add it`]),
    ...(model.kind === 'model' && !rows ? ['rows is missing: give the table to predict'] : []),
    ...(model.kind === 'model' && rows
      ? Object.keys(model.request.shape ?? {})
          .filter((field) => !columns.has(field) && !isOptional(model.request, field))
          .map((field) => `rows lack "${field}", a field of the request of model ${model.name}`)
      : []),
    ...added
      .filter((name) => columns.has(name))
      .map((name) => `rows have a column "${name}", which the batch adds: rename it in the step before`),
  ];
}

function isOptional(request: Project['models'][number]['request'], field: string): boolean {
  const schema = request.shape[field] as { safeParse(value: unknown): { success: boolean } } | undefined;
  return schema?.safeParse(undefined).success === true;
}

function sinkProblems({ rows, key, to }: Sink): readonly string[] {
  const columns = columnsOf(rows.table);
  return [
    ...(key.length === 0 ? ['key is empty: name the columns that identify a row'] : []),
    ...key.flatMap((name) => missingColumn('key', name, columns)),
    ...databaseProblems(to),
  ];
}

function databaseProblems(to: Database): readonly string[] {
  return to.dialect === 'postgres' ? secretProblems('to', to.url) : [];
}
