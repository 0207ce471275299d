// Where a share is looked for, as a person types it behind a code, and what can be told from a
// host's name alone. Knows no network.
import { err, ok, type Result } from './result.ts';

/** The port of a sharer's own listener where it is free; what is meant where none is typed. */
export const LISTENER_PORT = 4271;

export interface HostPlace {
  /** A name or an address; an IPv6 address without its brackets. */
  readonly host: string;
  readonly port: number | null;
  /** As it was typed; null where none was. */
  readonly scheme: 'http' | 'https' | null;
}

const PLACE =
  /^(?:(https?|wss?):\/\/)?(?:\[([\da-f:.]{2,45})\]|([a-z\d_](?:[a-z\d_.-]{0,251}[a-z\d_])?))(?::(\d{1,5}))?\/?$/u;

/** [IV4] HOST, HOST:PORT, [IPV6] or [IPV6]:PORT, with https:// or http:// before it or not. */
export function parsePlace(text: string): Result<HostPlace, 'invite.malformed'> {
  const match = PLACE.exec(text.toLowerCase());
  if (match === null) return err('invite.malformed');
  const [, typed, v6, name, digits] = match;
  const port = digits === undefined ? null : Number(digits);
  if (port !== null && (port < 1 || port > 65_535)) return err('invite.malformed');
  if (v6 !== undefined && !v6.includes(':')) return err('invite.malformed');
  return ok({ host: v6 ?? name ?? '', port, scheme: schemeOf(typed) });
}

function schemeOf(typed: string | undefined): HostPlace['scheme'] {
  if (typed === undefined) return null;
  return typed === 'https' || typed === 'wss' ? 'https' : 'http';
}

/** [IV4] Its page: http://HOST:PORT or https://HOST, no slash at the end, no port that goes without saying. */
export function placeOrigin({ host, port, scheme }: HostPlace): string {
  const name = host.includes(':') ? `[${host}]` : host;
  const isOwn = isNearby(host) || isAddress(host);
  const by = scheme ?? (port === null && !isOwn ? 'https' : 'http');
  const at = port ?? (scheme === null && by === 'http' ? LISTENER_PORT : null);
  return at === null || at === DEFAULT_PORTS[by] ? `${by}://${name}` : `${by}://${name}:${at}`;
}

const DEFAULT_PORTS = { http: 80, https: 443 } as const;

/** [IV4] The least one has to type for `origin`, which is as `placeOrigin` gives it. */
export function typedPlace(origin: string): string {
  const [, scheme = '', host = ''] = /^(https?):\/\/(.+)$/.exec(origin) ?? [];
  const withPort = /:\d+$/.test(host) ? host : `${host}:${scheme === 'https' ? 443 : 80}`;
  const shortest = [host, withPort].find((text) => {
    const parsed = parsePlace(text);
    return parsed.ok && placeOrigin(parsed.value) === origin;
  });
  return shortest ?? origin;
}

/** By name alone: this computer, or something only the network one is in knows. */
export function isNearby(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  if (name.includes(':')) return isNearbyV6(name);
  const parts = v4(name);
  if (parts !== null) return isNearbyV4(parts);
  return !name.includes('.') || /\.(?:localhost|local|lan|internal|home\.arpa)$/.test(name);
}

function isAddress(host: string): boolean {
  return host.includes(':') || v4(host) !== null;
}

function v4(name: string): readonly number[] | null {
  return /^\d{1,3}(?:\.\d{1,3}){3}$/.test(name) ? name.split('.').map(Number) : null;
}

/** RFC 1918, RFC 3927 (link-local), RFC 6598 (shared, also of overlay networks), loopback. */
function isNearbyV4([a = 0, b = 0]: readonly number[]): boolean {
  return (
    a === 127 ||
    a === 10 ||
    (a === 172 && b >= 16 && b <= 31) ||
    (a === 192 && b === 168) ||
    (a === 169 && b === 254) ||
    (a === 100 && b >= 64 && b <= 127)
  );
}

/** RFC 4291 loopback and link-local, RFC 4193 unique local. */
function isNearbyV6(name: string): boolean {
  const mapped = /^::ffff:(\d.*)$/.exec(name)?.[1];
  const parts = mapped === undefined ? null : v4(mapped);
  if (parts !== null) return isNearbyV4(parts);
  return name === '::1' || /^(?:fe[89ab]|f[cd])[\da-f]*:/.test(name);
}
