// Agent threads in Bob's terminal: what he reads, and what his keys ask of Alice.
import { describe, expect, test } from 'vitest';
import { fakeClock } from '../../fake-clock.ts';
import { openThreadTeller, TELL_MS, threadAction } from '../../../src/cli/thread-json.ts';
import { openThreadSeat } from '../../../src/cli/thread-seat.ts';
import { threadBars, threadScreen, type ThreadDrawing } from '../../../src/cli/thread-screen.ts';
import {
  closedThreads,
  threadView,
  type ThreadEffect,
  type ThreadInput,
  type ThreadScene,
  type ThreadView,
} from '../../../src/cli/thread-view.ts';
import { openViewKeys, type ViewKey } from '../../../src/cli/view-keys.ts';
import { READ_MS } from '../../../src/cli/share-panel.ts';
import type { Action } from '../../../src/protocol/action.ts';
import { utf8 } from '../../../src/protocol/bytes.ts';
import { lasting, PRESETS, type Capability } from '../../../src/protocol/capability.ts';
import { idOf, ThreadId } from '../../../src/protocol/ids.ts';
import type { Part, Segment } from '../../../src/protocol/thread.ts';
import { threadsOf } from '../../../src/session/threads.ts';
import type { CellSource } from '../../../src/terminal/cell-source.ts';
import { BOB, openHandClock, viewerState } from './stage.ts';
import { ALICE, IDLE, part, PERMISSION, segment, THREAD, TURN } from './threads-stage.ts';

function textOf(screen: CellSource): string[] {
  return Array.from({ length: screen.rows }, (_, row) =>
    Array.from({ length: screen.cols }, (_, column) => {
      const { chars, width } = screen.cell(row, column);
      return chars === '' && width > 0 ? ' ' : chars;
    })
      .join('')
      .trimEnd(),
  );
}

function bobOver(
  segments: readonly Segment[],
  capabilities: readonly Capability[] = PRESETS.editor,
) {
  let view: ThreadView = closedThreads;
  let scene: ThreadScene = {
    threads: threadsOf(segments),
    agents: [
      {
        card: { id: 'demo', name: 'Demo agent (no model)', kind: 'demo' },
        state: 'found',
        actsAlone: false,
      },
      { card: { id: 'claude', name: 'Claude', kind: 'agent' }, state: 'missing', actsAlone: true },
    ],
    capabilities: lasting(capabilities, null),
    owner: false,
    rows: 30,
    at: 0,
  };
  const effects: ThreadEffect[] = [];
  const feed = (input: ThreadInput): void => {
    const [next, asked] = threadView(view, input, scene);
    view = next;
    effects.push(...asked);
  };
  const drawing = (cols: number): ThreadDrawing => ({
    view,
    scene,
    company: { document: viewerState([]).document, me: BOB },
    cols,
    now: 20_000,
  });
  return {
    feed,
    effects,
    press(...keys: string[]) {
      for (const key of keys) {
        const isName = key.length > 1;
        feed({ on: 'key', key: isName ? named(key) : { is: 'text', text: key, pasted: false } });
      }
    },
    paste: (text: string) => feed({ on: 'key', key: { is: 'text', text, pasted: true } }),
    become(change: Partial<ThreadScene>) {
      scene = { ...scene, ...change };
      feed({ on: 'look' });
    },
    shown: (cols = 60) => textOf(threadScreen(drawing(cols))),
    bars: (cols = 100) => threadBars(drawing(cols)).map((bar) => bar.trim()),
    view: () => view,
  };
}

function named(name: string): ViewKey {
  const found: ViewKey[] = [];
  const bytes: Readonly<Record<string, string>> = {
    enter: '\r',
    escape: '\u001b',
    up: '\u001b[A',
    down: '\u001b[B',
    pageUp: '\u001b[5~',
    end: '\u001b[F',
    backspace: '\u007f',
  };
  const at = (_: number, wake: () => void) => {
    wake();
    return () => undefined;
  };
  openViewKeys((key) => found.push(key), at)(utf8(bytes[name] ?? ''));
  const [key] = found;
  if (key === undefined) throw new Error(name);
  return key;
}

const END: Part = part(7, {
  kind: 'end',
  reason: 'cancelled',
  by: ALICE,
  startedAt: 1000,
  endedAt: 61_000,
  usage: {
    input: 4200,
    output: 192,
    thought: null,
    cachedRead: null,
    cachedWrite: null,
    total: null,
    cost: { amount: 0.0188, currency: 'USD' },
    estimated: true,
  },
});

test('[TV1] Bob reads a turn from prompt to end, and nothing of it moves his terminal', () => {
  const answer = part(
    6,
    { kind: 'answer' },
    '## Done\nThe **build** is `gone`:\n- one that is so long that it goes on in the next row\n```sh\nls  -l\n```\nSee [this](https://example.org).',
  );
  const bob = bobOver([segment([...TURN, answer, END])]);
  bob.feed({ on: 'open' });
  expect(bob.shown(44).filter((line) => line !== '')).toEqual([
    '▌ You',
    '▌ Tidy [31mup',
    '▌ please',
    '▸ Thought for 12 s',
    'Plan 1/2: Remove the build',
    '✓ ls -la · exit 0 · 3 s',
    '  │ … 5 lines before',
    '  │ file 6',
    '  │ file 7',
    '  │ file 8',
    '  │ file 9',
    'Done',
    'The build is gone:',
    '• one that is so long that it goes on in',
    '  the next row',
    '  │ ls  -l',
    'See this (https://example.org).',
    '── stopped by Alice · about 4.2k in, about',
    '── 192 out, 0.0188 USD',
  ]);
  expect(bob.bars(120)[0]).toContain('Demo agent (no model): Tidy [31mup · ready · Plan 1/2');
});

test('[TV2] thoughts are folded with their time, and open on a key; one that goes on counts', () => {
  const going = part(8, { kind: 'thought', startedAt: 15_000, endedAt: null }, 'And now?');
  const bob = bobOver([segment([...TURN, going])]);
  bob.feed({ on: 'open' });
  expect(bob.shown()).toContain('▸ Thinking… 5 s');
  expect(bob.shown().join('\n')).not.toContain('I should look first.');
  bob.press('o');
  expect(bob.shown()).toContain('  I should look first.');
  expect(bob.shown()).toContain('  │ file 1');
  expect(bob.shown()).toContain('  ▸ Remove the build');
});

describe('[TV3] a permission', () => {
  const waiting = segment([...TURN, PERMISSION], { head: { ...IDLE, status: 'waiting', turn: 1 } });

  test('is shown with numbered answers, “always” for the sharer only, and answered once read', () => {
    const bob = bobOver([waiting]);
    bob.feed({ on: 'open' });
    expect(bob.shown()).toContain('? Run: rm -r build');
    expect(bob.shown()).toContain('  1 Allow once · 2 Reject');
    bob.press('1');
    expect(bob.effects).toEqual([]);
    bob.become({ at: READ_MS });
    bob.paste('1');
    expect(bob.effects).toEqual([]);
    bob.press('2');
    expect(bob.effects).toEqual([
      {
        do: 'act',
        action: { type: 'permission.answer', thread: THREAD, part: 5, option: 'no' },
      },
    ]);
  });

  test('that takes another’s place has to be read first', () => {
    const bob = bobOver([waiting]);
    bob.feed({ on: 'open' });
    const other: Part = { ...PERMISSION, id: 9 };
    bob.become({ at: READ_MS, threads: threadsOf([segment([...TURN, other])]) });
    bob.press('1');
    expect(bob.effects).toEqual([]);
    bob.become({ at: 2 * READ_MS });
    bob.press('1');
    expect(bob.effects).toHaveLength(1);
  });

  test('is not his to answer without the right to, and he reads how to ask', () => {
    const bob = bobOver([waiting], ['view', 'prompt']);
    bob.feed({ on: 'open' });
    bob.become({ at: READ_MS });
    bob.press('1');
    expect(bob.effects).toEqual([{ do: 'say', text: expect.stringContaining('Ctrl-] r') }]);
  });

  test('once answered says by whom', () => {
    if (PERMISSION.head.kind !== 'permission') throw new Error('a permission');
    const given: Part = {
      ...PERMISSION,
      head: { ...PERMISSION.head, answer: { state: 'given', option: 'no', by: ALICE, at: 1 } },
    };
    const bob = bobOver([segment([...TURN, given])]);
    bob.feed({ on: 'open' });
    expect(bob.shown()).toContain('✗ Rejected by Alice: Run: rm -r build');
  });
});

test('[TV4] the list names agents for what they are, one that acts alone too; Bob starts another', () => {
  const second = segment([], {
    number: 9,
    thread: idOf(ThreadId, new Uint8Array(8).fill(9)),
    agent: { id: 'x', name: 'Claude', kind: 'agent' },
    head: { ...IDLE, title: 'Deploy', status: 'running', turnSince: 8000, actsAlone: true },
  });
  const bob = bobOver([segment(TURN), second]);
  bob.feed({ on: 'open' });
  const listed = bob.shown(80).map((line) => line.replace(/ {2,}/g, '  '));
  expect(listed.slice(0, 2)).toEqual([
    '  1 Demo agent (no model): Tidy [31mup  ready',
    '▸ 2 Claude · acts without asking: Deploy  working, 12 s',
  ]);
  // In a narrow terminal the title is cut, not what the agent is.
  expect(bob.shown(30)[0]).toContain('Demo agent (no model)');
  bob.press('n');
  expect(bob.shown(80)[0]).toBe('▸ 1 Demo agent (no model)');
  expect(bob.shown(80)[1]).toMatch(/^ {2}2 Claude {3,}not found here · acts without asking$/);
  bob.press('1');
  bob.press(...Array.from('run ls'), 'enter');
  expect(bob.effects).toEqual([
    { do: 'act', action: { type: 'thread.start', agent: 'demo', prompt: 'run ls' } },
  ]);
  bob.feed({ on: 'started', thread: THREAD });
  expect(bob.view()).toMatchObject({ phase: 'thread', thread: THREAD });
  // He has left the view meanwhile: it does not come back by itself.
  bob.feed({ on: 'close' });
  bob.feed({ on: 'started', thread: THREAD });
  expect(bob.view()).toEqual({ phase: 'off' });
});

test('[TV5] what Bob pastes is text with its line breaks; Enter sends it, s stops the turn', async () => {
  const bob = bobOver([segment(TURN)]);
  bob.feed({ on: 'open' });
  bob.press('p', 'd', 'o', ' ');
  bob.paste('this\nand that\u0007');
  expect(bob.shown().slice(-2)).toEqual(['> do this', '  and that▏']);
  expect(bob.effects).toEqual([]);
  bob.press('enter', 's');
  expect(bob.effects).toEqual([
    { do: 'act', action: { type: 'thread.prompt', thread: THREAD, text: 'do this\nand that' } },
    { do: 'act', action: { type: 'thread.stop', thread: THREAD } },
  ]);
  const clock = fakeClock();
  const keys: ViewKey[] = [];
  const take = openViewKeys((key) => keys.push(key), clock.after);
  take(utf8('a\u001b[200~x\r1'));
  take(utf8('\ny\u001b[201'));
  take(utf8('~\r\u001b[5~\u001b'));
  await clock.pass(100);
  expect(keys).toEqual([
    { is: 'text', text: 'a', pasted: false },
    { is: 'text', text: 'x\n1\ny', pasted: true },
    { is: 'enter' },
    { is: 'pageUp' },
    { is: 'escape' },
  ]);
});

test.each([1, 2, 4, 5])(
  '[TV5] a paste is one too where a read ends %i bytes into its mark',
  async (cut) => {
    const clock = fakeClock();
    const keys: ViewKey[] = [];
    const take = openViewKeys((key) => keys.push(key), clock.after);
    const bytes = utf8('\u001b[200~s1q\u001b[201~');
    take(bytes.subarray(0, cut));
    await clock.pass(10);
    take(bytes.subarray(cut));
    await clock.pass(100);
    expect(keys).toEqual([{ is: 'text', text: 's1q', pasted: true }]);
  },
);

test('[TV5] Escape is a key where nothing comes behind it', async () => {
  const clock = fakeClock();
  const keys: ViewKey[] = [];
  const take = openViewKeys((key) => keys.push(key), clock.after);
  take(utf8('\u001b'));
  await clock.pass(100);
  take(utf8('[A'));
  expect(keys).toEqual([
    { is: 'escape' },
    { is: 'text', text: '[', pasted: false },
    { is: 'text', text: 'A', pasted: false },
  ]);
});

test('[TV1] a long transcript is read from its end, and scrolled up and down', () => {
  const many = Array.from({ length: 80 }, (_, i) =>
    part(i + 1, { kind: 'answer' }, `answer ${i + 1}`),
  );
  const bob = bobOver([segment(many)]);
  bob.feed({ on: 'open' });
  expect(bob.shown().at(-1)).toBe('answer 80');
  bob.press('pageUp');
  expect(bob.shown().at(-1)).toBe('answer 66');
  bob.press('g');
  expect(bob.shown().slice(0, 2)).toEqual(['', 'answer 1']);
  bob.press('end');
  expect(bob.shown().at(-1)).toBe('answer 80');
});

test('[TV1] silence, and prompts that wait, are said', () => {
  const bob = bobOver([
    segment(TURN, {
      head: { ...IDLE, status: 'running', turn: 1, turnSince: 1000, quietSince: 8000 },
      queue: [{ id: 4, author: ALICE, text: 'then test', at: 1, rank: 0 }],
    }),
  ]);
  bob.feed({ on: 'open' });
  expect(bob.shown()).toContain('No answer yet, 12 s. s stops it.');
  expect(bob.shown()).toContain('  4 Alice: then test');
});

test('[TV6] while the terminal is shown, who asks for leave stands in the line under it', async () => {
  const clock = openHandClock();
  const acted: Action[] = [];
  let state = viewerState(PRESETS.editor, { segments: [segment([...TURN, PERMISSION])] });
  const said: string[] = [];
  const seat = openThreadSeat({
    about: () => ({ ...state, me: BOB, owner: false, capabilities: lasting(PRESETS.editor, null) }),
    act: (action) => {
      acted.push(action);
      return Promise.resolve({ ok: false, fault: 'thread.closed' });
    },
    clock,
    size: () => ({ cols: 80, rows: 24 }),
    say: (text) => said.push(text),
    changed: () => {},
  });
  expect(seat.asked()).toBe('Demo agent (no model) asks: Run: rm -r build · Ctrl-] a answers');
  seat.toggle();
  expect(seat.isOn()).toBe(true);
  expect(textOf(seat.cells())).toContain('? Run: rm -r build');
  expect(seat.bars(80).map((bar) => bar.tone)).toEqual(['loud', 'quiet']);
  clock.pass(READ_MS);
  seat.keys(utf8('1'));
  expect(acted).toHaveLength(1);
  await Promise.resolve();
  expect(said).toHaveLength(1);
  state = { ...state, segments: [] };
  seat.look();
  expect(seat.asked()).toBe('');
  seat.keys(utf8('q'));
  expect(seat.isOn()).toBe(false);
  seat.close();
});

test('[TV9] Bob follows Alice until he goes elsewhere by hand, and is not led away from a prompt', () => {
  const other = idOf(ThreadId, new Uint8Array(8).fill(8));
  const clock = openHandClock();
  const said: string[] = [];
  let state = viewerState(PRESETS.editor, {
    segments: [segment([...TURN]), segment([...TURN], { thread: other, number: 4 })],
  });
  const seat = openThreadSeat({
    about: () => ({ ...state, me: BOB, owner: false, capabilities: lasting(PRESETS.editor, null) }),
    act: () => Promise.resolve({ ok: true }),
    clock,
    size: () => ({ cols: 80, rows: 24 }),
    say: (text) => said.push(text),
    changed: () => {},
  });
  const alice = (looksAt: ThreadId | null): void => {
    const { document } = state;
    if (document === null) throw new Error('a fixture has its document');
    state = { ...state, document: { ...document, looksAt } };
    seat.look();
  };
  const shown = (): string => seat.bars(80)[1]?.text ?? '';
  seat.follow();
  expect([seat.follows(), said]).toEqual([false, ['The sharer has no page open to follow.']]);
  alice(THREAD);
  expect(seat.isOn()).toBe(false);
  seat.follow();
  expect([seat.isOn(), seat.follows()]).toEqual([true, true]);
  seat.keys(utf8('o'));
  expect(seat.follows()).toBe(true);
  alice(null);
  expect(seat.isOn()).toBe(false);
  alice(idOf(ThreadId, new Uint8Array(8).fill(9)));
  expect(seat.isOn()).toBe(false);
  alice(other);
  seat.keys(utf8('p'));
  seat.keys(utf8('why'));
  alice(null);
  expect(seat.isOn()).toBe(true);
  seat.keys(utf8('?\r'));
  expect([seat.isOn(), seat.follows()]).toEqual([false, true]);
  alice(THREAD);
  expect(shown()).toContain('q back');
  seat.keys(utf8('q'));
  expect([seat.follows(), said.at(-1)]).toEqual([false, 'You no longer follow the sharer.']);
  alice(other);
  expect(shown()).not.toContain('q back');
  seat.close();
});

describe('[TV7] a program that joins', () => {
  test('reads threads and parts as they change, of a text what was added, at most each quarter of a second', () => {
    const clock = openHandClock();
    const answer = part(6, { kind: 'answer' }, 'One');
    let segments: readonly Segment[] = [segment([answer])];
    const lines: object[] = [];
    const teller = openThreadTeller(
      clock,
      () => segments,
      (line) => lines.push(line),
    );
    const become = (next: Segment): void => {
      segments = [next];
      teller.changed();
    };
    clock.pass(1000);
    become(segment([answer]));
    expect(lines).toMatchObject([
      { event: 'thread', thread: THREAD, status: 'idle', agent: { kind: 'demo' } },
      { event: 'part', thread: THREAD, id: 6, kind: 'answer', from: 0, text: 'One' },
    ]);
    become(segment([{ ...answer, text: 'One two' }]));
    become(segment([{ ...answer, text: 'One two three' }]));
    expect(lines).toHaveLength(2);
    clock.pass(TELL_MS);
    expect(lines.slice(2)).toMatchObject([{ event: 'part', id: 6, from: 3, text: ' two three' }]);
    become(segment([{ ...answer, text: 'Other' }], { head: { ...IDLE, title: 'T' } }));
    clock.pass(TELL_MS);
    expect(lines.slice(3)).toMatchObject([
      { event: 'thread', title: 'T' },
      { event: 'part', from: 0, text: 'Other' },
    ]);
    teller.close();
  });

  test('orders: of the newest thread where it names none, of its question where it names none', () => {
    const all = [segment([...TURN, PERMISSION])];
    expect(threadAction({ do: 'prompt', text: 'go' }, all)).toEqual({
      type: 'thread.prompt',
      thread: THREAD,
      text: 'go',
    });
    expect(threadAction({ do: 'approve', option: 'yes' }, all)).toEqual({
      type: 'permission.answer',
      thread: THREAD,
      part: 5,
      option: 'yes',
    });
    expect(threadAction({ do: 'approve', option: 'reject_once' }, all)).toMatchObject({
      option: 'no',
    });
    expect(threadAction({ do: 'stop', thread: THREAD }, all)).toEqual({
      type: 'thread.stop',
      thread: THREAD,
    });
    expect(threadAction({ do: 'start', agent: 'demo' }, [])).toEqual({
      type: 'thread.start',
      agent: 'demo',
    });
    expect(threadAction({ do: 'prompt', text: 'go' }, [])).toBe('agent.none');
    expect(threadAction({ do: 'approve', option: 'yes' }, [segment(TURN)])).toBe('action.gone');
  });
});
