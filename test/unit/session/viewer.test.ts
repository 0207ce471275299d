// Bob's viewer, his link in a test's hands: what he sends on it, and on the one after it.
import { beforeEach, describe, expect, test } from 'vitest';
import type { Replica } from '../../../src/crdt/replica.ts';
import { signGrant } from '../../../src/crypto/grant.ts';
import { identityOf, sessionIdOf } from '../../../src/crypto/identity.ts';
import { nodeSigner, nodeVerifier } from '../../../src/crypto/signer-node.ts';
import type { LinkFault } from '../../../src/peer/link.ts';
import type { Entrance, Reached } from '../../../src/peer/reach.ts';
import { decodeAction } from '../../../src/protocol/action.ts';
import { utf8 } from '../../../src/protocol/bytes.ts';
import { lasting } from '../../../src/protocol/capability.ts';
import type { Block } from '../../../src/protocol/document.ts';
import type { Fault } from '../../../src/protocol/faults.ts';
import { DocumentId, idOf, InviteId } from '../../../src/protocol/ids.ts';
import {
  decodeToSharer,
  encodeMessage,
  type CatalogEntry,
  type ToSharer,
  type ToViewer,
} from '../../../src/protocol/message.ts';
import { err, ok, type Result } from '../../../src/protocol/result.ts';
import { JOINED_EVERY_MS } from '../../../src/session/typed-keys.ts';
import { openViewer, type Beginning } from '../../../src/session/viewer.ts';
import type { Viewer } from '../../../src/session/viewer-state.ts';
import { fakeClock, type FakeClock } from '../../fake-clock.ts';
import { fakeLink } from '../../fake-link.ts';
import { deviceOf } from './stage.ts';

const sharer = identityOf(new Uint8Array(32).fill(1));
const bob = identityOf(new Uint8Array(32).fill(3));
const session = sessionIdOf(sharer.publicBytes);
const keys = { session, sessionKey: sharer.publicKey, redialKey: new Uint8Array(32) };
const membership = { ...keys, name: 'Bob', hue: 10 };
const byKey: Beginning = { by: 'membership', membership };
const byInvite: Beginning = {
  by: 'invite',
  door: {
    door: 'link',
    invite: idOf(InviteId, new Uint8Array(8)),
    secret: new Uint8Array(16),
    session,
  },
};
const idOfBlock = (n: number) => idOf(DocumentId, Uint8Array.of(n >> 8, n & 255, ...Array(14)));
const SESSION = idOfBlock(0xffff);
const HEADS = [new Uint8Array(32).fill(9)];

let clock: FakeClock;
let viewer: Viewer;
let dials: { readonly entrance: Entrance; readonly answer: (to: Result<Reached, Fault>) => void }[];
/** What Bob's replica holds. */
let held: Map<DocumentId, Block>;

beforeEach(() => {
  clock = fakeClock();
  dials = [];
  held = new Map();
});

function block(number: number, state: Block['state'] = 'done'): Block {
  const times = { startedAt: 0, endedAt: 0, exit: 0, state, firstRow: 0 };
  const said = { author: null, command: 'make', directory: '~', branch: null };
  return { number, ...said, ...times, head: [], omitted: 0, tail: [] };
}

const replica: Replica = {
  catalog: () => ok(null),
  frame: () => Promise.resolve({ ok: true, value: null }),
  value: (id) => held.get(id) ?? null,
  heads: (id) => (held.has(id) || id === SESSION ? HEADS : null),
  drop: () => {},
  close: () => {},
};

function open(beginning: Beginning): void {
  viewer = openViewer(beginning, {
    clock,
    random: () => 0,
    identity: bob,
    signer: nodeSigner(bob.seed),
    verify: nodeVerifier,
    device: deviceOf(1),
    reach: (entrance) => ({
      reached: new Promise((answer) => dials.push({ entrance, answer })),
      cancel: () => {},
    }),
    openReplica: () => Promise.resolve(replica),
    inflate: () => err('message.malformed'),
    remember: () => {},
  });
}

interface Line {
  /** As the sharer reads it. */
  readonly sent: ToSharer[];
  readonly of: <T extends ToSharer['type']>(type: T) => Extract<ToSharer, { type: T }>[];
  readonly say: (message: ToViewer) => Promise<void>;
  readonly admit: (lastAction?: number) => Promise<void>;
  readonly suspect: () => void;
  readonly lose: (fault: LinkFault) => Promise<void>;
  readonly isClosed: () => boolean;
}

/** The dial that is under way leads to a link. */
async function connect(own: Parameters<typeof fakeLink>[0] = {}): Promise<Line> {
  const sent: ToSharer[] = [];
  let take: (bytes: Uint8Array) => void | Promise<void> = () => {};
  let suspect = (): void => {};
  let closed: (fault: LinkFault) => void = () => {};
  let isClosed = false;
  const link = fakeLink({
    send(_, bytes) {
      const message = decodeToSharer(bytes);
      if (!message.ok) throw new Error(message.fault);
      sent.push(message.value);
    },
    onMessage: (taker) => {
      take = (bytes) => taker('control', bytes);
    },
    onSuspect: (told) => {
      suspect = told;
    },
    onClosed: (told) => {
      closed = told;
    },
    close: () => {
      isClosed = true;
    },
    ...own,
  });
  dials.at(-1)?.answer(ok({ link, wire: 'memory', ...keys, words: 'a b c d' }));
  await clock.pass(0);
  const say = async (message: ToViewer): Promise<void> => {
    await take(encodeMessage(message));
    await clock.pass(0);
  };
  const grant = {
    session,
    number: 1,
    to: bob.publicKey,
    start: 0,
    capabilities: lasting(['view'], null),
    at: 0,
  };
  return {
    sent,
    of: <T extends ToSharer['type']>(type: T) =>
      sent.filter((one): one is Extract<ToSharer, { type: T }> => one.type === type),
    say,
    admit: async (lastAction = 0) =>
      await say({
        type: 'admitted',
        grant: await signGrant(grant, nodeSigner(sharer.seed)),
        redialKey: keys.redialKey,
        epoch: 1,
        now: 0,
        lastAction,
      }),
    suspect: () => suspect(),
    async lose(fault) {
      closed(fault);
      await clock.pass(0);
    },
    isClosed: () => isClosed,
  };
}

/** What was signed on this line: its number, and the command or the keys of it. */
function acts(line: Line): string[] {
  return line.of('action').map(({ signed }) => {
    const action = decodeAction(signed.body);
    if (!action.ok) throw new Error(action.fault);
    const { value } = action;
    if (value.type === 'keys.type') return `${signed.n} ${new TextDecoder().decode(value.keys)}`;
    return `${signed.n} ${value.type === 'command.run' ? value.text : value.type}`;
  });
}

/** Signatures are made by the machine's own library, outside our clock. */
async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; !holds(); turn++) {
    if (turn > 1000) throw new Error('waited in vain');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const run = (text: string) => viewer.act({ type: 'command.run', text });
const type = (text: string) => viewer.act({ type: 'keys.type', keys: utf8(text) });

describe('from one link to the next', () => {
  test('[AC9] what Bob asked on a link that died goes first on the next, before what he asks then', async () => {
    open(byKey);
    const first = await connect();
    await first.admit();
    const make = run('make');
    await until(() => acts(first).length === 1);
    first.suspect();
    const second = await connect();
    const key = type('x');
    await until(() => acts(second).length === 2);
    expect(acts(second)).toEqual(['1 make', '2 x']);
    expect(second.sent[0]?.type).toBe('back');
    expect(first.isClosed()).toBe(true);
    await second.say({ type: 'result', device: deviceOf(1), n: 1, outcome: { ok: true } });
    expect([await make, await key]).toEqual([{ ok: true }, { ok: true }]);
  });

  test('[AC9] what is asked while nobody is there waits, but keys, and of sizes the last counts', async () => {
    open(byKey);
    const made = run('make');
    void viewer.act({ type: 'terminal.resize', cols: 80, rows: 24 });
    void viewer.act({ type: 'terminal.resize', cols: 90, rows: 24 });
    expect(await type('x')).toEqual({ ok: false, fault: 'link.silent' });
    const line = await connect();
    expect(acts(line)).toEqual([]);
    await line.admit(41);
    await until(() => acts(line).length === 2);
    expect(acts(line)).toEqual(['42 make', '43 terminal.resize']);
    await line.say({ type: 'result', device: deviceOf(1), n: 42, outcome: { ok: true } });
    expect(await made).toEqual({ ok: true });
  });

  test('[RD4] a dial beside a link in doubt that comes to nothing leaves Bob where he was', async () => {
    open(byKey);
    const line = await connect();
    await line.admit();
    line.suspect();
    dials.at(-1)?.answer(err('signal.unreachable'));
    await clock.pass(0);
    expect(viewer.state().connection.phase).toBe('live');
    void run('make');
    await until(() => acts(line).length === 1);
  });

  test('[RD1] a link that cannot even be greeted is lost like any other, and dialled again', async () => {
    open(byKey);
    await connect({
      send: () => {
        throw new Error('a bug');
      },
    });
    await clock.pass(0);
    expect(viewer.state().connection.phase).toBe('reaching');
    await clock.pass(1000);
    expect(dials).toHaveLength(2);
  });
});

describe('an invite that was used by Bob’s own knock', () => {
  async function knockAndLose(): Promise<void> {
    open(byInvite);
    viewer.knock('Bob', 10);
    const first = await connect();
    expect(first.of('knock')).toHaveLength(1);
    // Alice admits him, and her word does not arrive.
    await first.lose('link.silent');
    await clock.pass(1000);
    dials.at(-1)?.answer(err('invite.used'));
    await clock.pass(1000);
  }

  test('[RD7] Bob comes in by his key', async () => {
    await knockAndLose();
    expect(dials.at(-1)?.entrance).toMatchObject({ door: 'redial', session });
    const second = await connect();
    expect(second.sent.map((one) => one.type)).toEqual(['back']);
    await second.admit();
    expect(viewer.state().connection.phase).toBe('live');
  });

  test('[RD7] where his key opens nothing it is said that the invite was used, and he stops', async () => {
    await knockAndLose();
    dials.at(-1)?.answer(err('grant.none'));
    await clock.pass(10_000);
    expect(viewer.state().connection).toEqual({ phase: 'over', fault: 'invite.used' });
    expect(dials).toHaveLength(3);
  });

  test('[RD3] an invite that someone else used before he knocked is an answer', async () => {
    open(byInvite);
    dials.at(-1)?.answer(err('invite.used'));
    await clock.pass(10_000);
    expect(dials).toHaveLength(1);
  });
});

test('[CT6] Bob holds 1,200 blocks: he names what changes and the newest, and asks for none again', async () => {
  const numbers = Array.from({ length: 1200 }, (_, i) => i + 1);
  const entry = (number: number): CatalogEntry => ({
    id: idOfBlock(number),
    kind: 'block',
    number,
    heads: HEADS,
    bytes: 10,
  });
  const entries = [
    { ...entry(0), id: SESSION, kind: 'session' as const },
    ...numbers.map(entry).toReversed(),
  ];
  async function tell(line: Line): Promise<void> {
    for (let from = 0; from < entries.length; from += 500) {
      await line.say({ type: 'catalog', entries: entries.slice(from, from + 500), gone: [] });
    }
  }
  open(byKey);
  const first = await connect();
  await first.admit();
  await tell(first);
  await clock.pass(2000);
  for (const n of numbers) held.set(idOfBlock(n), block(n, n === 7 ? 'running' : 'done'));
  await first.lose('link.broken');
  await clock.pass(1000);
  const second = await connect();
  const [back] = second.of('back');
  expect(back?.have.map(({ id }) => id)).toEqual([
    SESSION,
    idOfBlock(7),
    ...numbers.slice(-498).map(idOfBlock).toReversed(),
  ]);
  await second.admit();
  await tell(second);
  viewer.want([1, 2, 7, 1200]);
  expect(second.of('want')).toEqual([]);
});

describe('keys', () => {
  async function inside(): Promise<Line> {
    open(byKey);
    const line = await connect();
    await line.admit();
    return line;
  }

  test('[AC10] one at a time they go at once; what comes faster than actions may is joined, and none is lost', async () => {
    const line = await inside();
    const text = Array.from({ length: 500 }, (_, i) => String.fromCharCode(97 + (i % 26))).join('');
    const outcomes = Array.from(text, (key) => type(key));
    await until(() => acts(line).length === 20);
    await clock.pass(JOINED_EVERY_MS);
    await until(() => acts(line).length === 21);
    expect(await Promise.all(outcomes)).toEqual(Array.from(text, () => ({ ok: true })));
    expect(
      acts(line)
        .map((one) => one.split(' ')[1])
        .join(''),
    ).toBe(text);
  });

  test('[AC10] a command does not overtake keys that wait, and a lost link takes them with it', async () => {
    const line = await inside();
    for (let i = 0; i < 30; i++) void type('a');
    void run('make');
    await until(() => acts(line).length === 22);
    expect(acts(line).slice(-2)).toEqual([`21 ${'a'.repeat(10)}`, '22 make']);
    const late = type('b');
    await line.lose('link.silent');
    expect(await late).toEqual({ ok: false, fault: 'link.silent' });
  });
});

test('[AC7] Bob reads what the sharer says of his request, also after he was away', async () => {
  open(byKey);
  const first = await connect();
  await first.admit();
  void viewer.act({ type: 'access.request', capabilities: ['run'] });
  await until(() => viewer.state().request === 'open');
  await first.say({ type: 'request', is: 'denied' });
  expect(viewer.state().request).toBe('denied');
  await first.lose('link.silent');
  await clock.pass(1_000);
  const second = await connect();
  await second.admit();
  await second.say({ type: 'request', is: 'none' });
  expect(viewer.state().request).toBe('none');
});
