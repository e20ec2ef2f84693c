import { expect, test } from 'vitest';
import { openTopic } from './events.ts';

test('each listener gets what is published while it listens, in order', () => {
  const topic = openTopic<number>();
  const told: string[] = [];
  topic.publish(0);
  const endFirst = topic.subscribe((event) => void told.push(`a${event}`));
  topic.subscribe((event) => void told.push(`b${event}`));
  topic.publish(1);
  endFirst();
  endFirst();
  topic.publish(2);
  expect(told).toEqual(['a1', 'b1', 'b2']);
});

test('one function that subscribes twice is two listeners', () => {
  const topic = openTopic<number>();
  const told: number[] = [];
  const listen = (event: number): void => void told.push(event);
  const end = topic.subscribe(listen);
  topic.subscribe(listen);
  topic.publish(1);
  end();
  topic.publish(2);
  expect(told).toEqual([1, 1, 2]);
});

test('who comes during an event gets the next, and who left gets no more', () => {
  const topic = openTopic<number>();
  const told: string[] = [];
  const ends: (() => void)[] = [];
  topic.subscribe((event) => {
    told.push(`a${event}`);
    if (event === 1) topic.subscribe((later) => void told.push(`c${later}`));
    ends[0]?.();
  });
  ends.push(topic.subscribe((event) => void told.push(`b${event}`)));
  topic.publish(1);
  topic.publish(2);
  expect(told).toEqual(['a1', 'a2', 'c2']);
});

test('a listener that throws does not keep an event from the others', () => {
  const topic = openTopic<number>();
  const told: number[] = [];
  topic.subscribe(() => {
    throw new Error('mine');
  });
  topic.subscribe((event) => void told.push(event));
  expect(() => topic.publish(1)).toThrow('mine');
  expect(told).toEqual([1]);
});
