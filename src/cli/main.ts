#!/usr/bin/env node
import { endWithoutReader } from './output/lost-reader.ts';
import { runProgram } from './program.ts';
import { processTerminal } from './output/terminal.ts';

endWithoutReader();

process.exitCode = await runProgram(process.argv.slice(2), {
  env: process.env,
  terminal: processTerminal(process.env),
});
