// Alice's terminal was busy before Bob came: what he is sent of it, and of her documents.
import { beforeEach, describe, expect, test } from 'vitest';
import { deflateNode } from '../../../src/crdt/deflate-node.ts';
import { openAudience, type Audience } from '../../../src/host/audience.ts';
import type { Library } from '../../../src/host/library.ts';
import { openStage, type Stage } from '../../../src/host/stage.ts';
import type { Terminal } from '../../../src/host/terminal.ts';
import type { Link } from '../../../src/peer/link.ts';
import type { StartChoice } from '../../../src/protocol/action.ts';
import { utf8 } from '../../../src/protocol/bytes.ts';
import { DocumentId, idOf } from '../../../src/protocol/ids.ts';
import { SCREEN_BYTES_MAX } from '../../../src/protocol/limits.ts';
import { decodeToViewer, type CatalogEntry, type ToViewer } from '../../../src/protocol/message.ts';
import { openEmulator, type Emulator } from '../../../src/terminal/emulator.ts';
import { fakeLink } from '../../fake-link.ts';
import { fakeClock, type FakeClock } from '../../fake-clock.ts';
import { keyOf } from '../session/stage.ts';

const SIZE = { cols: 40, rows: 10 };
const idOfBlock = (n: number) => idOf(DocumentId, new Uint8Array(16).fill(n));
const SESSION = idOfBlock(99);

function entry(n: number): CatalogEntry {
  return { id: idOfBlock(n), kind: 'block', number: n, heads: [new Uint8Array(32)], bytes: 10 };
}

let entries: Map<DocumentId, CatalogEntry>;
let asked: DocumentId[];
let audience: Audience;
let emulator: Emulator;
let stage: Stage;
let terminal: Terminal;
let nextBlock: number;
let clock: FakeClock;
let shell: 'starting' | 'plain';

const place = { top: 0, from: 0, block: 1, shell: 'prompt', alternate: false, title: '' } as const;

beforeEach(() => {
  shell = 'starting';
  clock = fakeClock();
  emulator = openEmulator({ ...SIZE, answers: true });
  terminal = {
    emulator,
    phase: () => ({ phase: shell }),
    placed: () => ({ ...place, title: emulator.title() }),
    flush: () => {},
    run: () => {},
    cancelRun: () => {},
    type: () => ({ ok: true, value: undefined }),
    resize: () => {},
    size: () => SIZE,
    cwd: () => null,
    numbered: () => {},
    close: () => {},
  };
  stage = openStage(terminal, 1);
  const session: CatalogEntry = { ...entry(0), id: SESSION, kind: 'session' };
  entries = new Map([[SESSION, session]]);
  asked = [];
  nextBlock = 1;
  const library: Library = {
    entries: () => entries,
    since(id) {
      asked.push(id);
      return Promise.resolve({ frames: [], isLive: false });
    },
    begin: () => {},
    rows: () => {},
    end: () => {},
    setSegment: () => {},
    setSession: () => {},
    renewSession: () => {},
    settled: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  audience = openAudience({
    clock,
    deflate: deflateNode,
    library,
    stage: () => stage,
    wholeOf: () => null,
  });
});

/** A program writes. */
function output(text: string): void {
  emulator.write(utf8(text));
  stage.changed();
  audience.output(utf8(text));
}

/** A prompt, a command, its output: a block. */
function block(text: string): void {
  prompt();
  const number = nextBlock++;
  stage.counted(nextBlock);
  entries.set(idOfBlock(number), entry(number));
  audience.opened(entry(number));
  output(`${text}\r\n`);
}

function prompt(): void {
  stage.begins(nextBlock);
  audience.begun();
}

/** `choice` is null for one who was in before. */
function join(
  choice: StartChoice | null,
  start: number,
  have: readonly DocumentId[] = [],
  heads: readonly Uint8Array[] = [],
) {
  const got: ToViewer[] = [];
  let queuedBytes = 0;
  let acked: Parameters<Link['onAcked']>[0] = () => {};
  const link = fakeLink({
    send(_, bytes) {
      const message = decodeToViewer(bytes);
      if (message.ok) got.push(message.value);
    },
    backlog: () => ({ queuedBytes, unackedBytes: 0 }),
    onAcked(take) {
      acked = take;
    },
  });
  const held = have.map((id) => ({ id, heads }));
  audience.enter({ id: 1, link, key: keyOf(3), start, choice, have: held });
  return {
    got,
    of: <T extends ToViewer['type']>(type: T) =>
      got.filter((m): m is Extract<ToViewer, { type: T }> => m.type === type),
    fallBehind: () => {
      queuedBytes = 1024 * 1024;
    },
    /** Everything has arrived. */
    acknowledge: (ms: number) => {
      queuedBytes = 0;
      acked({ lane: 'screen', bytes: 1000, ms, rate: 1_000_000 });
    },
    /** The last screen's rows, and all the text that is in its bytes. */
    screen() {
      const last = got.findLast((m) => m.type === 'screen');
      if (last?.type !== 'screen') throw new Error('no screen');
      expect(last).toMatchObject({ from: 0, more: false });
      const bytes = deflateNode.inflate(last.data, SCREEN_BYTES_MAX);
      if (!bytes.ok) throw new Error(bytes.fault);
      return new TextDecoder().decode(bytes.value);
    },
  };
}

describe('the screen', () => {
  test('[SP3] Bob waits for the next block: not a byte, and screens without a row', () => {
    block('of before');
    const bob = join({ from: 'none' }, 2);
    output('still of before');
    emulator.write(utf8('\u001b[?1049halternate of before'));
    audience.resized();
    expect(bob.of('bytes')).toEqual([]);
    expect(bob.of('screen')).toHaveLength(2);
    expect(bob.screen()).not.toContain('before');
    output('\u001b[?1049l\r\n');
    prompt();
    output('> ');
    expect(bob.of('bytes').map((m) => new TextDecoder().decode(m.data))).toEqual(['> ']);
  });

  test('[SP2] from then on the rows above his starting point are blank in every screen', () => {
    block('of before');
    const bob = join({ from: 'none' }, 2);
    block('of now');
    const carol = { from: 'all' } as const;
    for (const again of [audience.resized, () => audience.redraw(1)]) {
      again();
      expect(bob.screen()).toContain('of now');
      expect(bob.screen()).not.toContain('before');
    }
    expect(join(carol, 0).screen()).toContain('of before');
  });

  test('[SP7] an alternate screen of before stays hidden while it shows, the next one is seen', () => {
    output('\u001b[?1049halternate of before');
    const bob = join({ from: 'none' }, 1);
    prompt();
    output(' and on');
    audience.resized();
    expect(bob.screen()).not.toContain('before');
    output('\u001b[?1049l');
    output('\u001b[?1049hof now');
    audience.resized();
    expect(bob.screen()).toContain('of now');
  });

  test('[SP2] also where the screen has scrolled, and where his rows come back from above', () => {
    for (let i = 0; i < 30; i++) block(`of before ${i}`);
    const bob = join({ from: 'none' }, nextBlock);
    audience.resized();
    expect(bob.screen()).not.toContain('before');
    for (let i = 0; i < 4; i++) block(`of now ${i}`);
    audience.resized();
    expect(bob.screen()).not.toContain('before');
    for (let i = 0; i < 4; i++) expect(bob.screen()).toContain(`of now ${i}`);
  });

  test('[SP3] while he waits, a screen holds no row of any kind', () => {
    output('of before\r\n'.repeat(30));
    const bob = join({ from: 'none' }, nextBlock + 1);
    audience.resized();
    expect(bob.screen()).not.toContain('before');
  });

  test('[SP1] from the screen while a full-screen program shows: the program, and not what it hides', () => {
    block('of before');
    output('\u001b[?1049hof now');
    const bob = join({ from: 'screen' }, nextBlock);
    expect(bob.screen()).toContain('of now');
    output('\u001b[?1049l');
    audience.resized();
    expect(bob.screen()).not.toContain('before');
    block('after');
    audience.resized();
    expect(bob.screen()).toContain('after');
    expect(bob.screen()).not.toContain('before');
  });

  test.each([
    ['joins a plain shell', false],
    ['waits in a shell that proves to be plain', true],
  ])('[SP9] one who %s sees from then on', (_, waits) => {
    output('$ of before');
    if (!waits) shell = 'plain';
    const bob = join({ from: 'none' }, nextBlock);
    shell = 'plain';
    if (waits) {
      stage.plain();
      audience.begun();
    }
    expect(bob.screen()).not.toContain('before');
    output('\r\nof now\r\n');
    audience.resized();
    expect(bob.of('bytes')).toHaveLength(1);
    expect(bob.screen()).toContain('of now');
    expect(bob.screen()).not.toContain('before');
    const late = join({ from: 'none' }, nextBlock);
    expect(late.screen()).not.toContain('of now');
  });

  test('[SP1] one who is back, unknown to this terminal, sees from the block of his grant on', () => {
    block('of before');
    block('of now');
    const bob = join(null, 2);
    expect(bob.screen()).toContain('of now');
    expect(bob.screen()).not.toContain('before');
  });

  test('[SP6] a prompt behind output without an end of line does not bring that output with it', () => {
    prompt();
    nextBlock++;
    stage.counted(nextBlock);
    output('of before');
    prompt();
    output('> ');
    const bob = join({ from: 'none' }, nextBlock);
    expect(bob.screen()).not.toContain('before');
    block('of now');
    expect(bob.screen()).not.toContain('before');
  });

  test('[SP1] a new terminal in place of the old one: he who waits for a block goes on waiting', () => {
    const bob = join({ from: 'block', block: 3 }, 3);
    stage = openStage(terminal, nextBlock);
    audience.restarted();
    output('of before');
    expect(bob.of('bytes')).toEqual([]);
    expect(bob.screen()).not.toContain('before');
  });

  test('[SF4] where things are is told with what is on the screen, not before it', () => {
    const bob = join({ from: 'all' }, 0);
    audience.placed();
    expect(bob.got.map((m) => m.type)).toEqual(['screen', 'place', 'catalog', 'place']);
    bob.fallBehind();
    output('more than he takes');
    expect(bob.got.slice(4).map((m) => m.type)).toEqual(['screen', 'place']);
    audience.placed();
    expect(bob.got).toHaveLength(6);
    audience.redraw(1);
    expect(bob.got.slice(6).map((m) => m.type)).toEqual(['screen', 'place']);
  });

  test('[SF4] what has changed under a screen on its way is told when he gets bytes again', async () => {
    const bob = join({ from: 'all' }, 0);
    bob.fallBehind();
    output('more than he takes');
    bob.acknowledge(500);
    await clock.pass(100);
    const sent = bob.got.length;
    expect(bob.got.slice(-2).map((m) => m.type)).toEqual(['screen', 'place']);
    audience.placed();
    expect(bob.got).toHaveLength(sent);
    bob.acknowledge(5);
    expect(bob.got.slice(sent).map((m) => m.type)).toEqual(['place']);
    bob.acknowledge(5);
    expect(bob.got).toHaveLength(sent + 1);
  });

  test('[SF5] however often Bob asks for the screen, he gets one in 50 ms, the last as it then is', async () => {
    const bob = join({ from: 'all' }, 0);
    for (let n = 0; n < 1000; n++) audience.redraw(1);
    expect(bob.of('screen')).toHaveLength(2);
    output('meanwhile');
    await clock.pass(49);
    expect(bob.of('screen')).toHaveLength(2);
    await clock.pass(1);
    expect(bob.of('screen')).toHaveLength(3);
    expect(bob.screen()).toContain('meanwhile');
    await clock.pass(1000);
    expect(bob.of('screen')).toHaveLength(3);
  });

  test('[SP4] a title of before is sent as empty, a later one as it is', () => {
    output('\u001b]2;of before\u0007');
    const bob = join({ from: 'none' }, 1);
    audience.placed();
    prompt();
    audience.placed();
    expect(bob.of('place').map((m) => m.title)).not.toContain('of before');
    output('\u001b]2;of now\u0007');
    audience.placed();
    expect(bob.of('place').at(-1)?.title).toBe('of now');
  });

  test('[SP4] one that is set again, the same, is a later one', () => {
    output('\u001b]2;bash\u0007');
    const bob = join({ from: 'none' }, 1);
    prompt();
    audience.placed();
    expect(bob.of('place').at(-1)?.title).toBe('');
    output('\u001b]2;bash\u0007');
    audience.placed();
    expect(bob.of('place').at(-1)?.title).toBe('bash');
  });
});

/** An agent's thread takes a number. */
function segment(): number {
  nextBlock += 1;
  return stage.takes();
}

describe('a segment takes a number', () => {
  test('[TR4] while a prompt stands: who comes after it from none sees that prompt, and its block', () => {
    block('of before');
    prompt();
    output('> ');
    const early = join({ from: 'none' }, nextBlock);
    expect(segment()).toBe(2);
    const bob = join({ from: 'none' }, nextBlock);
    output('of now');
    for (const one of [early, bob]) {
      expect(one.screen()).not.toContain('before');
      expect(one.screen()).toContain('> ');
    }
    // Both are link 1 here: Bob has taken the early one's place.
    expect(bob.of('bytes')).toHaveLength(1);
  });

  test('[TR4] while a command runs: who waits for the next block is not shown the running one', () => {
    block('of before');
    const bob = join({ from: 'none' }, nextBlock);
    segment();
    const carol = join({ from: 'none' }, nextBlock);
    output('of before, too');
    audience.resized();
    for (const one of [bob, carol]) {
      expect(one.of('bytes')).toEqual([]);
      expect(one.screen()).not.toContain('before');
    }
    prompt();
    output('of now');
    expect(carol.of('bytes')).toHaveLength(1);
  });

  test('[TR4] from a segment that began while a command ran: what was written after, no row of before', () => {
    block('of before');
    output('\u001b]2;title of before\u0007half a line of before');
    const number = segment();
    output('\r\nof now\r\n');
    segment();
    const bob = join({ from: 'block', block: number }, number);
    audience.placed();
    expect(bob.screen()).toContain('of now');
    expect(bob.screen()).not.toContain('of before');
    expect(bob.of('place').map((m) => m.title)).toEqual(['', '']);
  });

  test('[TR4] of a beginning that is forgotten the next one counts, never all that is there', () => {
    block('of before');
    const first = segment();
    for (let n = 0; n < 600; n++) segment();
    output('of now');
    const bob = join({ from: 'block', block: first }, first);
    expect(bob.screen()).not.toContain('before');
    expect(bob.screen()).toContain('of now');
  });
});

describe('the documents', () => {
  const named = (messages: readonly Extract<ToViewer, { type: 'catalog' }>[]) =>
    messages.flatMap((m) => m.entries.map((e) => e.number));

  test('[CT1] Bob is told of no block before his first, nor of those he says he has', () => {
    block('one');
    block('two');
    const bob = join({ from: 'block', block: 2 }, 2, [idOfBlock(1), idOfBlock(2)]);
    block('three');
    expect(named(bob.of('catalog'))).toEqual([0, 2, 3]);
    expect(bob.of('catalog').flatMap((m) => m.gone)).toEqual([idOfBlock(1)]);
    expect(asked).toEqual([idOfBlock(2)]);
  });

  test('[CT3] asked for, they are answered like those that never were; snapshots not at all', async () => {
    block('one');
    block('two');
    const bob = join({ from: 'block', block: 2 }, 2);
    audience.want(1, [idOfBlock(1), idOfBlock(50), idOfBlock(2)]);
    await clock.pass(0);
    audience.snapshot(1, idOfBlock(1));
    await clock.pass(0);
    audience.snapshot(1, idOfBlock(2));
    await clock.pass(0);
    expect(bob.of('catalog').at(-1)?.gone).toEqual([idOfBlock(1), idOfBlock(50)]);
    expect(asked).toEqual([idOfBlock(2), idOfBlock(2)]);
  });

  test('[CT3] what is written to one that Bob may not have does not come, though he says he has it', () => {
    block('one');
    block('two');
    const bob = join(null, 2, [idOfBlock(1), idOfBlock(2)], entry(2).heads);
    const frame = { head: Uint8Array.of(1), body: Uint8Array.of(2), signature: new Uint8Array(64) };
    audience.frames([{ id: idOfBlock(1), frames: [frame] }]);
    expect(bob.of('frames')).toEqual([]);
    audience.frames([
      { id: idOfBlock(1), frames: [frame, frame] },
      { id: idOfBlock(2), frames: [{ ...frame, body: Uint8Array.of(3) }] },
    ]);
    expect(bob.of('frames').map((m) => m.frames.map(({ body }) => body))).toEqual([
      [Uint8Array.of(3)],
    ]);
  });
});

test('[SP1] twelve thousand prompts leave no more marks behind than there are blocks and viewers', () => {
  for (let n = 1; n <= 12_000; n++) {
    stage.begins(n);
    stage.counted(n + 1);
    audience.begun();
  }
  expect(stage.scene().beginningOf(12_000)).not.toBeNull();
  const oldest = stage
    .scene()
    .beginningOf(12_000 - 511)
    ?.row.row();
  expect(stage.scene().beginningOf(1)?.row.row()).toBe(oldest);
});
