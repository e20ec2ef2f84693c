import { z } from 'zod';
import { PlatformError } from '../../kernel/errors.ts';
import { systemCode } from '../../kernel/system-code.ts';

const here = '127.0.0.1';

/** @returns the URL. @throws PlatformError PORT_TAKEN, naming the project where the other server is one of ours */
export async function listen(
  server: { listen(options: { readonly host: string; readonly port: number }): Promise<string> },
  { host = here, port }: { readonly host?: string; readonly port: number },
): Promise<string> {
  try {
    return await server.listen({ host, port });
  } catch (cause) {
    if (systemCode(cause) !== 'EADDRINUSE') throw cause;
    throw new PlatformError(
      'PORT_TAKEN',
      {
        field: 'port',
        value: port,
        remedy: `${await holderOf(port)} Stop it, or take another port with --port or MODELYARD_PORT.`,
      },
      { cause },
    );
  }
}

const Projects = z.array(z.object({ name: z.string() }));

async function holderOf(port: number): Promise<string> {
  const response: unknown = await fetch(`http://${here}:${port}/api/projects`, {
    signal: AbortSignal.timeout(1000),
  })
    .then(
      (response) => response.json(),
      () => undefined,
    )
    .catch(() => undefined);
  const projects = Projects.safeParse(response);
  return projects.success
    ? `Modelyard serves ${projects.data.map(({ name }) => name).join(', ')} there.`
    : 'Another program listens there.';
}
