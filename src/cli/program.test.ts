import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Command, optionName } from './command.ts';
import { commands, groups } from './commands/table.ts';
import { completionScript } from './completion.ts';
import { exitCodes } from './exit-codes.ts';
import { globalOptions, optionsOf } from './options.ts';
import { runProgram } from './program.ts';

interface Called {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function called(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Called> {
  let [out, err] = ['', ''];
  const terminal = {
    out: (text: string) => void (out += `${text}\n`),
    err: (text: string) => void (err += text),
    interactive: false,
    columns: 80,
  };
  return { code: await runProgram(args, { env, terminal }), out, err };
}

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-program-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const argsOf = ({ name }: Command): readonly string[] => name.split(' ');

describe.each(commands.map((command) => [command.name, command] as const))('%s', (name, command) => {
  const options = { ...optionsOf(command), ...globalOptions };

  test('its help has its summary, arguments, options and examples', async () => {
    const { code, out, err } = await called([...argsOf(command), '--help']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const key of Object.keys(command.arguments)) expect(out).toMatch(new RegExp(`^  ${key} `, 'm'));
    for (const [key, spec] of Object.entries(optionsOf(command)))
      expect(out).toMatch(new RegExp(`^  ${optionName(key, spec)}\\b`, 'm'));
    expect(out).toContain('Examples:\n');
    expect(command.examples.length).toBeGreaterThan(0);
    for (const example of command.examples) expect(out).toContain(example);
  });

  test('its examples use its own options', () => {
    const names = new Set([...Object.entries(options).map(([key, spec]) => optionName(key, spec)), '--help']);
    for (const example of command.examples.filter((each) => each.includes(`modelyard ${name}`)))
      for (const used of example.match(/--[a-z-]+/g) ?? [])
        expect([example, names.has(used)]).toEqual([example, true]);
  });

  test('an option that it does not have is refused, with the one that was meant', async () => {
    const refused = await called([...argsOf(command), '--jsno']);
    expect(refused).toEqual({ code: 2, out: '', err: expect.stringMatching(/unknown option '--jsno'/) });
    expect(refused.err).toContain('(Did you mean --json?)');
    const json = await called([...argsOf(command), '--jsno', '--json']);
    expect(JSON.parse(json.out)).toMatchObject({
      error: { code: 'CONFIG_INVALID', message: expect.stringContaining('--jsno') },
    });
    expect(json.code).toBe(2);
  });

  test('too many arguments are refused', async () => {
    if (Object.values(command.arguments).some(({ kind }) => kind === 'many')) return;
    const given = [...Object.keys(command.arguments), 'one', 'more'];
    const { code, err } = await called([...argsOf(command), ...given]);
    expect([code, err]).toEqual([2, expect.stringMatching(/too many arguments/)]);
  });

  test('--json is one document on standard output, also when it fails', async () => {
    // No project can have such a name, and nothing else has it.
    const given = Object.keys(command.arguments).map((key) => `no/${key}`);
    const state = await emptyFolder();
    // No server responds, and there is no project and no state: every command must end.
    const { code, out } = await called(
      [
        ...argsOf(command),
        ...given,
        '--json',
        '--project',
        join(state, 'none'),
        '--state',
        state,
        '--port',
        'none',
      ].filter(
        (_each, index, all) =>
          'port' in command.options || (all[index] !== '--port' && all[index - 1] !== '--port'),
      ),
      { MODELYARD_SERVER: 'http://127.0.0.1:9' },
    );
    expect(Object.keys(exitCodes)).toContain(String(code));
    const { error } = JSON.parse(out) as {
      readonly error?: { readonly code?: string; readonly message?: string };
    };
    expect([typeof error?.code, typeof error?.message]).toEqual(
      Array.from({ length: 2 }, () => (code === 0 ? 'undefined' : 'string')),
    );
  });

  test('what removes something can be tried first, and asks', () => {
    const removes = /purge|delete|remove/.test(`${command.name} ${command.summary}`);
    expect(command.removes).toBe(removes);
    expect('dryRun' in command.options).toBe(removes);
    expect('yes' in command.options || !removes).toBe(true);
  });
});

test('the list of commands has each with its summary, and the exit codes', async () => {
  const { out } = await called(['--help']);
  const top = commands.filter(({ name }) => !name.includes(' '));
  for (const { name } of top) expect(out).toMatch(new RegExp(`^  ${name} `, 'm'));
  for (const name of Object.keys(groups)) expect(out).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
  for (const [code, meaning] of Object.entries(exitCodes)) expect(out).toContain(`  ${code}  ${meaning}`);
});

test('--json makes one document of help, version and a missing command too', async () => {
  const help = await called(['runs', '--help', '--json']);
  expect(help).toMatchObject({ code: 0, err: '' });
  expect(JSON.parse(help.out)).toEqual({ help: expect.stringContaining('Examples:') });
  expect(JSON.parse((await called(['--version', '--json'])).out)).toEqual({
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
  });
  const missing = await called(['--json']);
  expect(missing.code).toBe(2);
  expect(JSON.parse(missing.out)).toMatchObject({ error: { code: 'CONFIG_INVALID' } });
});

test('a command that is not there is refused with the one that was meant', async () => {
  expect(await called(['runn'])).toEqual({
    code: 2,
    out: '',
    err: expect.stringMatching(/unknown command 'runn'\n\(Did you mean (one of )?run/),
  });
  expect(await called([])).toMatchObject({ code: 2, out: '' });
});

/** What bash offers after these words. */
function offered(...typed: readonly string[]): readonly string[] {
  const script = `${completionScript('bash')}\nCOMP_WORDS=(modelyard "$@"); COMP_CWORD=$#; _modelyard; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['-c', script, 'bash', ...typed], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout
    .trim()
    .split('\n')
    .filter((line) => line !== '');
}

const has = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0;

test.skipIf(!has('bash'))('bash completes every command and every option (needs bash)', () => {
  expect(offered('')).toEqual(expect.arrayContaining(commands.map((command) => argsOf(command)[0])));
  expect(offered('ru')).toEqual(['run', 'runs']);
  for (const command of commands) {
    const names = Object.entries(optionsOf(command)).map(([key, spec]) => optionName(key, spec));
    expect(offered(...argsOf(command), '--')).toEqual(expect.arrayContaining([...names, '--json', '--help']));
  }
  expect(offered('runs', '--limit', '3', 'm')).toEqual(['move']);
  expect(offered('models', '--deleted')).toEqual([]);
});

test.each(['bash', 'zsh', 'fish'])(
  'the script for %s is read without a complaint (where it is installed)',
  async (shell) => {
    const { code, out } = await called(['completion', shell]);
    expect([code, out.trim()]).toEqual([0, completionScript(shell)]);
    for (const command of commands) expect(out).toContain(argsOf(command).at(-1));
    if (!has(shell)) return;
    const { stderr, status } = spawnSync(shell, ['-n'], { input: out, encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  },
);

test('a shell that it does not know is refused', async () => {
  expect(await called(['completion', 'tcsh'])).toEqual({
    code: 2,
    out: '',
    err: expect.stringMatching(/bash, zsh, fish/),
  });
});
