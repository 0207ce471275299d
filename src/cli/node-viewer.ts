// A viewer in a process of Node: by a code, a link, or the key of an earlier visit.
import { deflateNode } from '../crdt/deflate-node.ts';
import { openAutomerge } from '../crdt/automerge-node.ts';
import { openReplica } from '../crdt/replica.ts';
import type { ParsedInvite } from '../crypto/invite.ts';
import { newIdentity } from '../crypto/identity.ts';
import { nodeSigner, nodeVerifier } from '../crypto/signer-node.ts';
import { nodeClock, nodeEntropy, nodeRandom } from '../host/clock-node.ts';
import type { IceServer } from '../peer/ice.ts';
import type { Link, LinkStats } from '../peer/link.ts';
import { reach, type Entrance, type Reached, type Way } from '../peer/reach.ts';
import { openBinarySocket, openTextSocket } from '../peer/socket-node.ts';
import { rtcDialer } from '../peer/webrtc.ts';
import { nodeRtc } from '../peer/webrtc-node.ts';
import type { Fault } from '../protocol/faults.ts';
import { placeOrigin } from '../protocol/host-place.ts';
import { DeviceId, idBytes, idOf } from '../protocol/ids.ts';
import { err, ok, type Result } from '../protocol/result.ts';
import { openViewer } from '../session/viewer.ts';
import type { Viewer } from '../session/viewer-state.ts';

export interface NodeViewer {
  readonly viewer: Viewer;
  /** Of the newest link; null before there is one. */
  readonly stats: () => LinkStats | null;
  /** Why the last try came to nothing; what stands there at first, where none has ended yet. */
  readonly lastFault: () => Fault;
  /** Where the sharer is looked for, in words. */
  readonly place: string;
  /** Why there is no WebRTC here; null where there is. */
  readonly lacks: Fault | null;
  /** Lets last words out, then stops WebRTC's threads, before the process ends. */
  readonly close: () => Promise<void>;
}

export interface NodeViewerSetting {
  /** The configured service's address, for codes and links without a place. */
  readonly signal: string | null;
  readonly iceServers: readonly IceServer[] | null;
}

export async function openNodeViewer(
  invite: ParsedInvite,
  setting: NodeViewerSetting,
): Promise<Result<NodeViewer, 'code.noPlace'>> {
  const ways = waysTo(invite, setting.signal);
  if (ways.length === 0) return err('code.noPlace');
  const rtc = await nodeRtc(nodeClock);
  const identity = newIdentity(nodeEntropy);
  let newest: Link | null = null;
  let lastFault: Fault = 'link.noPath';
  const viewer = openViewer(
    { by: 'invite', door: entranceOf(invite) },
    {
      clock: nodeClock,
      random: nodeRandom,
      identity,
      signer: nodeSigner(identity.seed),
      verify: nodeVerifier,
      device: idOf(DeviceId, nodeEntropy(8)),
      inflate: deflateNode.inflate,
      remember: () => undefined,
      reach(entrance, step) {
        const reaching = reach(
          entrance,
          ways,
          {
            clock: nodeClock,
            entropy: nodeEntropy,
            identity,
            textSocket: openTextSocket,
            binarySocket: openBinarySocket,
            rtc: rtc.ok ? rtcDialer(nodeClock, rtc.value.wrtc) : null,
            iceServers: setting.iceServers,
          },
          step,
        );
        const reached = reaching.reached.then((result) => namedForCode(result, invite));
        void reached.then((result) => {
          if (result.ok) newest = result.value.link;
          else lastFault = result.fault;
        });
        return { ...reaching, reached };
      },
      async openReplica(sessionKey) {
        await openAutomerge();
        return openReplica({
          sessionPublic: idBytes(sessionKey),
          verify: nodeVerifier,
          inflate: deflateNode.inflate,
        });
      },
    },
  );
  const stats = (): LinkStats | null => newest?.stats() ?? null;
  return ok({
    viewer,
    stats,
    lastFault: () => lastFault,
    place: new URL(ways[0]?.url ?? 'ws://nowhere').host,
    lacks: rtc.ok ? null : rtc.fault,
    async close() {
      newest?.close();
      await newest?.over;
      if (rtc.ok) rtc.value.cleanup();
    },
  });
}

/**
 * [CL11] No such nameplate is an answer, not an absence: there it is not, or not any more. Where
 * no place was typed, the share may be elsewhere.
 */
function namedForCode(
  result: Result<Reached, Fault>,
  invite: ParsedInvite,
): Result<Reached, Fault> {
  if (result.ok || result.fault !== 'signal.noRoom' || invite.kind === 'link') return result;
  return err(invite.at === null ? 'code.noPlace' : 'invite.unavailable');
}

function entranceOf(invite: ParsedInvite): Extract<Entrance, { door: 'link' | 'code' }> {
  if (invite.kind === 'code') {
    return { door: 'code', nameplate: invite.nameplate, words: invite.words };
  }
  return { door: 'link', invite: invite.invite, secret: invite.secret, session: invite.session };
}

/** By what the share is reached: a service only introduces, a sharer's own listener takes sockets. */
export function waysTo(invite: ParsedInvite, signal: string | null): Way[] {
  const place = placeOf(invite);
  if (place !== null) {
    const webrtc: Way = { by: 'webrtc', url: `${place}/signal` };
    if (place.startsWith('wss:')) return [webrtc];
    return [webrtc, { by: 'socket', url: `${place}/direct/`, signal: `${place}/signal` }];
  }
  if (signal === null) return [];
  const url = new URL(signal);
  if (url.pathname === '/') url.pathname = '/signal';
  return [{ by: 'webrtc', url: url.href }];
}

/** ws://HOST:PORT or wss://HOST of an invite that says where; null for one that does not. */
function placeOf(invite: ParsedInvite): string | null {
  const origin =
    invite.kind === 'link' ? invite.origin : invite.at === null ? null : placeOrigin(invite.at);
  return origin === null ? null : origin.replace(/^http/, 'ws').replace(/\/$/, '');
}
