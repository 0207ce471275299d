// The links of a session from their first moment to their last, whatever comes in between.
import { expect, test } from 'vitest';
import type { Audience } from '../../../src/host/audience.ts';
import { openSessionLinks } from '../../../src/host/session-links.ts';
import type { Arrived } from '../../../src/peer/arrival.ts';
import { NO_AGENTS } from '../../../src/session/agent-rights.ts';
import type { SharerInput } from '../../../src/session/sharer-state.ts';
import { fakeClock } from '../../fake-clock.ts';
import { fakeLink } from '../../fake-link.ts';
import { BOB, session, startState } from '../session/stage.ts';

const quietAudience: Audience = {
  enter: () => {},
  leave: () => {},
  output: () => {},
  placed: () => {},
  resized: () => {},
  begun: () => {},
  restarted: () => {},
  opened: () => {},
  frames: () => {},
  closed: () => {},
  want: () => {},
  snapshot: () => {},
  redraw: () => {},
  whole: () => {},
};

function openLinks() {
  const fed: SharerInput[] = [];
  const links = openSessionLinks({
    clock: fakeClock(),
    feed: (input) => fed.push(input),
    state: startState,
    audience: () => quietAudience,
    atPrompt: () => false,
    agents: () => NO_AGENTS,
  });
  return { links, fed };
}

const arrivedBy = (link: Arrived['link']): Arrived => ({
  link,
  by: { door: 'redial', session },
  viewer: BOB,
  words: '',
  wire: 'websocket',
});

test('[KN7] a link that has ended before anyone listened is lost like any other', () => {
  const { links, fed } = openLinks();
  links.take(arrivedBy(fakeLink({ onClosed: (closed) => closed('link.broken') })));
  expect(fed.map((input) => input.on)).toEqual(['linked', 'lost']);
  expect(links.linkOf(1)).toBeNull();
});
