/** What a body's first bytes must be, by how its address ends. */
const beginnings: readonly {
  readonly ending: RegExp;
  readonly kind: string;
  readonly begins: (head: Uint8Array) => boolean;
}[] = [
  { ending: /\.zip$/i, kind: 'a zip archive', begins: (head) => startsWith(head, [0x50, 0x4b]) },
  { ending: /\.(t?gz)$/i, kind: 'a gzip archive', begins: (head) => startsWith(head, [0x1f, 0x8b]) },
  {
    ending: /\.t?xz$/i,
    kind: 'an xz archive',
    begins: (head) => startsWith(head, [0xfd, 0x37, 0x7a, 0x58, 0x5a]),
  },
  { ending: /\.parquet$/i, kind: 'Parquet', begins: (head) => startsWith(head, [0x50, 0x41, 0x52, 0x31]) },
  { ending: /\.json$/i, kind: 'JSON', begins: (head) => /^\ufeff?\s*[[{"\d-]/.test(asText(head)) },
];

const page = /^\ufeff?\s*(<!--[^]*?-->\s*)?<(!doctype\s+html|html|head|body)\b/i;

/** How many of a body's first bytes tell what it is. */
export const headLength = 1024;

/**
 * Says what is wrong with a body that came with status 200 and is not what its address promises: an error page, most often.
 * @param head the first bytes, up to `headLength`
 */
export function bodyFault(
  pathname: string,
  contentType: string | null,
  head: Uint8Array,
): string | undefined {
  const wantsPage = /\.html?$/i.test(pathname);
  const isPage = /^\s*(text\/html|application\/xhtml)/i.test(contentType ?? '') || page.test(asText(head));
  if (isPage && !wantsPage) return 'an HTML page';
  const expected = beginnings.find(({ ending }) => ending.test(pathname));
  if (!expected || expected.begins(head)) return undefined;
  return head.byteLength === 0 ? 'an empty body' : `no ${expected.kind.replace(/^an? /, '')}`;
}

function startsWith(head: Uint8Array, bytes: readonly number[]): boolean {
  return bytes.every((byte, index) => head[index] === byte);
}

function asText(head: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(head);
}
