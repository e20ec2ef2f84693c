/** Bytes of an upload held in memory; longer files are sent in parts of this length, later ones in longer parts. */
const firstPart = 8 << 20;
/** Splits the content into parts of an upload. Every thousand parts they get longer, so that 10,000 reach 5 TB. */
export async function* partsOf(
  content: AsyncIterable<Uint8Array>,
  saw: (piece: Uint8Array) => void,
): AsyncGenerator<Uint8Array, undefined> {
  let held: Uint8Array[] = [];
  let length = 0;
  let sent = 0;
  for await (const piece of content) {
    saw(piece);
    held.push(piece);
    length += piece.length;
    if (length < firstPart * 2 ** Math.floor(sent / 1000)) continue;
    yield Buffer.concat(held);
    [held, length, sent] = [[], 0, sent + 1];
  }
  if (length > 0) yield Buffer.concat(held);
  return undefined;
}

/** The first pieces, then the rest. */
export async function* chain(
  first: readonly Uint8Array[],
  rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* first;
  yield* rest;
}
