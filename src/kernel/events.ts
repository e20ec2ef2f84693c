export interface Topic<Event> {
  publish(event: Event): void;
  /** @returns a function that ends the subscription */
  subscribe(listener: (event: Event) => void): () => void;
}

/**
 * Listeners are called in the order of their subscription, with every event published afterwards. If one throws, the others
 * still get the event; then `publish` throws the first error.
 */
export function openTopic<Event>(): Topic<Event> {
  const listeners = new Set<{ readonly call: (event: Event) => void }>();
  return {
    publish(event) {
      const errors: unknown[] = [];
      for (const listener of Array.from(listeners)) {
        try {
          if (listeners.has(listener)) listener.call(event);
        } catch (error) {
          errors.push(error);
        }
      }
      if (errors.length > 0) throw errors[0];
    },
    subscribe(listen) {
      const listener = { call: listen };
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
