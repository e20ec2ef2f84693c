import { afterEach, expect, test, vi } from 'vitest';
import type { ServerEvent, TaskView } from '../../api/views.ts';
import { openProgress, withProgress } from './progress.ts';
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
  return { type: 'task', project: 'p', run: 'r', task };
}

const error = {
  code: 'DATA_INVALID',
  message: 'bad data:\n  - one\n  - two',
  detail: { field: 'f', value: 1, remedy: 'r' },
} as const;

afterEach(() => void vi.useRealTimers());

test('a log gets a line whenever a task starts or ends, once, and no control character', () => {
  vi.useFakeTimers();
  const terminal = terminalOf();
  {
    using progress = openProgress(terminal);
    progress.show(event({ status: 'waiting' }));
    progress.show(event({ status: 'running' }));
    vi.advanceTimersByTime(1000);
    progress.show(event({ status: 'running', progress: { done: 5, total: 10, what: 'matches' } }));
    progress.show(event({ status: 'done', summary: '10 rows', startedAt: 0, endedAt: 1200 }));
    progress.show(event({ task: 'raw', status: 'running' }));
    progress.show(event({ task: 'raw', status: 'hit', summary: '3 files' }));
    progress.show(event({ task: 'train', status: 'failed', error }));
    progress.show(event({ task: 'gate', needs: ['train'], status: 'skipped' }));
    progress.show({ type: 'project', project: 'p' });
  }
  expect(terminal.text().split('\n')).toEqual([
    '▸ innings                runs',
    '✓ innings                10 rows, 1.2 s',
    '= raw                    cached, 3 files',
    '✗ train                  failed',
    '- 1 task not run: train failed',
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

test('a stopped run says which tasks it stopped, and counts those that never started', () => {
  const show = (terminal: Written): void => {
    using progress = openProgress(terminal);
    for (const status of ['running', 'skipped'] as const) progress.show(event({ task: 'raw', status }));
    for (const task of ['clean', 'train']) progress.show(event({ task, needs: ['raw'], status: 'skipped' }));
  };
  const [log, person] = [terminalOf(), terminalOf({ interactive: true })];
  show(log);
  show(person);
  expect(log.text()).toBe('- raw                    stopped\n- 2 tasks not run: the run was stopped\n');
  expect(screen(person.text())).toEqual([
    '- raw                    stopped',
    '- clean                  not run: the run was stopped',
    '- train                  not run: the run was stopped',
  ]);
});

test('the message of a failed task is left to the result', () => {
  const terminal = terminalOf({ interactive: true, columns: 80 });
  const progress = openProgress(terminal);
  progress.show(event({ status: 'failed', error }));
  progress[Symbol.dispose]();
  expect(screen(terminal.text())).toEqual(['✗ innings                failed']);
});

test('a command prints the tasks of its run alone, also those that started before its id was here', async () => {
  const terminal = terminalOf();
  let send: (event: ServerEvent) => void = () => {};
  const source = {
    onEvent(listener: (event: ServerEvent) => void) {
      send = listener;
      return () => {};
    },
  };
  const taskOf = (run: string, name: string): ServerEvent => {
    const hit = event({ task: name, status: 'hit' });
    return hit.type === 'task' ? { ...hit, run } : hit;
  };
  await withProgress(source, terminal, async (follow) => {
    send(taskOf('other', 'a'));
    send(taskOf('mine', 'b'));
    expect(terminal.text()).toBe('');
    follow('mine');
    send(taskOf('other', 'c'));
    follow('resumed');
    send(taskOf('resumed', 'd'));
  });
  expect(terminal.text().replaceAll(/ +/g, ' ')).toBe('= b cached\n= d cached\n');
});

test('nothing that happened is nothing to draw', () => {
  const terminal = terminalOf({ interactive: true });
  openProgress(terminal)[Symbol.dispose]();
  expect(terminal.text()).toBe('');
});
