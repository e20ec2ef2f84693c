import { expect, onTestFinished, test, vi } from 'vitest';
import type { ServerEvent } from '../api/views.ts';
import { createClient } from './client.ts';
import { eventParser } from './events.ts';

const logged = (line: string): ServerEvent => ({ type: 'log', project: 'p', task: 'train', line });
const written = (event: ServerEvent): string => `data: ${JSON.stringify(event)}\n\n`;

test('reads events from text cut anywhere', () => {
  const text = `: hello\n\nid: 4\n${written(logged('a'))}retry: 10\r\n\r\n${written(logged('b'))}`;
  for (let cut = 1; cut < text.length; cut++) {
    const events: ServerEvent[] = [];
    const parser = eventParser((event) => events.push(event));
    parser(text.slice(0, cut));
    parser(text.slice(cut));
    expect(events).toEqual([logged('a'), logged('b')]);
  }
});

test('passes over data that is not JSON and joins data of several lines', () => {
  const events: ServerEvent[] = [];
  const parser = eventParser((event) => events.push(event));
  parser('data: not json\n\ndata: {"type":"project",\ndata:"project":"p"}\n\n');
  expect(events).toEqual([{ type: 'project', project: 'p' }]);
});

function streamOf(text: string, options: { readonly ends: boolean }): ReadableStream {
  return new ReadableStream({
    start(stream) {
      stream.enqueue(new TextEncoder().encode(text));
      if (options.ends) stream.close();
    },
  });
}

test('connects again after a loss, and says first that something may have changed', async () => {
  const asked: string[] = [];
  const added = vi.spyOn(AbortSignal.prototype, 'addEventListener');
  const removed = vi.spyOn(AbortSignal.prototype, 'removeEventListener');
  onTestFinished(() => {
    added.mockRestore();
    removed.mockRestore();
  });
  const listeners: number[] = [];
  const streaming: typeof fetch = async (address) => {
    listeners.push(added.mock.calls.length - removed.mock.calls.length);
    asked.push(new Request(address).url);
    const text = written(logged(`connection ${asked.length}`));
    return new Response(streamOf(text, { ends: asked.length === 1 }));
  };
  const events: ServerEvent[] = [];
  await new Promise<void>((allArrived) => {
    const client = createClient('http://127.0.0.1:4310', { fetch: streaming });
    const subscription = client.events('my project', (event) => {
      events.push(event);
      if (events.length < 3) return;
      subscription.close();
      allArrived();
    });
  });
  expect(asked).toEqual(Array(2).fill('http://127.0.0.1:4310/api/projects/my%20project/events'));
  expect(listeners).toEqual([0, 0]);
  expect(events).toEqual([
    logged('connection 1'),
    { type: 'project', project: 'my project' },
    logged('connection 2'),
  ]);
});
