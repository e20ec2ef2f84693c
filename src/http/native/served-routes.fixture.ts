import type { FastifyInstance } from 'fastify';

export interface ServedRoute {
  readonly method: string;
  /** As it was declared: '/api/runs/:run'. */
  readonly path: string;
  /** An address of it. */
  readonly url: string;
}

const line = /^((?:[│ ] {3})*)[├└]── (\S.*?)(?: \(([A-Z, ]+)\))?$/;

/** Every route that a server answers, as its router prints them: nothing that was registered can be missing. */
export function servedRoutes(server: FastifyInstance): readonly ServedRoute[] {
  const path: string[] = [];
  return server
    .printRoutes()
    .split('\n')
    .filter((each) => each !== '')
    .flatMap((each) => {
      const [, indent, part, methods = ''] = line.exec(each) ?? [];
      if (indent === undefined || part === undefined) throw new Error(`no line of a route: ${each}`);
      path.splice(indent.length / 4, path.length, part);
      return methods === '' ? [] : methods.split(', ').map((method) => routeOf(method, path.join('')));
    });
}

function routeOf(method: string, path: string): ServedRoute {
  return { method, path, url: path.replaceAll(/:\w+|\*/g, 'a') };
}
