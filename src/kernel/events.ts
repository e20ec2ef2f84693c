export interface Topic<Event> {
  publish(event: Event): void;
  /** @returns what ends the subscription */
  subscribe(listener: (event: Event) => void): () => void;
}

/**
 * Listeners are called in the order in which they came, each with every event published after that. One that throws does
 * not keep an event from the others: `publish` throws the first fault when all have been told.
 */
export function openTopic<Event>(): Topic<Event> {
  const listeners = new Set<{ readonly tell: (event: Event) => void }>();
  return {
    publish(event) {
      const errors: unknown[] = [];
      for (const listener of Array.from(listeners)) {
        try {
          if (listeners.has(listener)) listener.tell(event);
        } catch (error) {
          errors.push(error);
        }
      }
      if (errors.length > 0) throw errors[0];
    },
    subscribe(tell) {
      const listener = { tell };
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
