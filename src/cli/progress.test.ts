import { expect, test } from 'vitest';
import type { ServerEvent, TaskView } from '../api/views.ts';
import { openProgress } from './progress.ts';
import type { Terminal } from './terminal.ts';

interface Written extends Terminal {
  readonly text: () => string;
}

function terminalOf(change: Partial<Terminal> = {}): Written {
  let text = '';
  return {
    out: () => {},
    err: (more) => void (text += more),
    interactive: false,
    columns: 80,
    ...change,
    text: () => text,
  };
}

function event(change: Partial<TaskView>): ServerEvent {
  const task: TaskView = {
    task: 'innings',
    label: 'innings',
    operation: 'step',
    description: null,
    declared: { kind: 'step', name: 'innings' },
    needs: [],
    status: 'running',
    startedAt: null,
    endedAt: null,
    progress: null,
    summary: null,
    error: null,
    ...change,
  };
  return { type: 'task', project: 'p', task };
}

const error = {
  code: 'DATA_INVALID',
  message: 'bad data:\n  - one\n  - two',
  detail: { field: 'f', value: 1, remedy: 'r' },
} as const;

test('a log gets a line whenever a task starts or ends, once, and no control character', () => {
  const terminal = terminalOf();
  {
    using progress = openProgress(terminal);
    progress.show(event({ status: 'waiting' }));
    progress.show(event({ status: 'running' }));
    progress.show(event({ status: 'running', progress: { done: 5, total: 10, what: 'matches' } }));
    progress.show(event({ status: 'done', summary: '10 rows', startedAt: 0, endedAt: 1200 }));
    progress.show(event({ task: 'raw', status: 'hit', summary: '3 files' }));
    progress.show(event({ task: 'train', status: 'failed', error }));
    progress.show(event({ task: 'gate', status: 'skipped' }));
    progress.show({ type: 'project', project: 'p' });
  }
  expect(terminal.text().split('\n')).toEqual([
    '▸ innings                runs',
    '✓ innings                10 rows, 1.2 s',
    '= raw                    cached, 3 files',
    '✗ train                  bad data: - one - two',
    '- gate                   skipped: what it needs failed, or the run was stopped',
    '',
  ]);
  const controls = Array.from(terminal.text()).filter((letter) => letter < ' ' && letter !== '\n');
  expect(controls).toEqual([]);
});

const escape = String.raw`\u001B\[`;
const upOrLine = new RegExp(`${escape}(\\d+)A|([^\\n]*)\\n`, 'g');
const marks = new RegExp(`${escape}[\\d;]*[mK]`, 'g');

/** What a screen shows after this text. */
function screen(text: string): readonly string[] {
  const lines: string[] = [];
  let row = 0;
  for (const [, up, written = ''] of text.matchAll(upOrLine)) {
    if (up === undefined) lines[row++] = written.replaceAll(marks, '');
    else row -= Number(up);
  }
  return lines;
}

test('a person sees a line a task, drawn in place, cut to the width; what comes after it stays', () => {
  const terminal = terminalOf({ interactive: true, columns: 40 });
  const progress = openProgress(terminal);
  progress.show(event({ status: 'running', progress: { done: 5, total: 10, what: 'matches' } }));
  progress.show(event({ task: 'train', status: 'waiting' }));
  progress[Symbol.dispose]();
  terminal.err('Run brisk-heron\n');
  progress[Symbol.dispose]();
  expect(screen(terminal.text())).toEqual([
    '▸ innings                ██████████░░░░░'.slice(0, 39),
    '  train                  waits',
    'Run brisk-heron',
  ]);
});

test('a message of several lines takes one', () => {
  const terminal = terminalOf({ interactive: true, columns: 80 });
  const progress = openProgress(terminal);
  progress.show(event({ status: 'failed', error }));
  progress[Symbol.dispose]();
  expect(screen(terminal.text())).toEqual(['✗ innings                bad data: - one - two']);
});

test('nothing that happened is nothing to draw', () => {
  const terminal = terminalOf({ interactive: true });
  openProgress(terminal)[Symbol.dispose]();
  expect(terminal.text()).toBe('');
});
