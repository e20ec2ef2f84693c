import type { JsonObject } from '../kernel/json.ts';
import type { Project } from '../project/project.ts';
import { isSimulated, type Source } from '../project/source.ts';
import type { Step } from '../project/step.ts';
import type { TableRef } from '../project/table.ts';
import type { Bundler } from './ports.ts';
import type { Task } from './task.ts';

/** The tasks of a project's sources and steps, in topological order. */
export async function dataTasks(project: Project, bundler: Bundler): Promise<readonly Task[]> {
  const sources = await Promise.all(project.sources.map((source) => sourceTasks(source, bundler)));
  const steps = await Promise.all(project.steps.map((step) => stepTask(step, bundler)));
  return [...sources.flat(), ...steps];
}

/** Where a table that the project file names is found in the graph. */
export function tableInput({ producer, output }: TableRef): {
  readonly task: string;
  readonly output: string;
} {
  return { task: producer.name, output };
}

/** Raw bytes first, under their digest; the reader works on what was kept. */
async function sourceTasks({ name, reader }: Source, bundler: Bundler): Promise<readonly Task[]> {
  const declared = { kind: 'source', name } as const;
  const fetchName = `${name}.fetch`;
  const simulated = isSimulated(reader.from);
  const fetch: Task = {
    name: fetchName,
    operation: 'fetch',
    declared,
    inputs: {},
    code: isSimulated(reader.from)
      ? { make: await bundler.bundle(reader.from.make, `sources.${name}.reader.from.make`) }
      : {},
    params: isSimulated(reader.from)
      ? { simulated, args: reader.from.args }
      : { simulated, from: reader.from },
    outputs: { files: { kind: 'files' } },
    reuse: simulated ? 'by-key' : 'always-look',
  };
  const read: Task = {
    name,
    operation: 'read',
    declared,
    inputs: { files: { task: fetchName, output: 'files' } },
    code: { read: await bundler.bundle(reader.read, `sources.${name}.reader.read`) },
    params: { kind: reader.kind, version: reader.version, options: reader.options } satisfies JsonObject,
    outputs: { rows: { kind: 'table', schema: reader.table.schema } },
    reuse: 'by-key',
  };
  return [fetch, read];
}

async function stepTask(step: Step, bundler: Bundler): Promise<Task> {
  return {
    name: step.name,
    operation: 'step',
    declared: { kind: 'step', name: step.name },
    inputs: Object.fromEntries(Object.entries(step.in).map(([name, ref]) => [name, tableInput(ref)])),
    code: { run: await bundler.bundle(step.run, `steps.${step.name}.run`) },
    params: step.params,
    outputs: Object.fromEntries(
      Object.entries(step.out).map(([name, { table }]) => [
        name,
        { kind: 'table', schema: table.schema } as const,
      ]),
    ),
    reuse: 'by-key',
  };
}
