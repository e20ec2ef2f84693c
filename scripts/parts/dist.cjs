'use strict';

const {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} = require('node:fs');
const { join } = require('node:path');
const { bundleProduct } = require('./bundle.cjs');
const { root, toolPath } = require('./places.cjs');
const { keepPreviousChunks } = require('./previous-chunks.cjs');
const { runNode } = require('./processes.cjs');
const { sourceDigest } = require('./source-digest.cjs');
const { Stop } = require('./stop.cjs');
const { requireWritable } = require('./writable.cjs');

const dist = join(root, 'dist');
const main = join(dist, 'cli', 'main.js');

/** Builds unless dist was built from the sources as they are. */
async function ensureBuilt() {
  const stamp = join(dist, '.build');
  const current = existsSync(main) && existsSync(stamp) && readFileSync(stamp, 'utf8') === sourceDigest(root);
  if (!current) await build();
}

/**
 * Compiles the product and its pages, side by side, into a folder of this process, which takes dist's place when both
 * are whole. The digest is taken first: what is edited meanwhile is built the next time.
 */
async function build() {
  requireWritable(root, 'build');
  removeLeftovers();
  const made = join(root, `dist-${process.pid}`);
  const discard = () => rmSync(made, { recursive: true, force: true });
  process.once('exit', discard);
  try {
    const digest = sourceDigest(root);
    process.stderr.write('Building …\n');
    const [types, pages, product] = await Promise.all([declareTypes(made), bundlePages(made), bundle(made)]);
    const failed = [types, pages, product].filter(({ code }) => code !== 0);
    if (failed.length > 0) {
      throw new Stop(
        `${failed.map(({ output }) => output).join('\n')}\nThe build failed, for the reasons above; dist is as it was.`,
      );
    }
    chmodSync(join(made, 'cli', 'main.js'), 0o755);
    writeFileSync(join(made, '.build'), digest);
    // A package has the files of one build.
    if (process.env.npm_lifecycle_event !== 'prepack') keepPreviousChunks(dist, made);
    takePlace(made);
    process.stderr.write(
      `Built: product ${product.seconds.toFixed(1)} s, types ${types.seconds.toFixed(1)} s, pages ${pages.seconds.toFixed(1)} s.\n`,
    );
  } finally {
    discard();
    process.off('exit', discard);
  }
}

/** Type declarations of what the package exports, and of what those mention. */
function declareTypes(made) {
  return runNode([toolPath('typescript', 'tsc'), '-p', 'tsconfig.build.json', '--outDir', made]);
}

async function bundle(made) {
  const started = process.hrtime.bigint();
  const output = await bundleProduct(made).then(
    () => '',
    (error) => error.message,
  );
  return { code: output === '' ? 0 : 1, output, seconds: Number(process.hrtime.bigint() - started) / 1e9 };
}

function bundlePages(made) {
  const words = [
    'build',
    '--config',
    join('web', 'vite.config.ts'),
    '--outDir',
    join(made, 'web'),
    '--emptyOutDir',
  ];
  // A shell's own NODE_ENV would put React's development build into the pages.
  return runNode([toolPath('vite'), ...words], { env: { NODE_ENV: 'production' } });
}

/**
 * Between the two renames there is no dist, which counts as stale: no moment shows half a build. When another build of the
 * same checkout comes in between, its dist stays; its stamp tells whether it is current.
 */
function takePlace(made) {
  const old = `${made}-old`;
  try {
    if (existsSync(dist)) renameSync(dist, old);
    renameSync(made, dist);
  } catch (error) {
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(error.code) || !existsSync(dist)) throw error;
  } finally {
    rmSync(old, { recursive: true, force: true });
  }
}

/** What builds that were killed left behind. */
function removeLeftovers() {
  for (const name of readdirSync(root)) {
    const pid = /^dist-(\d+)(-old)?$/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid)))
      rmSync(join(root, name), { recursive: true, force: true });
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return pid !== process.pid;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

module.exports = { build, ensureBuilt, main };
