import type { FastifyReply } from 'fastify';

/** No resources, no scripts, no frames. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'";

interface SignInPage {
  readonly status: number;
  readonly title: string;
  readonly text: string;
  readonly links: readonly { readonly text: string; readonly to: string }[];
}

/** A small page for when the app's pages cannot be shown. */
export function sendPage(reply: FastifyReply, { status, title, text, links }: SignInPage): FastifyReply {
  const anchors = links.map((link) => `<p><a href="${escaped(link.to)}">${escaped(link.text)}</a></p>`);
  return reply
    .status(status)
    .type('text/html; charset=utf-8')
    .header('content-security-policy', policy)
    .header('x-content-type-options', 'nosniff')
    .send(
      [
        '<!doctype html><html lang="en"><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width">',
        `<title>${escaped(title)} · Modelyard</title>`,
        '<style>body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:18vh auto;padding:0 1rem}</style>',
        `<h1>${escaped(title)}</h1><p>${escaped(text)}</p>${anchors.join('')}</html>`,
      ].join('\n'),
    );
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  return text.replaceAll(/[&<>"]/g, (mark) => entities[mark] ?? '');
}
