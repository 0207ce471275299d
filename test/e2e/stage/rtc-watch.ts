// Watches a page's WebRTC connections from beside them: which pair of addresses carries them and
// how many messages have come.
import * as v from 'valibot';

/** To be run in a page before its own script. */
export const WATCH_RTC = `(() => {
  const Own = globalThis.RTCPeerConnection;
  globalThis.watchedConnections = [];
  globalThis.RTCPeerConnection = class extends Own {
    constructor(...args) { super(...args); watchedConnections.push(this); }
  };
})()`;

const RtcSight = v.object({
  /** Of the selected pair: host, prflx, srflx or relay. */
  local: v.string(),
  remote: v.string(),
  protocol: v.string(),
  address: v.string(),
  messagesReceived: v.number(),
  /** How many it may ask for its own address. */
  iceServers: v.number(),
});
export type RtcSight = v.InferOutput<typeof RtcSight>;

/** What RTC_SIGHTS has come to. */
export function rtcSights(value: unknown): RtcSight[] {
  return v.parse(v.array(RtcSight), value);
}

/** What the page’s open connections are: a text to be evaluated in it. */
export const RTC_SIGHTS = `(async () => {
  const sights = [];
  for (const connection of watchedConnections) {
    if (connection.connectionState !== 'connected') continue;
    const stats = new Map();
    (await connection.getStats()).forEach((one) => stats.set(one.id, one));
    const all = [...stats.values()];
    const chosen = all.find((one) => one.type === 'transport')?.selectedCandidatePairId;
    const pair = stats.get(chosen) ??
      all.find((one) => one.type === 'candidate-pair' && (one.selected || one.nominated));
    const local = stats.get(pair?.localCandidateId);
    const remote = stats.get(pair?.remoteCandidateId);
    const messages = all.filter((one) => one.type === 'data-channel');
    sights.push({
      local: local?.candidateType ?? '',
      remote: remote?.candidateType ?? '',
      protocol: local?.protocol ?? '',
      address: remote?.address ?? '',
      messagesReceived: messages.reduce((sum, one) => sum + one.messagesReceived, 0),
      iceServers: connection.getConfiguration().iceServers?.length ?? 0,
    });
  }
  return sights;
})()`;

/** All descriptions in use, both sides'. */
export const RTC_DESCRIPTIONS = `watchedConnections.flatMap((connection) => [
  connection.localDescription?.sdp ?? '',
  connection.remoteDescription?.sdp ?? '',
])`;
