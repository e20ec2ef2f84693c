import { canonicalJson, type Json } from '../../kernel/json.ts';
import type { Declared, Task } from '../../pipeline/task.ts';
import type { ProjectDifference } from './reproduction.ts';

/** What the tasks of a declaration would do otherwise today: other code, other settings. */
export function projectDifferences(
  { kind, name }: Declared,
  recorded: readonly Task[],
  present: readonly Task[],
): readonly ProjectDifference[] {
  const byName = new Map(present.map((task) => [task.name, task]));
  if (!present.some(({ declared }) => declared.kind === kind && declared.name === name))
    return [{ kind: 'declaration', name: `${kind} ${name}` }];
  const code = new Map<string, ProjectDifference>();
  const settings = new Map<string, ProjectDifference>();
  for (const task of recorded) {
    const now = byName.get(task.name);
    for (const difference of codeDifferences(task, now)) code.set(difference.name, difference);
    for (const [setting, difference] of now ? settingDifferences(task, now) : [])
      if (!settings.has(setting)) settings.set(setting, difference);
  }
  return [...code.values(), ...settings.values()];
}

function codeDifferences(recorded: Task, present: Task | undefined): readonly ProjectDifference[] {
  const names = new Set([...Object.keys(recorded.code), ...Object.keys(present?.code ?? {})]);
  return [...names].flatMap((name) => {
    const [before, now] = [recorded.code[name], present?.code[name]];
    if (before?.key === now?.key) return [];
    return { kind: 'code' as const, name, recorded: before?.label ?? null, present: now?.label ?? null };
  });
}

/** Each by its path and values: several tasks of a declaration have the same setting. */
function settingDifferences(
  recorded: Task,
  present: Task,
): readonly (readonly [string, ProjectDifference])[] {
  const [before, now] = [leavesOf(recorded.params), leavesOf(present.params)];
  const isOtherTrainer = before.get('trainer.name') !== now.get('trainer.name');
  return [...new Set([...before.keys(), ...now.keys()])].flatMap((path) => {
    const [was = null, is = null] = [before.get(path), now.get(path)];
    if (canonicalJson(was) === canonicalJson(is)) return [];
    // The code names both trainers, and an option that only one of them has is not a change of it.
    if (isOtherTrainer && path.startsWith('trainer.') && !isSharedOption(path, [before, now])) return [];
    const difference = {
      kind: 'setting',
      name: `${recorded.name} ${path}`,
      recorded: was,
      present: is,
    } as const;
    return [[canonicalJson([path, was, is]), difference] as const];
  });
}

function isSharedOption(path: string, sides: readonly ReadonlyMap<string, Json>[]): boolean {
  return path.startsWith('trainer.options.') && sides.every((side) => side.has(path));
}

/** The values of an object that are not objects themselves, by their paths. */
function leavesOf(value: Json | undefined, path = ''): ReadonlyMap<string, Json> {
  if (value === undefined) return new Map();
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return new Map([[path, value]]);
  return new Map(
    Object.entries(value).flatMap(([name, each]) => [
      ...leavesOf(each, path === '' ? name : `${path}.${name}`),
    ]),
  );
}
