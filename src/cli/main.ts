#!/usr/bin/env node
import { runProgram } from './program.ts';
import { processTerminal } from './terminal.ts';

/** A reader that closes the pipe early, such as head, is no fault. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(process.exitCode);
});

process.exitCode = await runProgram(process.argv.slice(2), {
  env: process.env,
  terminal: processTerminal(process.env),
});
