/** A reader that closes the pipe early, such as head, is no fault: the command ends. */
export function endWithoutReader(): void {
  process.stdout.on('error', end);
  process.stderr.on('error', ignore);
}

/** A server continues without a reader of its output, and shuts down cleanly later. */
export function continueWithoutReader(): void {
  process.stdout.off('error', end);
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ignore);
}

function end(error: NodeJS.ErrnoException): void {
  ignore(error);
  process.exit(process.exitCode);
}

function ignore(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}
