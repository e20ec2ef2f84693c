import { PlatformError } from '../kernel/errors.ts';

/**
 * The name of an archive's member, with '/' between its parts and without './'. Refuses names that could reach outside a
 * folder if somebody extracted them.
 * @throws PlatformError SOURCE_UNREADABLE naming the archive and the member
 */
export function memberName(name: string, archive: string): string {
  const parts = name.replaceAll('\\', '/').split('/');
  const absolute = parts[0] === '' || /^[A-Za-z]:/.test(name);
  const kept = parts.filter((part) => part !== '.' && part !== '');
  if (!absolute && kept.length > 0 && !kept.includes('..') && !hasControl(name)) return kept.join('/');
  throw new PlatformError('SOURCE_UNREADABLE', {
    field: `a member's name in ${archive}`,
    value: name,
    remedy: 'Create the archive again with relative names that stay inside it.',
  });
}

function hasControl(name: string): boolean {
  return Array.from(name, (character) => character.charCodeAt(0)).some(
    (code) => code < 0x20 || code === 0x7f,
  );
}
