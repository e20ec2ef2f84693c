'use strict';

/** What the end of a package's name says of the machine it is for: 'linux-x64-musl', 'win32-arm64-msvc', 'darwin-arm64'. */
const platformName =
  /(?<os>aix|android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32)-(?<cpu>arm64|arm|ia32|loong64|mips64el|ppc64|riscv64|s390x|x64)(?:-(?<abi>[a-z]+))?$/;

/**
 * The entries that a lock file lacks: optional packages that a locked package names by an exact version and that npm left
 * out. npm does so with those a registry did not answer for when the lock file was written; `npm ci` then refuses the
 * lock file, and machines of that kind miss the package. The entries still lack the digest, which only
 * the registry knows.
 * @param {{ packages: Record<string, object> }} lock
 * @returns {Record<string, object>} by path, as in the lock file
 */
function missingPlatforms(lock) {
  const missing = {};
  for (const [path, locked] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(locked.optionalDependencies ?? {})) {
      if (!isLocked(lock, { path, name }))
        missing[`node_modules/${name}`] = entryOf({ name, version, parent: locked });
    }
  }
  return missing;
}

/**
 * The paths of the packages that npm would install without checking their bytes.
 * @param {{ packages: Record<string, { integrity?: string, link?: boolean }> }} lock
 */
function withoutIntegrity(lock) {
  return Object.entries(lock.packages)
    .filter(([path, { integrity, link }]) => path !== '' && !link && !(integrity ?? '').startsWith('sha512-'))
    .map(([path]) => path);
}

/** In the folder of the package that wants it, or in one above, as node looks for it. */
function isLocked(lock, { path, name }) {
  if (lock.packages[`${path}/node_modules/${name}`] !== undefined) return true;
  const above = path.lastIndexOf('/node_modules/');
  if (above < 0) return lock.packages[`node_modules/${name}`] !== undefined;
  return isLocked(lock, { path: path.slice(0, above), name });
}

function entryOf({ name, version, parent }) {
  const { os, cpu, abi } = platformName.exec(name)?.groups ?? {};
  if (os === undefined || !/^\d+\.\d+\.\d+/.test(version)) {
    throw new TypeError(
      `${name}@${version} is not locked, and its name or version does not tell for which machine it is.`,
    );
  }
  const libc = { musl: 'musl', musleabihf: 'musl', gnu: 'glibc', gnueabihf: 'glibc' }[abi];
  return {
    version,
    cpu: [cpu],
    ...(parent.dev ? { dev: true } : {}),
    ...(os === 'linux' && libc !== undefined ? { libc: [libc] } : {}),
    optional: true,
    os: [os],
  };
}

module.exports = { missingPlatforms, withoutIntegrity };
