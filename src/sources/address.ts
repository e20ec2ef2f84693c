import { PlatformError } from '../kernel/errors.ts';
import { maskedAddress } from './fetch.ts';

/** @throws PlatformError SOURCE_UNREADABLE for no address, and for one with a password */
export function parseAddress(from: string): URL {
  const address = URL.canParse(from) ? new URL(from) : undefined;
  if (address && address.username === '' && address.password === '') return address;
  throw new PlatformError('SOURCE_UNREADABLE', {
    field: 'from',
    value: address ? maskedAddress(address) : from,
    remedy: address
      ? 'Leave the user name and password out of the address.'
      : 'Write the address as https://host/path.',
  });
}
