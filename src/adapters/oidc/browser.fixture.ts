/** As much of a browser as a sign-in needs: it keeps cookies by host, whatever the port, and goes where it is sent. */
export interface Browser {
  readonly cookies: Map<string, string>;
  /** One request, whose cookies it keeps. */
  open(address: string | URL, init?: RequestInit): Promise<Response>;
  /** @returns the first address on its way that begins with `until`, which it does not open */
  follow(location: string | URL, until: string): Promise<URL>;
}

const longestWay = 20;

export function openBrowser(): Browser {
  const cookies = new Map<string, string>();
  const open: Browser['open'] = async (address, init = {}) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...(cookie && { cookie }), ...(init.headers as Readonly<Record<string, string>>) };
    const response = await fetch(address, { redirect: 'manual', ...init, headers });
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (value === '' || /expires=Thu, 01 Jan 1970/i.test(set)) cookies.delete(name);
      else cookies.set(name, value);
    }
    return response;
  };
  return {
    cookies,
    open,
    async follow(location, until) {
      let address = new URL(location);
      for (let steps = 0; steps < longestWay; steps++) {
        if (address.href.startsWith(until)) return address;
        const response = await open(address);
        const next = response.headers.get('location');
        if (next === null) throw new Error(`${address.href}: ${response.status} ${await response.text()}`);
        address = new URL(next, address);
      }
      throw new Error(`${address.href} leads nowhere`);
    },
  };
}
