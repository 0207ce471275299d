// Which ICE servers a dial asks for its own address. Knows no WebRTC. What is never passed on
// is simple-peer's own list.
import { STUN_TOLD_MAX } from '../protocol/handshake.ts';
import { isNearby } from '../protocol/host-place.ts';

export interface IceServer {
  readonly urls: string;
  /** For TURN only. */
  readonly username?: string;
  readonly credential?: string;
}

/** Used where the setting is absent. It learns the addresses of both ends, and nothing else. */
export const STUN_DEFAULT: IceServer = { urls: 'stun:stun.l.google.com:19302' };

/**
 * [LK23] None on this computer and this network, whatever the setting: there the host's own
 * candidates do, and nobody outside is to learn of it. Elsewhere the setting, which may be empty.
 * `url` is the signaling service's.
 */
export function sharerIce(url: string, setting: readonly IceServer[] | null): readonly IceServer[] {
  return isNearby(hostOf(url)) ? [] : (setting ?? [STUN_DEFAULT]);
}

/** [LK28] What a viewer is told of them: one relay will do for both, and its password stays here. */
export function toldIce(servers: readonly IceServer[]): string[] {
  const stun = servers.filter(({ urls }) => /^stuns?:/.test(urls));
  return stun.map(({ urls }) => urls).slice(0, STUN_TOLD_MAX);
}

/** [LK28] A viewer's own setting, else what its sharer uses; `told` is null where it has not said. */
export function viewerIce(
  url: string,
  setting: readonly IceServer[] | null,
  told: readonly string[] | null,
): readonly IceServer[] {
  if (isNearby(hostOf(url))) return [];
  return setting ?? told?.map((urls) => ({ urls })) ?? [STUN_DEFAULT];
}

/** ws://HOST:PORT/… or wss://…, without its port. */
function hostOf(url: string): string {
  return /^wss?:\/\/(\[[^\]]*\]|[^:/]*)/i.exec(url)?.[1] ?? '';
}
