// What every viewer of a page shares: its key, chance and entropy, WebRTC, the replica's engine
// when it is first needed.
import { deflateBrowser } from '../../crdt/deflate-browser.ts';
import { openBrowserSigner, openBrowserVerifier } from '../../crypto/signer-browser.ts';
import type { Identity } from '../../crypto/identity.ts';
import type { ReachPorts } from '../../peer/reach.ts';
import { openBinarySocket, openTextSocket } from '../../peer/socket-browser.ts';
import { rtcDialer } from '../../peer/webrtc.ts';
import { DeviceId, idBytes, idOf } from '../../protocol/ids.ts';
import type { Clock, Entropy, Signer, Verifier } from '../../protocol/ports.ts';
import type { ViewerPorts } from '../../session/viewer-ports.ts';

export const browserEntropy: Entropy = (count) => crypto.getRandomValues(new Uint8Array(count));

/** All of a viewer's ports but the way it takes and what it remembers. */
export function viewerPorts(
  identity: Identity,
  clock: Clock,
): Omit<ViewerPorts, 'reach' | 'remember'> {
  const verifier = openBrowserVerifier();
  const verify: Verifier = async (key, message, signature) =>
    (await verifier)(key, message, signature);
  return {
    clock,
    random: () => Math.random(),
    identity,
    signer: signerOf(identity),
    verify,
    device: idOf(DeviceId, browserEntropy(8)),
    inflate: deflateBrowser.inflate,
    async openReplica(sessionKey) {
      // Its wasm is the largest thing the page loads: what there is to show is drawn first.
      await drawn();
      const { openPageReplica } = await import('./replica-engine.ts');
      return openPageReplica(idBytes(sessionKey), verify);
    },
  };
}

/** A hidden tab draws nothing, and goes on after this, in ms. */
const HIDDEN_MS = 200;

function drawn(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, HIDDEN_MS);
    requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
  });
}

/** Usable at once; the fastest implementation this browser has is chosen meanwhile. */
function signerOf(identity: Identity): Signer {
  const opened = openBrowserSigner(identity.seed);
  return {
    publicKey: identity.publicBytes,
    sign: async (message) => (await opened).sign(message),
  };
}

export function reachPorts(identity: Identity, clock: Clock): ReachPorts {
  return {
    clock,
    entropy: browserEntropy,
    identity,
    textSocket: openTextSocket,
    binarySocket: openBinarySocket,
    rtc: 'RTCPeerConnection' in globalThis ? rtcDialer(clock) : null,
    // [LK28] A page has no setting of its own: its sharer says.
    iceServers: null,
  };
}

/** ws://HOST or wss://HOST of this page. */
export function pageSocket(): string {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}`;
}
