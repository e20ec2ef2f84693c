import { eventsPath } from '../api/address.ts';
import type { ServerEvent } from '../api/views.ts';
import { type Connection, headersOf, reach, requestOf } from './request.ts';

export interface Subscription {
  close(): void;
}

const firstPauseMs = 500;
const longestPauseMs = 10_000;

/**
 * Listens until closed. Reconnects after 0.5 s, then 1, 2, 4, 8 and every 10 s. A `project` event follows a reconnect,
 * since events may have been missed.
 */
export function subscribe(
  connection: Connection,
  project: string,
  onEvent: (event: ServerEvent) => void,
): Subscription {
  const closing = new AbortController();
  void listenForGood(connection, { project, onEvent, signal: closing.signal });
  return { close: () => closing.abort() };
}

interface Listener {
  readonly project: string;
  readonly onEvent: (event: ServerEvent) => void;
  readonly signal: AbortSignal;
}

async function listenForGood(connection: Connection, listener: Listener): Promise<void> {
  let connectedBefore = false;
  let pause = firstPauseMs;
  while (!listener.signal.aborted) {
    try {
      const lines = await open(connection, listener);
      if (connectedBefore) listener.onEvent({ type: 'project', project: listener.project });
      connectedBefore = true;
      pause = firstPauseMs;
      await deliver(lines, listener.onEvent);
    } catch {
      // Reconnect after any error.
    }
    await waited(pause, listener.signal);
    pause = Math.min(pause * 2, longestPauseMs);
  }
}

async function open(connection: Connection, listener: Listener): Promise<ReadableStream<Uint8Array>> {
  const { path } = requestOf({ method: 'GET', path: eventsPath }, { project: listener.project });
  const response = await reach(connection, connection.baseUrl + path, {
    headers: headersOf(connection, 'text/event-stream'),
    signal: listener.signal,
  });
  if (!response.ok || !response.body) throw new Error(`no event stream: ${response.status}`);
  return response.body;
}

async function deliver(
  stream: ReadableStream<Uint8Array>,
  onEvent: (event: ServerEvent) => void,
): Promise<void> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  const parser = eventParser(onEvent);
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parser(decoder.decode(part.value, { stream: true }));
  }
}

/**
 * Reads the `data` of server-sent events from text in any pieces (HTML standard, 9.2.6). Skips comments, other fields
 * and data that is not JSON.
 */
export function eventParser(onEvent: (event: ServerEvent) => void): (text: string) => void {
  let rest = '';
  let data: string[] = [];
  const endEvent = (): void => {
    const event = parsed(data.join('\n'));
    data = [];
    if (event) onEvent(event);
  };
  return (text) => {
    const lines = (rest + text).split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') endEvent();
      else if (line.startsWith('data:')) data.push(line.slice(line.startsWith('data: ') ? 6 : 5));
    }
  };
}

function parsed(data: string): ServerEvent | undefined {
  if (data === '') return undefined;
  try {
    return JSON.parse(data) as ServerEvent;
  } catch {
    return undefined;
  }
}

function waited(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
