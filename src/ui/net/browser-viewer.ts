// A viewer in a browser tab: signaling or the sharer's listener, WebRTC or a socket.
import * as v from 'valibot';
import { PublicKey } from '../../protocol/ids.ts';
import type { Viewer, ViewerState } from '../../session/viewer-state.ts';
import type { BrowserPorts } from '../browser.ts';
import type { JoinWay } from '../model/ports.ts';

export function openBrowserViewer(_way: JoinWay, _ports: BrowserPorts): Viewer {
  const state: ViewerState = {
    connection: { phase: 'over', fault: 'link.noPath' },
    session: null,
    me: { key: v.parse(PublicKey, 'A'.repeat(43)), name: '', hue: 0, owner: false },
    grant: null,
    document: null,
    blocks: [],
    blocksToCome: 0,
    place: null,
    desk: null,
    request: 'none',
  };
  return {
    state: () => state,
    watch: () => () => undefined,
    attach: () => undefined,
    knock: () => undefined,
    act: () => Promise.resolve({ ok: false, fault: 'link.noPath' }),
    want: () => undefined,
    retry: () => undefined,
    leave: () => undefined,
  };
}
