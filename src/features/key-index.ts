/** The value of a key column. */
export type KeyValue = string | number;

type Node = Map<KeyValue, Node | number>;

/** Numbers keys of one or several columns, from 0 in order of appearance. */
export interface KeyIndex {
  /** The number of a key; undefined for a key that was never added, and for one with a missing value. */
  find(key: readonly unknown[]): number | undefined;
  /** The number of a key, which is added if it is new. */
  add(key: readonly KeyValue[]): number;
}

export function openKeyIndex(): KeyIndex {
  const root: Node = new Map();
  let size = 0;
  return {
    find(key) {
      let node: Node | number | undefined = root;
      for (let column = 0; column < key.length; column++) {
        if (node === undefined || typeof node === 'number') return undefined;
        node = node.get(key[column] as KeyValue);
      }
      return typeof node === 'number' ? node : undefined;
    },
    add(key) {
      let node = root;
      const last = key.length - 1;
      for (let column = 0; column < last; column++) node = childOf(node, key[column] as KeyValue);
      const value = key[last] as KeyValue;
      const found = node.get(value);
      if (typeof found === 'number') return found;
      node.set(value, size);
      return size++;
    },
  };
}

function childOf(node: Node, value: KeyValue): Node {
  const found = node.get(value);
  if (found instanceof Map) return found;
  const child: Node = new Map();
  node.set(value, child);
  return child;
}
