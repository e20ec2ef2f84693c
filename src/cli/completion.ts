import { commands, groups } from './commands/table.ts';
import { optionName } from './command.ts';
import { globalOptions, optionsOf } from './options.ts';

/** The commands and options that can follow a part of a command line. */
interface CommandLevel {
  /** 'modelyard runs' */
  readonly path: string;
  readonly commands: readonly (readonly [word: string, summary: string])[];
  readonly options: readonly (readonly [name: string, help: string])[];
}

const scripts: Readonly<Record<string, (levels: readonly CommandLevel[]) => string>> = { bash, zsh, fish };

export const shells: readonly string[] = Object.keys(scripts);

/** @param shell one of `shells` */
export function completionScript(shell: string): string {
  return scripts[shell]?.(commandLevels()) ?? '';
}

function commandLevels(): readonly CommandLevel[] {
  const paths = ['', ...Object.keys(groups), ...commands.map(({ name }) => name)];
  return [...new Set(paths)].map((path) => {
    const command = commands.find(({ name }) => name === path);
    const summaries = new Map([
      ...Object.entries(groups),
      ...commands.map(({ name, summary }) => [name, summary] as const),
    ]);
    const below = [...summaries].filter(([name]) => parentOf(name) === path);
    const options = Object.entries({ ...(command && optionsOf(command)), ...globalOptions });
    return {
      path: `modelyard ${path}`.trimEnd(),
      commands: below.map(([name, summary]) => [name.split(' ').at(-1) ?? '', summary]),
      options: [
        ...options.map(([key, spec]) => [optionName(key, spec), spec.help] as const),
        ['--help', 'show help'],
      ],
    };
  });
}

function parentOf(name: string): string {
  return name.split(' ').slice(0, -1).join(' ');
}

/** The paths of the levels as patterns of `case`. */
function patterns(levels: readonly CommandLevel[]): string {
  return levels.map(({ path }) => `'${path}'`).join('|');
}

function bash(levels: readonly CommandLevel[]): string {
  const cases = levels.map(
    ({ path, commands: below, options }) =>
      `    '${path}') words='${[...below, ...options].map(([word]) => word).join(' ')}' ;;`,
  );
  return [
    '# modelyard completion bash',
    '_modelyard() {',
    '  local at=modelyard word words=',
    '  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do',
    `    case "$at $word" in ${patterns(levels)}) at="$at $word" ;; esac`,
    '  done',
    '  case "$at" in',
    ...cases,
    '  esac',
    '  COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))',
    '}',
    'complete -o default -F _modelyard modelyard',
  ].join('\n');
}

function zsh(levels: readonly CommandLevel[]): string {
  const described = ([word, help]: readonly [string, string]): string =>
    quoted(`${word}:${help.replaceAll(':', '\\:')}`);
  const cases = levels.flatMap(({ path, commands: below, options }) => [
    `    '${path}')`,
    `      below=(${below.map(described).join(' ')})`,
    `      options=(${options.map(described).join(' ')}) ;;`,
  ]);
  return [
    '#compdef modelyard',
    '# modelyard completion zsh',
    '_modelyard() {',
    '  local at=modelyard word',
    '  local -a below options',
    '  for word in ${words[2,CURRENT-1]}; do',
    `    case "$at $word" in ${patterns(levels)}) at="$at $word" ;; esac`,
    '  done',
    '  case "$at" in',
    ...cases,
    '  esac',
    '  _describe -t commands command below',
    '  _describe -o -t options option options',
    '  _files',
    '}',
    'if [ "$funcstack[1]" = _modelyard ]; then _modelyard "$@"; else compdef _modelyard modelyard; fi',
  ].join('\n');
}

function fish(levels: readonly CommandLevel[]): string {
  const lines = levels.flatMap(({ path, commands: below, options }) => {
    const at = `complete -c modelyard -n "__modelyard_at '${path}'"`;
    return [
      ...below.map(([word, help]) => `${at} -f -a ${word} -d ${quoted(help)}`),
      ...options.map(([name, help]) => `${at} -l ${name.slice(2)} -d ${quoted(help)}`),
    ];
  });
  return [
    '# modelyard completion fish',
    'function __modelyard_at',
    '  set -l at modelyard',
    '  for word in (commandline -opc)[2..-1]',
    `    switch "$at $word"`,
    `      case ${levels.map(({ path }) => `'${path}'`).join(' ')}`,
    '        set at "$at $word"',
    '    end',
    '  end',
    '  test "$at" = "$argv[1]"',
    'end',
    ...lines,
  ].join('\n');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
