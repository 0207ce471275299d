// Which ICE servers a dial asks for its own address. Knows no WebRTC. What is never passed on
// is simple-peer's own list.
import { err, ok, type Result } from '../protocol/result.ts';

export interface IceServer {
  readonly urls: string;
  /** For TURN only. */
  readonly username?: string;
  readonly credential?: string;
}

/** Who can reach the share: this computer, this network, anyone through signaling. */
export type Reach = 'local' | 'lan' | 'signal';

/** Used where the setting is absent. It learns the addresses of both ends, and nothing else. */
export const STUN_DEFAULT: IceServer = { urls: 'stun:stun.l.google.com:19302' };

/**
 * None on this computer and this network, whatever the setting: there the host's own candidates
 * do, and nobody outside is to learn of it. Elsewhere the setting, which may be empty.
 */
export function iceServers(
  reach: Reach,
  setting: readonly IceServer[] = [STUN_DEFAULT],
): readonly IceServer[] {
  return reach === 'signal' ? setting : [];
}

const STUN = /^stuns?:[\w.[\]:-]+$/;
/** scheme, user, password, the rest */
const TURN = /^(turns?):([^:@\s]+):([^@\s]+)@([\w.[\]:-]+(?:\?transport=(?:udp|tcp))?)$/;

/** From settings: `stun:HOST:PORT` or `turn:USER:PASSWORD@HOST:PORT`, user and password %-escaped. */
export function parseIceServer(text: string): Result<IceServer, 'link.iceServer'> {
  if (STUN.test(text)) return ok({ urls: text });
  const turn = TURN.exec(text);
  if (turn === null) return err('link.iceServer');
  const [, scheme, user, password, place] = turn;
  try {
    return ok({
      urls: `${scheme}:${place}`,
      username: decodeURIComponent(user ?? ''),
      credential: decodeURIComponent(password ?? ''),
    });
  } catch {
    return err('link.iceServer');
  }
}
