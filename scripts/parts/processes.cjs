'use strict';

const { spawn } = require('node:child_process');
const { constants } = require('node:os');
const { root } = require('./places.cjs');

const running = new Set();
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs a program in the root folder until it ends, and gives its exit code (undefined when it could not start), what it
 * printed on both streams in order, and the seconds it took. Never rejects. With `shown` it prints straight to the
 * terminal instead. A signal that ends this process ends the program first.
 * @param {string} command
 * @param {readonly string[]} words
 * @param {{ env?: Record<string, string | undefined>, shown?: boolean, shell?: boolean }} [options]
 */
function run(command, words, { env = {}, shown = false, shell = false } = {}) {
  const started = process.hrtime.bigint();
  const child = spawn(command, words, {
    cwd: root,
    env: { ...process.env, ...env },
    shell,
    // What the program says is for people: stdout stays free for what a script answers, as in `npm pack --json`.
    stdio: shown ? ['ignore', 2, 2] : ['ignore', 'pipe', 'pipe'],
  });
  watch(child);
  return new Promise((resolve) => {
    const printed = [];
    const end = (code) => {
      release(child);
      const seconds = Number(process.hrtime.bigint() - started) / 1e9;
      resolve({ code, output: Buffer.concat(printed).toString().trimEnd(), seconds });
    };
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (bytes) => printed.push(bytes));
    child.on('error', (error) => {
      printed.push(Buffer.from(error.message));
      end(undefined);
    });
    child.on('close', (code, signal) => end(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
}

/** Runs a JavaScript file with this Node. */
function runNode(words, options) {
  return run(process.execPath, words, options);
}

function watch(child) {
  if (running.size === 0) for (const signal of signals) process.on(signal, interrupt);
  running.add(child);
}

function release(child) {
  running.delete(child);
  if (running.size === 0) for (const signal of signals) process.off(signal, interrupt);
}

function interrupt(signal) {
  for (const child of running) child.kill(signal);
  process.exit(128 + constants.signals[signal]);
}

module.exports = { run, runNode };
