import { z } from 'zod';
import type { Task } from '../../pipeline/task.ts';
import type { EnvironmentDifference } from './reproduction.ts';

type Tags = Readonly<Record<string, string>>;

/** The tags in which a run records what it ran with. */
export const environmentTags = {
  commit: 'mlflow.source.git.commit',
  dirty: 'mlflow.source.git.dirty',
  modelyard: 'modelyard.version',
  node: 'modelyard.node',
  platform: 'modelyard.platform',
  /** Versions of packages by name, as JSON. */
  packages: 'modelyard.packages',
  /** The name of the lock file and the digest of its text. */
  lock: 'modelyard.lock',
} as const;

/** What has changed since a version was trained. What was not recorded then is not compared. */
export function environmentDifferences(
  recorded: Tags,
  present: Tags,
  tasks: readonly Task[],
): readonly EnvironmentDifference[] {
  return [
    ...commitDifferences(recorded, present),
    ...difference('modelyard', 'Modelyard', { recorded, present }),
    ...difference('node', 'Node', { recorded, present }),
    ...difference('platform', 'the platform', { recorded, present }),
    ...packageDifferences(recorded, present),
    ...lockDifferences(recorded, present),
    ...timedSearch(tasks),
  ];
}

function commitDifferences(recorded: Tags, present: Tags): readonly EnvironmentDifference[] {
  const [was, now = null] = [recorded[environmentTags.commit], present[environmentTags.commit]];
  const name = 'git commit';
  if (was === undefined) return [];
  const here = now === null ? 'there is no repository here' : `this is commit ${short(now)}`;
  const found: EnvironmentDifference[] = [];
  if (was !== now)
    found.push({
      kind: 'commit',
      name,
      recorded: was,
      present: now,
      text: `It was trained at commit ${short(was)}, and ${here}: git checkout ${was}`,
    });
  const changes = [
    [recorded, `It was trained with changes that were not committed: commit ${short(was)} lacks them.`],
    [present, 'There are changes here that are not committed.'],
  ] as const;
  for (const [tags, text] of changes)
    if (tags[environmentTags.dirty] === 'true')
      found.push({
        kind: 'changes',
        name: 'uncommitted changes',
        recorded: recorded[environmentTags.dirty] ?? null,
        present: present[environmentTags.dirty] ?? null,
        text,
      });
  return found;
}

function difference(
  kind: 'modelyard' | 'node' | 'platform',
  name: string,
  { recorded, present }: { readonly recorded: Tags; readonly present: Tags },
): readonly EnvironmentDifference[] {
  const [was, now = null] = [recorded[environmentTags[kind]], present[environmentTags[kind]]];
  if (was === undefined || was === now) return [];
  const text = `It was trained with ${name} ${was}, and this is ${now ?? 'unknown'}.`;
  return [{ kind, name, recorded: was, present: now, text }];
}

const versions = z.record(z.string(), z.string());

function packageDifferences(recorded: Tags, present: Tags): readonly EnvironmentDifference[] {
  const [before, now] = [packagesOf(recorded), packagesOf(present)];
  if (!before || !now) return [];
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])].toSorted();
  return names.flatMap((name) => {
    const [was = null, is = null] = [before[name], now[name]];
    if (was === is) return [];
    const text =
      is === null
        ? `It was trained with ${name} ${was}, which is not used here.`
        : `It was trained ${was === null ? `without ${name}` : `with ${name} ${was}`}, and this is ${name} ${is}.`;
    return { kind: 'package' as const, name, recorded: was, present: is, text };
  });
}

function packagesOf(tags: Tags): Readonly<Record<string, string>> | undefined {
  try {
    return versions.safeParse(JSON.parse(tags[environmentTags.packages] ?? '')).data;
  } catch {
    return undefined;
  }
}

function lockDifferences(recorded: Tags, present: Tags): readonly EnvironmentDifference[] {
  const [was, now = null] = [recorded[environmentTags.lock], present[environmentTags.lock]];
  if (was === undefined || was === now) return [];
  const [file = ''] = was.split(' ');
  const text = `${file} has changed since, so packages that other packages use may have other versions.`;
  return [{ kind: 'lock', name: file, recorded: was, present: now, text }];
}

function timedSearch(tasks: readonly Task[]): readonly EnvironmentDifference[] {
  const limit = tasks
    .map(({ params }) => Object(params['search']) as { readonly minutes?: number })
    .find(({ minutes }) => minutes !== undefined)?.minutes;
  if (limit === undefined) return [];
  const text = `Its search ends after ${limit} minutes, so the number of trials depends on the machine: limit the trials instead.`;
  return [{ kind: 'search', name: 'search.minutes', recorded: String(limit), present: String(limit), text }];
}

function short(commit: string): string {
  return commit.slice(0, 10);
}
