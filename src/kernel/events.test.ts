import { expect, test } from 'vitest';
import { openTopic } from './events.ts';

test('each listener gets what is published while it listens, in order', () => {
  const topic = openTopic<number>();
  const received: string[] = [];
  topic.publish(0);
  const endFirst = topic.subscribe((event) => void received.push(`a${event}`));
  topic.subscribe((event) => void received.push(`b${event}`));
  topic.publish(1);
  endFirst();
  endFirst();
  topic.publish(2);
  expect(received).toEqual(['a1', 'b1', 'b2']);
});

test('one function that subscribes twice is two listeners', () => {
  const topic = openTopic<number>();
  const received: number[] = [];
  const listen = (event: number): void => void received.push(event);
  const end = topic.subscribe(listen);
  topic.subscribe(listen);
  topic.publish(1);
  end();
  topic.publish(2);
  expect(received).toEqual([1, 1, 2]);
});

test('who comes during an event gets the next, and who left gets no more', () => {
  const topic = openTopic<number>();
  const received: string[] = [];
  const ends: (() => void)[] = [];
  topic.subscribe((event) => {
    received.push(`a${event}`);
    if (event === 1) topic.subscribe((later) => void received.push(`c${later}`));
    ends[0]?.();
  });
  ends.push(topic.subscribe((event) => void received.push(`b${event}`)));
  topic.publish(1);
  topic.publish(2);
  expect(received).toEqual(['a1', 'a2', 'c2']);
});

test('a listener that throws does not keep an event from the others', () => {
  const topic = openTopic<number>();
  const received: number[] = [];
  topic.subscribe(() => {
    throw new Error('mine');
  });
  topic.subscribe((event) => void received.push(event));
  expect(() => topic.publish(1)).toThrow('mine');
  expect(received).toEqual([1]);
});
