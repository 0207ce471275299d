// A Viewer without a wire: its state is set by hand, what is done to it is kept, and a command
// that is run plays out on its screen.
import * as v from 'valibot';
import type { Action } from '../../src/protocol/action.ts';
import { lasting, PRESETS } from '../../src/protocol/capability.ts';
import { ThreadId } from '../../src/protocol/ids.ts';
import type { Outcome } from '../../src/protocol/message.ts';
import type { Place, ScreenSink, Viewer, ViewerState } from '../../src/session/viewer-state.ts';
import {
  ALICE,
  BLOCKS,
  blockOf,
  BOB,
  GRANTS,
  inviteOf,
  NOW,
  ROSTER,
  rowsOf,
  sessionOf,
} from './people.ts';

/** The conversation that is begun here. */
const STARTED = v.parse(ThreadId, `${'a'.repeat(10)}A`);

export interface PretendedViewer extends Viewer {
  readonly set: (patch: Partial<ViewerState>) => void;
  readonly done: Action[];
  /** What its page said that it looks at. */
  readonly looks: (ThreadId | null)[];
  readonly write: (text: string) => Promise<void>;
}

export const PROMPT =
  '\u001b[1;34m~/src/harbor\u001b[0m \u001b[90mon\u001b[0m \u001b[35mmain\u001b[0m\r\n\u001b[32m❯\u001b[0m ';

export const AT_PROMPT: Place = {
  top: 900,
  from: 900,
  block: BLOCKS.length + 1,
  shell: 'prompt',
  alternate: false,
  title: '~/src/harbor',
};

export function stateOf(patch: Partial<ViewerState>): ViewerState {
  return {
    connection: { phase: 'live', path: 'webrtc', rttMs: 12 },
    session: sessionOf('s'),
    me: { key: ALICE, name: 'Alice Moreau', hue: 260, owner: true },
    grant: null,
    document: { cols: 100, rows: 24, roster: ROSTER, grants: GRANTS, queue: [], shell: 'prompt' },
    blocks: BLOCKS,
    segments: [],
    blocksToCome: 0,
    place: AT_PROMPT,
    desk: { knocks: [], requests: [], invites: [], notices: [] },
    request: 'none',
    ...patch,
  };
}

/** Bob's side of the same session. */
export function guestOf(patch: Partial<ViewerState> = {}): ViewerState {
  const preset = lasting(PRESETS.viewer, null);
  return stateOf({
    me: { key: BOB, name: 'Bob', hue: 140, owner: false },
    grant: { session: sessionOf('s'), number: 1, to: BOB, start: 1, capabilities: preset, at: NOW },
    desk: null,
    ...patch,
  });
}

export function pretendedViewer(initial: ViewerState, screen: string): PretendedViewer {
  let state = initial;
  let sink: ScreenSink | null = null;
  const watchers = new Set<(state: ViewerState) => void>();
  const done: Action[] = [];
  const looks: (ThreadId | null)[] = [];
  const encoder = new TextEncoder();
  const set = (patch: Partial<ViewerState>): void => {
    state = { ...state, ...patch };
    for (const changed of watchers) changed(state);
  };
  const write = async (text: string): Promise<void> => {
    await sink?.bytes(encoder.encode(text));
  };
  const act = async (action: Action): Promise<Outcome> => {
    if (action.type === 'view.look') looks.push(action.thread);
    else done.push(action);
    if (action.type === 'command.run') void play(action.text);
    if (action.type === 'thread.start') return { ok: true, thread: STARTED };
    if (action.type === 'invite.make') return { ok: true, invite: inviteCard() };
    if (action.type === 'terminal.resize')
      await sink?.screen(action.cols, action.rows, encoder.encode(screen));
    if (action.type === 'access.request') set({ request: 'open' });
    if (action.type === 'access.withdraw') set({ request: 'none' });
    if (action.type === 'keys.type')
      await write(new TextDecoder().decode(action.keys).replace(/\r/g, '\r\n'));
    return { ok: true };
  };
  const play = async (command: string): Promise<void> => {
    const { place } = state;
    if (place === null) return;
    const running = blockOf(command, [], {
      number: place.block,
      endedAt: null,
      exit: null,
      state: 'running',
      firstRow: place.from,
    });
    set({ blocks: [...state.blocks, running], place: { ...place, shell: 'running' } });
    await write(`\u001b[2J\u001b[Hran ${command}\r\n`);
    await new Promise((later) => setTimeout(later, 400));
    const finished = {
      ...running,
      head: rowsOf(`ran ${command}`),
      exit: 0,
      endedAt: Date.now(),
      state: 'done' as const,
    };
    set({ blocks: [...state.blocks.slice(0, -1), finished] });
    await write(`\u001b[2J\u001b[H${PROMPT}`);
    set({ place: { ...place, block: place.block + 1, shell: 'prompt' } });
  };
  return {
    state: () => state,
    watch(changed) {
      watchers.add(changed);
      return () => watchers.delete(changed);
    },
    attach(to) {
      sink = to;
      const { cols = 100, rows = 24 } = state.document ?? {};
      void to.screen(cols, rows, encoder.encode(screen));
    },
    knock: () => undefined,
    act,
    want: () => undefined,
    // Of what a command printed nothing is kept, of a diff both sides.
    whole: (_number, _part, content) =>
      Promise.resolve(
        content === null ? null : JSON.stringify({ oldText: 'sand\n', newText: 'harbour\n' }),
      ),
    retry: () => undefined,
    leave: () => undefined,
    set,
    done,
    looks,
    write,
  };
}

export function inviteCard() {
  return {
    id: inviteOf('i'),
    state: 'open' as const,
    typed: '4271-apple-tiger@192.168.1.5:4271',
    code: '4271-apple-tiger',
    place: 'http://192.168.1.5:4271',
    link: 'http://192.168.1.5:4271/#m1.Zk3nUq0vX1s.cE8xq2ZtWmB7r4PzvQ5dLw.o9HnT3yKfA6jRb1uXs8gVQ',
    reach: 'lan' as const,
    expiresAt: NOW + 581_000,
    wrongTries: 0,
  };
}
