// A viewer in a browser tab: through the signaling of the place its page came from to WebRTC, or
// on a socket straight to the sharer.
import { parseInvite } from '../../crypto/invite.ts';
import { reach, type Way } from '../../peer/reach.ts';
import type { Fault } from '../../protocol/faults.ts';
import { idOf, PublicKey } from '../../protocol/ids.ts';
import { openViewer, type Beginning } from '../../session/viewer.ts';
import type { Viewer, ViewerState } from '../../session/viewer-state.ts';
import type { BrowserPorts } from '../browser.ts';
import type { JoinWay } from '../model/ports.ts';
import { forgetMembership, keepMembership, membershipOf, tabIdentity } from './memberships.ts';
import { browserEntropy, pageSocket, reachPorts, viewerPorts } from './page-ports.ts';

export function openBrowserViewer(way: JoinWay, ports: BrowserPorts): Viewer {
  const beginning = beginningOf(way, ports);
  if (typeof beginning === 'string') return endedViewer(beginning);
  const identity = tabIdentity(ports.tab, browserEntropy);
  const place = pageSocket();
  const ways: Way[] = [
    { by: 'webrtc', url: `${place}/signal` },
    { by: 'socket', url: `${place}/direct/`, signal: `${place}/signal` },
  ];
  const reaching = reachPorts(identity, ports.clock);
  const viewer = openViewer(beginning, {
    ...viewerPorts(identity, ports.clock),
    reach: (entrance, step) => reach(entrance, ways, reaching, step),
    remember(membership) {
      if (membership !== null) return keepMembership(ports.tab, membership);
      const { session } = viewer.state();
      if (session !== null) forgetMembership(ports.tab, session);
    },
  });
  // The network is back, or the person looks again: no need to wait any longer.
  addEventListener('online', viewer.retry);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') viewer.retry();
  });
  return viewer;
}

function beginningOf(way: JoinWay, ports: BrowserPorts): Beginning | Fault {
  if (way.by === 'key') {
    const membership = membershipOf(ports.tab, way.session);
    return membership === null ? 'grant.none' : { by: 'membership', membership };
  }
  const parsed = parseInvite(way.by === 'link' ? way.invite : way.code);
  if (!parsed.ok) return parsed.fault;
  const invite = parsed.value;
  if (invite.kind === 'link') {
    const { secret, session } = invite;
    return { by: 'invite', door: { door: 'link', invite: invite.invite, secret, session } };
  }
  const { nameplate, words } = invite;
  return { by: 'invite', door: { door: 'code', nameplate, words } };
}

/** For one who cannot begin: the page shows why. */
function endedViewer(fault: Fault): Viewer {
  const state: ViewerState = {
    connection: { phase: 'over', fault },
    session: null,
    me: { key: idOf(PublicKey, new Uint8Array(32)), name: '', hue: 0, owner: false },
    grant: null,
    document: null,
    blocks: [],
    segments: [],
    blocksToCome: 0,
    place: null,
    desk: null,
    request: 'none',
  };
  const nothing = (): void => undefined;
  return {
    state: () => state,
    watch: () => nothing,
    attach: nothing,
    knock: nothing,
    act: () => Promise.resolve({ ok: false, fault }),
    want: nothing,
    whole: () => Promise.resolve(null),
    retry: nothing,
    leave: nothing,
  };
}
