// How long a first connection is tried for. One who was in keeps trying as long as the person
// stays; one who never got there is told.
import type { Clock } from '../protocol/ports.ts';
import type { Viewer } from '../session/viewer-state.ts';

/** A person waits no longer for a place that may not exist, in ms… */
export const GIVE_UP_MS = 20_000;
/** …but for a connection that is just being made, this much more. */
const MORE_MS = 10_000;

/** [CL13] Calls `gaveUp` where the sharer was not reached in time. */
export function giveUpUnreached(viewer: Viewer, clock: Clock, gaveUp: () => void): void {
  let isReached = false;
  const stopWatching = viewer.watch(({ connection: { phase } }) => {
    isReached ||= phase === 'knocking' || phase === 'live' || phase === 'over';
    if (!isReached) return;
    stopWatching();
    cancel();
  });
  let cancel = clock.after(GIVE_UP_MS, () => {
    const { phase } = viewer.state().connection;
    const isUnderWay = phase === 'proving' || phase === 'connecting';
    if (isUnderWay) cancel = clock.after(MORE_MS, end);
    else end();
  });
  function end(): void {
    stopWatching();
    gaveUp();
  }
}
