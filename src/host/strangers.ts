// Who is connected straight to this process and has proven nothing: so many in all and from one
// address. Each costs key agreements before it can be told from one who belongs here.

/** A class that opens its invites at the same moment; one takes a round trip to prove itself. */
export const STRANGERS_MAX = 128;
/** A household or a tunnel is one address; nobody's browser opens as many sockets at once. */
export const STRANGERS_PER_ADDRESS_MAX = 32;

export interface Strangers {
  /** Null where there are too many; else to be called when it is none any more, more than once too. */
  readonly enter: (address: string) => (() => void) | null;
}

export function openStrangers(): Strangers {
  const byAddress = new Map<string, number>();
  let all = 0;
  return {
    enter(address) {
      const here = byAddress.get(address) ?? 0;
      if (all >= STRANGERS_MAX || here >= STRANGERS_PER_ADDRESS_MAX) return null;
      all++;
      byAddress.set(address, here + 1);
      let counted = true;
      return () => {
        if (!counted) return;
        counted = false;
        all--;
        const left = (byAddress.get(address) ?? 1) - 1;
        if (left === 0) byAddress.delete(address);
        else byAddress.set(address, left);
      };
    },
  };
}
