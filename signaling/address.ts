// Which addresses count as one: an IPv4 address alone, an IPv6 address with its /64, since
// one household or host has all of that. Texts only; opens nothing.

/** The name under which an address is counted. An odd text counts as itself, cut short. */
export function addressGroup(address: string): string {
  const plain = address.toLowerCase().split('%')[0] ?? '';
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(plain)?.[1];
  if (mapped !== undefined) return mapped;
  if (!plain.includes(':')) return plain.slice(0, ODD_CHARS_MAX);
  const [head = '', tail] = plain.split('::');
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - first.length - last.length);
  const groups = [...first, ...Array.from({ length: zeros }, () => '0'), ...last];
  return `${groups
    .slice(0, 4)
    .map((group) => group.slice(0, 4).replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}

/** Longer than any address in a text. */
const ODD_CHARS_MAX = 45;

/**
 * The address a request came from. Behind a proxy it is the last one the proxy wrote in
 * X-Forwarded-For: what stands before that, the visitor may have written itself.
 */
export function clientAddress(
  peer: string,
  forwardedFor: string | undefined,
  behindProxy: boolean,
): string {
  if (!behindProxy || forwardedFor === undefined) return peer;
  const last = forwardedFor.split(',').at(-1)?.trim() ?? '';
  return /^[\da-f:.]{2,45}$/i.test(last) ? last : peer;
}

export function isLoopback(host: string): boolean {
  const plain = host.replace(/^\[|\]$/g, '').toLowerCase();
  return plain === 'localhost' || plain === '::1' || /^127\.\d+\.\d+\.\d+$/.test(plain);
}

/** A Host header that no foreign DNS can have made up: an address, localhost, or a .local name. */
export function isOwnHost(host: string): boolean {
  const name = host.replace(/:\d{1,5}$/, '').toLowerCase();
  const address = /^(\d{1,3}\.){3}\d{1,3}$/.test(name) || /^\[[\da-f:.]+\]$/.test(name);
  return address || name === 'localhost' || /^[\w-]+\.local$/.test(name);
}
