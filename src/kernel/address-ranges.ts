import { BlockList, isIP } from 'node:net';

/** IP addresses and CIDR ranges: '10.1.2.3', '10.0.0.0/8', 'fd00::/8'. */
export interface AddressRanges {
  /** Adds an address or a range. @returns false for an invalid one */
  add(entry: string): boolean;
  /** False for a text that is not an IP address. IPv4 addresses mapped into IPv6 count as IPv4. */
  has(address: string): boolean;
}

export function addressRanges(): AddressRanges {
  const list = new BlockList();
  return {
    add(entry) {
      const [, network = '', digits] = /^([\d.]+|[\da-f:.]+)(?:\/(\d{1,3}))?$/i.exec(entry) ?? [];
      const longest = { 0: -1, 4: 32, 6: 128 }[isIP(network)] ?? -1;
      const prefix = digits === undefined ? longest : Number(digits);
      if (longest < 0 || prefix > longest) return false;
      list.addSubnet(network, prefix, familyOf(network));
      return true;
    },
    has(address) {
      const plain = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
      return isIP(plain) !== 0 && list.check(plain, familyOf(plain));
    },
  };
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}
