// A program on Alice's screen writes what no single message holds: Bob sees it over a true link,
// and what he had not got yet of one screen does not spoil the next.
import { describe, expect, test } from 'vitest';
import { deflateNode } from '../../../src/crdt/deflate-node.ts';
import { openAudience } from '../../../src/host/audience.ts';
import type { Library } from '../../../src/host/library.ts';
import { openStage } from '../../../src/host/stage.ts';
import type { Terminal } from '../../../src/host/terminal.ts';
import { openLink } from '../../../src/peer/link.ts';
import { memoryWires } from '../../../src/peer/memory.ts';
import { utf8 } from '../../../src/protocol/bytes.ts';
import { SCREEN_BYTES_MAX, SCREEN_PART_BYTES } from '../../../src/protocol/limits.ts';
import { decodeToViewer } from '../../../src/protocol/message.ts';
import { openScreenParts } from '../../../src/session/screen-parts.ts';
import { openEmulator, type Emulator } from '../../../src/terminal/emulator.ts';
import { LINKS_BYTES_MAX } from '../../../src/terminal/row-writer.ts';
import { linkKeysFor } from '../../contract/peer/keys.ts';
import { fakeClock } from '../../fake-clock.ts';
import { keyOf } from '../session/stage.ts';
import { seenOf } from '../terminal/terminal-state.ts';

interface Size {
  readonly cols: number;
  readonly rows: number;
}

const library: Library = {
  entries: () => new Map(),
  since: () => Promise.resolve({ frames: [], isLive: false }),
  begin: () => {},
  rows: () => {},
  end: () => {},
  setSegment: () => {},
  setSession: () => {},
  renewSession: () => {},
  settled: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

/** Alice's terminal, and Bob at the other end of a link that takes so many bytes a second. */
async function watched(size: Size, rate: number) {
  const clock = fakeClock();
  const emulator = openEmulator({ ...size, answers: true });
  const terminal: Terminal = {
    emulator,
    phase: () => ({ phase: 'starting' }),
    placed: () => ({ top: 0, from: 0, block: 1, shell: 'plain', alternate: false, title: '' }),
    flush: () => {},
    run: () => {},
    cancelRun: () => {},
    type: () => ({ ok: true, value: undefined }),
    resize: () => {},
    size: () => size,
    cwd: () => null,
    numbered: () => {},
    close: () => {},
  };
  const stage = openStage(terminal, 1);
  const audience = openAudience({
    clock,
    deflate: deflateNode,
    library,
    stage: () => stage,
    wholeOf: () => null,
  });
  const [sharer, viewer] = memoryWires({ clock, latencyMs: 5, rate });
  const keys = linkKeysFor(1);
  const alice = openLink({ wire: sharer, keys: keys.sharer, clock, role: 'sharer' });
  const bob = openLink({ wire: viewer, keys: keys.viewer, clock, role: 'viewer' });
  const faults: string[] = [];
  alice.onClosed((fault) => faults.push(fault));
  bob.onClosed((fault) => faults.push(fault));

  const seen = openEmulator({ ...size, answers: false });
  const parts = openScreenParts();
  const came = { parts: 0, screens: 0, begunAnew: 0 };
  bob.onMessage((_, bytes) => {
    const message = decodeToViewer(bytes);
    if (!message.ok) throw new Error(message.fault);
    const told = message.value;
    if (told.type === 'bytes') return seen.write(told.data);
    if (told.type !== 'screen') return;
    came.parts++;
    if (told.from === 0) came.begunAnew++;
    const gathered = parts.take(told);
    if (gathered === 'torn') throw new Error('a part that does not follow');
    if (gathered === 'more to come') return;
    came.screens++;
    const screen = deflateNode.inflate(gathered.whole, SCREEN_BYTES_MAX);
    if (!screen.ok) throw new Error(screen.fault);
    seen.reset(told.cols, told.rows);
    seen.write(screen.value);
  });
  await clock.pass(100);
  return {
    clock,
    emulator,
    audience,
    seen,
    came,
    faults,
    join() {
      audience.enter({
        id: 1,
        link: alice,
        key: keyOf(3),
        start: 0,
        choice: { from: 'all' },
        have: [],
      });
    },
    output(text: string) {
      emulator.write(utf8(text));
      stage.changed();
      audience.output(utf8(text));
    },
  };
}

/** Compared as one text: a difference in thousands of cells is nothing to read. */
function expectSeen({ seen, emulator }: Awaited<ReturnType<typeof watched>>): void {
  expect(JSON.stringify(seenOf(seen)) === JSON.stringify(seenOf(emulator))).toBe(true);
}

function textOf(emulator: Emulator): string {
  const { rows } = emulator.rows(emulator.top(), emulator.top() + emulator.screenRows);
  return rows.map((row) => row.text).join('\n');
}

/** Letters that deflating shortens little, the same each time. */
function noise(length: number, seed: number): string {
  let state = seed + 1;
  let text = '';
  for (let i = 0; i < length; i++) {
    state = (state * 48271) % 2147483647;
    text += String.fromCharCode(0x61 + (state % 26));
  }
  return text;
}

const link = (n: number) =>
  `\u001b]8;;https://there.example/${noise(2000, n)}\u0007link ${n}\u001b]8;;\u0007`;
const links = (count: number) => Array.from({ length: count }, (_, n) => link(n)).join(' ');

/** Two half-cells of their own colours in each cell, as pictures are shown. */
function picture({ cols, rows }: Size): string {
  let state = 1;
  const next = () => (state = (state * 48271) % 2147483647) % 256;
  const cell = () =>
    `\u001b[38;2;${next()};${next()};${next()};48;2;${next()};${next()};${next()}m▀`;
  return Array.from(
    { length: rows },
    (_, y) => `\u001b[${y + 1}H${Array.from({ length: cols }, cell).join('')}`,
  ).join('');
}

describe.each([
  ['a hundred long links', { cols: 80, rows: 24 }, links(100)],
  ['a picture of half blocks', { cols: 210, rows: 55 }, picture({ cols: 210, rows: 55 })],
])('%s', (_, size, text) => {
  test('[SF6] comes in parts, and Bob sees it as it is', async () => {
    const all = await watched(size, 4_000_000);
    all.output(text);
    all.join();
    await all.clock.pass(1_000);
    expect(all.faults).toEqual([]);
    expect(all.came).toMatchObject({ screens: 1 });
    expect(all.came.parts).toBeGreaterThan(1);
    expectSeen(all);
    all.output('\u001b[Hand on');
    await all.clock.pass(1_000);
    expectSeen(all);
  });

  test('[SF6] on a slow link, one that was begun gives way to the next', async () => {
    const all = await watched(size, 50_000);
    all.output(text);
    all.join();
    await all.clock.pass(200);
    expect(all.came.screens).toBe(0);
    all.output('\u001b[Hand on');
    await all.clock.pass(10_000);
    expect(all.faults).toEqual([]);
    expect(all.came.begunAnew).toBe(all.came.screens + 1);
    expectSeen(all);
  });
});

test('[SC16] two links that alternate from cell to cell do not make a screen without end', async () => {
  const size = { cols: 80, rows: 24 };
  const all = await watched(size, 4_000_000);
  for (let row = 0; row < 24; row++) {
    for (let column = 0; column < 80; column++) {
      const address = `https://there.example/${'x'.repeat(1900)}${column % 2}`;
      all.emulator.write(utf8(`\u001b]8;;${address}\u0007${String(column % 10)}`));
    }
  }
  const screen = all.emulator.screen({ visibleFrom: -Infinity, alternateVisible: true });
  expect(screen.length).toBeLessThan(LINKS_BYTES_MAX * 1.2);
  all.join();
  await all.clock.pass(1_000);
  expect(textOf(all.seen) === textOf(all.emulator)).toBe(true);
});

test('[SF6] parts: one that does not follow is no screen, the next from its beginning is', () => {
  const parts = openScreenParts();
  const part = (from: number, length: number, more: boolean) =>
    parts.take({ from, data: new Uint8Array(length), more });
  expect(part(4, 4, true)).toBe('torn');
  expect(part(0, 4, true)).toBe('more to come');
  expect(part(0, 3, true)).toBe('more to come');
  expect(part(3, 2, false)).toEqual({ whole: new Uint8Array(5) });
  expect(part(5, 1, false)).toBe('torn');
  for (let from = 0; from < 8 * 1024 * 1024; from += SCREEN_PART_BYTES) {
    expect(part(from, SCREEN_PART_BYTES, true)).toBe('more to come');
  }
  expect(part(8 * 1024 * 1024, 1, true)).toBe('torn');
});
