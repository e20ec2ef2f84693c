export interface Topic<Event> {
  publish(event: Event): void;
  /** @returns what ends the subscription */
  subscribe(listener: (event: Event) => void): () => void;
}

/** Listeners are called in the order in which they came, each with every event published after that. */
export function openTopic<Event>(): Topic<Event> {
  const listeners = new Set<(event: Event) => void>();
  return {
    publish(event) {
      for (const listener of listeners) listener(event);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
