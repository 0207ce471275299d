// The starting point: what was before it is in none of the bytes that a late viewer gets, by no
// way. Alice plants strings; whoever comes late must not be sent one of them.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { StartChoice } from '../../../src/protocol/action.ts';
import { utf8 } from '../../../src/protocol/bytes.ts';
import { DocumentId, idOf } from '../../../src/protocol/ids.ts';
import { openSessionRig, type Guest, type SessionRig } from './session-rig.ts';

/** Put together where they are printed, so that a command does not hold its own output. */
const PLANTED = [
  'plantcmd',
  'plantout',
  'plantraw',
  'plantalt',
  'plantttl',
  'plantlnk',
  'plantque',
];

let rig: SessionRig;
beforeEach(async () => {
  rig = await openSessionRig();
});
afterEach(() => rig.close());

/** Whatever happened, everyone understood all that was sent. */
afterEach(() => expect(rig.owner.tap.unreadable()).toEqual([]));

/**
 * A command, its output, a screenful of the alternate screen, a link, a title: all before, and some
 * of it begun before and never ended.
 */
async function plant(): Promise<void> {
  await rig.done(`: plantcmd; printf 'plant%s\\n' out out out`);
  await rig.done(`printf '\\e[?1049hplant%s' alt; printf '\\e[?1049l'`);
  await rig.done(
    `printf '\\e]8;;http://plant%s/\\aa link\\e]8;;\\a\\n\\e]8;;http://plant%s/' lnk lnk`,
  );
  // A link left open, and a title that the next prompt's first sequence would end.
  await rig.done(`printf '\\e]2;plant%s\\a\\e]8;;http://plant%s/\\aopen\\e]2;plant%s' ttl lnk ttl`);
}

function expectNothing(guest: Guest): void {
  expect(guest.tap.unreadable()).toEqual([]);
  expect(guest.tap.findings(PLANTED)).toEqual([]);
}

/** Blocks before `first` are not named; asked for, they are answered like unknown ones. */
async function expectWithheld(guest: Guest, first: number): Promise<void> {
  const withheld = [...rig.owner.tap.named().values()].filter(
    (entry) => entry.kind === 'block' && entry.number < first,
  );
  const unknown = idOf(DocumentId, utf8('no document here'));
  for (const { id } of withheld) expect(guest.tap.named().has(id)).toBe(false);
  guest.say({ type: 'want', ids: [...withheld.map((entry) => entry.id), unknown] });
  await rig.until('the answer', () => guest.tap.gone().has(unknown));
  for (const { id } of withheld) {
    expect(guest.tap.gone().has(id)).toBe(true);
    guest.say({ type: 'snapshot', id });
  }
  guest.say({ type: 'snapshot', id: unknown });
  // Answers come in order: when this one is here, nothing else is on its way.
  const again = idOf(DocumentId, utf8('nor another here'));
  guest.say({ type: 'want', ids: [again] });
  await rig.until('the answer', () => guest.tap.gone().has(again));
  for (const { id } of withheld) expect(guest.tap.framesOf(id)).toBe(0);
}

/** The terminal in every shape it may take while someone looks. */
async function reshape(guest: Guest): Promise<void> {
  for (const [cols, rows] of [
    [30, 24],
    [132, 24],
    [132, 60],
    [132, 8],
    [17, 50],
    [80, 24],
  ] as const) {
    const before = guest.tap.screens();
    rig.session.resize(cols, rows);
    await rig.until(`a screen of ${cols}x${rows}`, () => guest.tap.screens() > before);
  }
}

async function redraw(guest: Guest): Promise<void> {
  const before = guest.tap.screens();
  guest.say({ type: 'redraw' });
  await rig.until('a screen', () => guest.tap.screens() > before);
}

/** Held until more than it may have in flight has come: then it gets screens. */
async function fallBehind(guest: Guest): Promise<void> {
  const before = guest.tap.screens();
  guest.tap.hold();
  await rig.done('for i in {1..40}; do seq -s, 1 4000; done');
  guest.tap.release();
  await rig.until('a screen', () => guest.tap.screens() > before);
}

/** What can happen to a viewer after it was let in. */
async function everything(guest: Guest): Promise<void> {
  await reshape(guest);
  await redraw(guest);
  await rig.done(`printf '\\e[?1049hnew alternate'; printf '\\e[?1049l'`);
  await rig.done(`printf '\\e[?47hnew alternate'; printf '\\e[?47l'`);
  await reshape(guest);
  await guest.lose();
  await redraw(guest);
  await fallBehind(guest);
  await reshape(guest);
  await guest.lose();
}

test('[SP1] with all of it, everything planted is found: the tap sees where it has to look', async () => {
  await plant();
  const bob = await rig.join('Bob', { from: 'all' });
  await bob.shows('plantout');
  for (const number of [4, 3, 2, 1]) await bob.block(number);
  const found = bob.tap.findings(PLANTED).join('\n');
  for (const one of ['plantcmd', 'plantout']) {
    expect(found).toContain(`${one} in screen`);
    expect(found).toContain(`${one} in emulator`);
    expect(found).toContain(`${one} in document`);
  }
  expect(found).toContain('plantlnk in screen');
  expect(found).toContain('plantttl in title');
});

describe.each<[string, () => StartChoice]>([
  ['none', () => ({ from: 'none' })],
  ['the next block', () => ({ from: 'block', block: 5 })],
])('[SP1] from %s', (_, start) => {
  test('Bob sees what comes, and of what was before not a byte', async () => {
    await plant();
    const bob = await rig.join('Bob', start());
    await rig.done('echo new-$((1+1))');
    await bob.shows('new-2');
    expect((await bob.block(5)).head[0]?.text).toBe('new-2');
    await everything(bob);
    await expectWithheld(bob, 5);
    expectNothing(bob);
  });
});

test('[SP1] from a block that is over: that one and what follows, on the screen and in the catalog', async () => {
  await plant();
  await rig.done('echo from-$((3*7))');
  await rig.done('echo and-$((2*11))');
  const bob = await rig.join('Bob', { from: 'block', block: 5 });
  await bob.shows('from-21');
  await bob.block(5);
  await bob.block(6);
  await everything(bob);
  await expectWithheld(bob, 5);
  expectNothing(bob);
});

test('[SP1] from the screen: the rows that are visible, and none that have left it', async () => {
  await plant();
  await rig.done(`seq 30; echo seen-$((3*7)); printf '\\e]2;later title\\a'`);
  const bob = await rig.join('Bob', { from: 'screen' });
  await bob.shows('seen-21');
  await everything(bob);
  await expectWithheld(bob, 6);
  expectNothing(bob);
});

test('[SP1] from the screen, made taller: rows that come back from above stay blank', async () => {
  await plant();
  await rig.done('seq 23');
  const bob = await rig.join('Bob', { from: 'screen' });
  await bob.shows('23');
  rig.session.resize(80, 100);
  await rig.owner.shows('plantout');
  await redraw(bob);
  expectNothing(bob);
});

test('[SP1] a program on the alternate screen: from none nothing of it, whatever it writes next', async () => {
  await plant();
  await rig.run(
    `printf '\\e[?1049hplant%s' alt; read -rsn1; printf 'plant%s' out; read -rsn1; printf '\\e[?1049l'`,
  );
  await rig.owner.shows('plantalt');
  const bob = await rig.join('Bob', { from: 'none' });
  rig.type('x');
  await rig.owner.shows('plantout');
  await reshape(bob);
  await redraw(bob);
  await bob.lose();
  rig.type('x');
  await rig.done('echo new-$((1+1))');
  await bob.shows('new-2');
  await everything(bob);
  await expectWithheld(bob, 6);
  expectNothing(bob);
});

test('[SP1] a program on the alternate screen: from the screen the program, and not what it hides', async () => {
  await plant();
  await rig.done('clear');
  await rig.run(
    `printf 'plant%s\\n' out; printf '\\e[?1049hseen-%s' 21; read -rsn1; printf '\\e[?1049l'`,
  );
  await rig.owner.shows('seen-21');
  const bob = await rig.join('Bob', { from: 'screen' });
  await bob.shows('seen-21');
  await redraw(bob);
  rig.type('x');
  await rig.done('echo new-$((1+1))');
  await bob.shows('new-2');
  await everything(bob);
  await expectWithheld(bob, 7);
  expectNothing(bob);
});

test.each([
  ['output without an end of line', `printf 'plant%s' raw`],
  ['a line half overwritten by the prompt', `printf 'plantraw plant%s\\r' raw`],
  ['output so long that the prompt stands on its third row', `printf 'plant%s ' raw{,,,}{,,,}`],
  ['a cursor that went up again', `printf 'plant%s\\n' raw{,,,}; printf '\\e[3A'`],
  ['an alternate screen that was never left', `printf '\\e[?1049hplant%s' alt`],
  ['a screen moved down from above', `printf '\\e[Hplant%s\\e[30T' raw`],
])('[SP6] %s is not sent with the prompt', async (_, command) => {
  await rig.done(command);
  expect(rig.owner.tap.findings(['plantraw', 'plantalt'])).not.toEqual([]);
  const bob = await rig.join('Bob', { from: 'none' });
  await rig.done('echo new-$((1+1))');
  await rig.done(`printf '\\e[H\\e[10L'; printf '\\e[3T\\e[20;1H'`);
  await everything(bob);
  await expectWithheld(bob, 2);
  expectNothing(bob);
});

test('[SP4] the title of before is not told, the next one is', async () => {
  await plant();
  const bob = await rig.join('Bob', { from: 'none' });
  await rig.done(`printf '\\e]2;a new title\\a'`);
  await rig.until('the title', () => bob.viewer.state().place?.title === 'a new title');
  await bob.lose();
  expectNothing(bob);
});

test('[SP5] commands that wait are not told to one who comes later; those that come to wait are', async () => {
  const waiting = (guest: Guest) =>
    (guest.viewer.state().document?.queue ?? []).map((one) => one.text).join();
  await rig.run('read -r answer');
  await rig.until('the block', () => rig.owner.viewer.state().place?.shell === 'running');
  const first = await rig.session.order({ type: 'command.run', text: ': plantque' });
  await rig.until('the queue', () => waiting(rig.owner) === ': plantque');
  const bob = await rig.join('Bob', { from: 'none' });
  await redraw(bob);
  await rig.run(': later');
  await rig.until('the later one', () => waiting(bob) === ': later');
  await bob.lose();
  await rig.until('the later one', () => waiting(bob) === ': later');
  if (!first.ok) throw new Error(first.fault);
  await rig.session.order({ type: 'command.cancel', id: first.queued ?? 0 });
  rig.type('yes\r');
  await bob.block(2);
  await rig.until('an empty queue', () => waiting(bob) === '');
  expectNothing(bob);
});

test('[SP5] the session document begins anew: what changed before is not in its history', async () => {
  const early = await rig.join('plantcmd', { from: 'all' });
  await rig.until('her', () => rig.owner.viewer.state().document?.roster.length === 2);
  await early.viewer.act({ type: 'profile.set', name: 'Carol', hue: 1 });
  await rig.until('her name', () =>
    (rig.owner.viewer.state().document?.roster ?? []).some((one) => one.name === 'Carol'),
  );
  const bob = await rig.join('Bob', { from: 'none' });
  await bob.lose();
  expectNothing(bob);
});

test('[SP1] a new shell in place of one that has exited: who waits for a block goes on waiting', async () => {
  const bob = await rig.join('Bob', { from: 'block', block: 9 });
  await rig.run('exit');
  await rig.until('the end', () => rig.owner.viewer.state().place?.shell === 'exited');
  await rig.session.order({ type: 'terminal.restart' });
  await rig.until('a prompt', () => rig.owner.viewer.state().place?.shell === 'prompt');
  await rig.done(`printf 'plant%s\\n' out`);
  await bob.lose();
  await redraw(bob);
  expectNothing(bob);
});

test('[SP1] one who was let in anew, later, sees from the later point', async () => {
  const bob = await rig.join('Bob', { from: 'all' });
  await plant();
  const again = await rig.join('Again', { from: 'none' });
  await everything(again);
  await bob.shows('>');
  expectNothing(again);
});
