/** What the first bytes of a body must be, by the ending of its address. */
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

/** How many bytes of a body are needed to recognize its kind. */
export const headLength = 1024;

/**
 * Describes what is wrong with a body that came with status 200 but is not what its address promises: usually an error page.
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
  return head.byteLength === 0 ? 'an empty body' : `not ${expected.kind}`;
}

function startsWith(head: Uint8Array, bytes: readonly number[]): boolean {
  return bytes.every((byte, index) => head[index] === byte);
}

function asText(head: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(head);
}
