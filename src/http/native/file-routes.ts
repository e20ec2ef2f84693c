import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { FileDownload } from '../../api/address.ts';
import type { Route } from '../../api/routes.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { contentDisposition } from '../body/content-disposition.ts';
import { uploadOf } from '../body/upload.ts';

/** Types of files that a page or a program sends. Text that a page of another site may send without a preflight is not among them. */
const uploadTypes: ReadonlySet<string> = new Set([
  'text/csv',
  'text/tab-separated-values',
  'application/csv',
  'application/gzip',
  'application/x-gzip',
  'application/zip',
  'application/x-zip-compressed',
  'application/x-xz',
  'application/vnd.ms-excel',
]);

interface FileRouteDeps {
  /** Does the operation of the route for the caller of a request. */
  readonly perform: (request: FastifyRequest, input: unknown) => Promise<unknown>;
  /** Parses the members of an input. @throws PlatformError INPUT_INVALID */
  readonly inputOf: (request: FastifyRequest, sent: object) => unknown;
}

/** A route whose body is a file: it is read as it arrives, by the operation. */
export async function addUpload(
  server: FastifyInstance,
  route: Route<unknown, unknown>,
  { perform, inputOf }: FileRouteDeps,
): Promise<void> {
  await server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request: FastifyRequest, _payload: Readable, done) => done(null));
    scope.route({
      method: route.method,
      url: route.path,
      config: { permission: route.permission },
      async handler(request, reply) {
        requireFile(request);
        const content = uploadOf({ body: undefined, raw: request.raw });
        const output = await perform(request, inputOf(request, { ...(request.query as object), content }));
        return reply.status(route.status ?? 200).send(output);
      },
    });
  });
}

/** Of a file that is saved and never rendered, so that nothing in it runs on our origin. */
const safely = {
  'content-type': 'text/csv; charset=utf-8',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "sandbox; default-src 'none'",
  'cache-control': 'private, no-store',
};

/** A route whose response is a file, sent as fast as the caller reads. */
export function addDownload(
  server: FastifyInstance,
  route: Route<unknown, unknown>,
  { perform, inputOf }: FileRouteDeps,
): void {
  server.route({
    method: route.method,
    url: route.path,
    exposeHeadRoute: false,
    config: { permission: route.permission },
    async handler(request, reply) {
      const { name, size, content } = (await perform(
        request,
        inputOf(request, request.query as object),
      )) as FileDownload;
      void reply.headers({
        ...safely,
        'content-length': String(size),
        'content-disposition': contentDisposition(name),
      });
      return reply.send(Readable.from(content, { objectMode: false }));
    },
  });
}

/** @throws PlatformError MEDIA_TYPE_UNSUPPORTED, INPUT_INVALID */
function requireFile({ headers }: FastifyRequest): void {
  const { 'content-type': type, 'content-length': length } = headers;
  const [media = ''] = (type ?? '').split(';', 1);
  if (!uploadTypes.has(media.trim().toLowerCase()))
    throw new PlatformError('MEDIA_TYPE_UNSUPPORTED', {
      field: 'content-type',
      value: type,
      remedy:
        "Send the file itself and name its type: with curl, --data-binary @rows.csv -H 'content-type: text/csv'.",
    });
  if (length === '0')
    throw new PlatformError('INPUT_INVALID', {
      field: 'body',
      value: 'empty',
      remedy: 'Send the file as the body: with curl, --data-binary @rows.csv.',
    });
}
