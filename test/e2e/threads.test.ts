// Agent threads through real processes: the sharer’s, the demo agent’s, the commands it runs.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { PRESETS } from '../../src/protocol/capability.ts';
import type { ThreadId } from '../../src/protocol/ids.ts';
import type { PartHead } from '../../src/protocol/thread.ts';
import { launchChromium } from './stage/browser.ts';
import {
  endAll,
  newHome,
  startMeshell,
  textOf,
  type MeshellProcess,
} from './stage/meshell-process.ts';
import { lacks } from './stage/needs.ts';
import { joinNode, type NodeGuest } from './stage/node-guest.ts';
import { askToJoin, isIn } from './stage/visitor.ts';

const SHARE = ['--json', '--headless', '--local', '--name', 'Alice'];
const guests: NodeGuest[] = [];

async function share(home: string): Promise<MeshellProcess> {
  const alice = startMeshell(SHARE, { home });
  await alice.event('ready');
  return alice;
}

async function joined(...as: Parameters<typeof joinNode>): Promise<NodeGuest> {
  const guest = await joinNode(...as);
  guests.push(guest);
  return guest;
}

async function begun(guest: NodeGuest, prompt?: string): Promise<ThreadId> {
  const outcome = await guest.does({
    type: 'thread.start',
    agent: 'demo',
    ...(prompt === undefined ? {} : { prompt }),
  });
  if (outcome.thread === undefined) throw new Error('no thread');
  return outcome.thread;
}

/** Both have all of it, and the same. */
async function agree(a: NodeGuest, b: NodeGuest, threads: readonly ThreadId[]): Promise<void> {
  for (const thread of threads) {
    await b.until('the same documents', () => {
      const [mine, theirs] = [a.segments(thread), b.segments(thread)];
      return mine.length > 0 && JSON.stringify(mine) === JSON.stringify(theirs);
    });
  }
}

const statusOf = (guest: NodeGuest, thread: ThreadId) => guest.segments(thread).at(-1)?.head.status;
const headsOf = <K extends PartHead['kind']>(guest: NodeGuest, thread: ThreadId, kind: K) =>
  guest
    .parts(thread)
    .map((part) => part.head)
    .filter((head): head is Extract<PartHead, { kind: K }> => head.kind === kind);

afterEach(async () => {
  for (const guest of guests.splice(0)) await guest.close();
});
afterAll(endAll);

test('[TR9] a turn of the demo agent: a thought, a plan, a command, a change, allowed by a viewer', async () => {
  const home = newHome();
  const alice = await share(home);
  const bob = await joined(alice, 'Bob', ['view', 'prompt', 'approve']);
  const carol = await joined(alice, 'Carol', ['view']);
  const thread = await begun(
    bob,
    'think looking around ;; plan look; write ;; run echo from-$((6*7)) $PPID ;; write made.txt hello ;; replace made.txt /hello/goodbye/',
  );
  await bob.allowUntilIdle(thread);
  expect(readFileSync(join(home, 'made.txt'), 'utf8')).toBe('goodbye\n');
  expect(bob.parts(thread)[0]).toMatchObject({
    head: { kind: 'prompt', author: bob.state().me.key },
  });
  expect(headsOf(bob, thread, 'thought').length).toBeGreaterThan(0);
  expect(
    headsOf(bob, thread, 'plan')
      .at(-1)
      ?.entries.map((one) => one.content),
  ).toEqual(['look', 'write']);
  const tools = bob.parts(thread).filter((part) => part.head.kind === 'tool');
  const output = tools.map((part) => part.text).find((text) => text.includes('from-42'));
  expect(output).toBeDefined();
  const diffs = tools.flatMap((part) => part.contents).filter((one) => one.type === 'diff');
  expect(diffs.at(-1)).toMatchObject({ added: 1, removed: 1 });
  const permissions = headsOf(bob, thread, 'permission');
  expect(permissions).toHaveLength(3);
  for (const { answer } of permissions) {
    expect(answer).toMatchObject({ state: 'given', by: bob.state().me.key });
  }
  expect(headsOf(bob, thread, 'end').at(-1)).toMatchObject({
    reason: 'end_turn',
    usage: { estimated: true },
  });
  await agree(bob, carol, [thread]);
  // Nobody it was not given to.
  for (const action of [
    { type: 'thread.prompt', thread, text: 'say no' },
    { type: 'thread.configure', thread, option: 'mode', value: 'act' },
    { type: 'thread.close', thread },
  ] as const) {
    expect(await carol.act(action)).toMatchObject({ ok: false });
  }
  // Its process ends with the sharer’s.
  const pid = Number(/from-42 (\d+)/.exec(output ?? '')?.[1]);
  expect(isAlive(pid)).toBe(true);
  await alice.kill('SIGTERM');
  await bob.until('its end', () => !isAlive(pid));
});

test.skipIf(lacks('chromium'))(
  '[TR17] Alice’s page leads Bob’s to a conversation and back, also after either was loaded anew',
  async () => {
    const alice = startMeshell(SHARE, { home: newHome() });
    const ready = await alice.event('ready');
    const browser = await launchChromium();
    const app = await (await browser.newContext()).newPage();
    await app.goto(textOf(ready, 'app'));
    const bob = await (await browser.newContext()).newPage();
    alice.say({ do: 'invite', start: { from: 'all' } });
    await bob.goto(textOf(await alice.event('invite'), 'link'));
    await askToJoin(bob, 'Bob');
    const knock = await alice.event('knock');
    alice.say({ do: 'admit', knock: knock['id'], capabilities: ['view'] });
    await isIn(bob);
    alice.say({ do: 'start', agent: 'demo', prompt: 'say hello' });
    const conversation = bob.getByRole('region', { name: 'Conversation say hello' });
    const terminal = bob.getByRole('region', { name: 'Timeline' });
    await bob.getByRole('button', { name: 'Follow Alice' }).click();
    await app.getByRole('button', { name: /^say hello, / }).click();
    await conversation.waitFor();
    await bob.reload();
    await conversation.waitFor();
    await app.reload();
    await terminal.waitFor();
    await app.getByRole('button', { name: /^say hello, / }).click();
    await conversation.waitFor();
    await browser.close();
  },
);

test.skipIf(lacks('chromium'))(
  '[TR9] Bob in a browser starts a conversation, allows what it asks, and watches it done',
  async () => {
    const home = newHome();
    const alice = await share(home);
    const browser = await launchChromium();
    const bob = await (await browser.newContext()).newPage();
    alice.say({ do: 'invite', start: { from: 'all' } });
    await bob.goto(textOf(await alice.event('invite'), 'link'));
    await askToJoin(bob, 'Bob');
    const knock = await alice.event('knock');
    alice.say({ do: 'admit', knock: knock['id'], capabilities: ['view', 'prompt', 'approve'] });
    await isIn(bob);
    await bob.getByTitle(/^Ask an agent/).click();
    await bob.getByRole('menuitem', { name: /New conversation/ }).click();
    const dialog = bob.getByRole('dialog', { name: 'New conversation' });
    await dialog.getByRole('button', { name: /^Demo agent \(no model\)/ }).click();
    const line = bob.getByRole('textbox', { name: 'Prompt' });
    await line.fill(
      'think of a file ;; plan one; two ;; run echo from-$((6*7)) ;; write made.txt hello ;; replace made.txt /hello/goodbye/ ;; say all done',
    );
    await line.press('Enter');
    // Answered ones go: each time the one that is there is the next.
    for (const asked of [/ asks: .*echo/, / asks: .*made/, / asks: .*made/]) {
      const card = bob.getByRole('article', { name: asked });
      await card.waitFor();
      const seen = await card.getAttribute('data-permission');
      await card.getByRole('button', { name: 'Allow once' }).click();
      await bob.locator(`[data-permission="${seen}"]`).waitFor({ state: 'detached' });
    }
    await bob.getByText('all done').first().waitFor();
    await vi.waitFor(() => {
      expect(readFileSync(join(home, 'made.txt'), 'utf8')).toBe('goodbye\n');
    });
    await bob.getByText('from-42').first().waitFor({ state: 'attached' });
    // A second viewer's documents say the same.
    const carol = await joined(alice, 'Carol', ['view']);
    await carol.until('the thread', ({ state }) => state().segments.length > 0);
    const thread = carol.state().segments[0]?.thread;
    if (thread === undefined) throw new Error('no thread');
    await carol.until('its end', () => statusOf(carol, thread) === 'idle');
    expect(headsOf(carol, thread, 'permission').map(({ answer }) => answer.state)).toEqual([
      'given',
      'given',
      'given',
    ]);
    await browser.close();
  },
);

test('[TR11] killed in the middle of a turn: threads and queue are there, what ran was interrupted', async () => {
  const home = newHome();
  let alice = await share(home);
  const bob = await joined(alice, 'Bob', [...PRESETS.editor]);
  const carol = await joined(alice, 'Carol', ['view', 'approve']);
  const thread = await begun(bob, 'say before the fall ;; run touch never.txt ;; slow 600');
  await bob.until('the question', () => statusOf(bob, thread) === 'waiting');
  await bob.does({ type: 'thread.prompt', thread, text: 'say after the fall' });
  await carol.until('the queue', () => carol.segments(thread).at(-1)?.queue.length === 1);
  const part = bob.parts(thread).find((one) => one.head.kind === 'permission');
  if (part?.head.kind !== 'permission') throw new Error('no question');
  const option = part.head.options.find((one) => one.kind === 'allow_once')?.id ?? '';
  await alice.kill('SIGKILL');
  await carol.until('the loss', ({ state }) => state().connection.phase === 'away');
  // Said while nobody hears: it is answered once, when there is someone again.
  const late = carol.act({ type: 'permission.answer', thread, part: part.id, option });
  alice = await share(home);
  for (const guest of [bob, carol]) {
    await guest.until('to be back', ({ state }) => state().connection.phase === 'live');
    await guest.until('the thread', () => statusOf(guest, thread) === 'stopped');
  }
  expect(await late).toEqual({ ok: false, fault: 'action.gone' });
  expect(() => readFileSync(join(home, 'never.txt'))).toThrow('ENOENT');
  expect(
    bob
      .parts(thread)
      .map((one) => one.text)
      .join(''),
  ).toContain('before the fall');
  expect(headsOf(bob, thread, 'end').at(-1)?.reason).toBe('interrupted');
  expect(headsOf(bob, thread, 'permission').at(-1)?.answer.state).toBe('withdrawn');
  expect(bob.segments(thread).flatMap((one) => one.queue.map((entry) => entry.text))).toEqual([
    'say after the fall',
  ]);
  await bob.does({ type: 'thread.restart', thread });
  await bob.until('the queued prompt', () =>
    bob.parts(thread).some((one) => one.head.kind === 'answer' && one.text.includes('after the')),
  );
  await bob.until('its end', () => statusOf(bob, thread) === 'idle');
  // An approval given while one’s own link is lost counts once.
  await bob.does({ type: 'thread.prompt', thread, text: 'run echo once >> counted.txt' });
  await carol.until('the question', () => statusOf(carol, thread) === 'waiting');
  await carol.allowUntilIdle(thread);
  expect(readFileSync(join(home, 'counted.txt'), 'utf8')).toBe('once\n');
  await agree(bob, carol, [thread]);
});

describe('four people at once', () => {
  test('[TR9] a tool call of ten seconds, a command, a queued prompt, another thread: all proceed', async () => {
    const alice = await share(newHome());
    const [ann, ben, cem, dia] = [
      await joined(alice, 'Ann', [...PRESETS.editor]),
      await joined(alice, 'Ben', [...PRESETS.editor]),
      await joined(alice, 'Cem', ['view', 'prompt']),
      await joined(alice, 'Dia', ['view', 'prompt']),
    ];
    const [first, second] = [
      await begun(ann, 'run sleep 10; echo slept'),
      await begun(dia, 'say in the second'),
    ];
    await ann.until('the question', () => statusOf(ann, first) === 'waiting');
    const from = performance.now();
    const sleeps = ann.allowUntilIdle(first);
    await cem.does({ type: 'thread.prompt', thread: first, text: 'say queued by Cem' });
    const ran = await ben.does({ type: 'command.run', text: 'echo by-ben-$((6*7))' });
    expect(ran.queued).toBeDefined();
    await ben.until('his block', ({ state }) =>
      state().blocks.some((block) => block.head[0]?.text === 'by-ben-42' && block.exit === 0),
    );
    await dia.until('the second', () =>
      dia.parts(second).some((part) => part.text.includes('in the second')),
    );
    const third = await begun(dia, 'say in the third');
    await dia.until('the third', () => statusOf(dia, third) === 'idle');
    // All of that while the first still sleeps.
    expect(performance.now() - from).toBeLessThan(10_000);
    expect(statusOf(ann, first)).toBe('running');
    await sleeps;
    await cem.until('his prompt', () =>
      cem.parts(first).some((part) => part.text.includes('queued by Cem')),
    );
    await cem.until('its end', () => statusOf(cem, first) === 'idle');
    const prompts = (thread: ThreadId) =>
      cem.parts(thread).flatMap(({ head }) => (head.kind === 'prompt' ? [head.author] : []));
    expect(prompts(first)).toEqual([ann.state().me.key, cem.state().me.key]);
    expect(prompts(second)).toEqual([dia.state().me.key]);
    expect(prompts(third)).toEqual([dia.state().me.key]);
    const block = ben.state().blocks.find((one) => one.head[0]?.text === 'by-ben-42');
    expect(block?.author).toBe(ben.state().me.key);
    for (const guest of [ben, cem, dia]) await agree(ann, guest, [first, second, third]);
    for (const guest of [ben, cem, dia]) {
      expect(guest.state().blocks).toEqual(ann.state().blocks);
    }
  });
});

test('[CL35] an agent that is named on the command line has its conversation at once', async () => {
  const home = newHome();
  const alice = startMeshell([...SHARE, '--share', '--agent', 'no-such-agent --acp'], { home });
  // The first invite shows nothing of before; Bob comes by another.
  await alice.event('invite');
  expect(alice.stderr()).toContain('agent conversations are shared too');
  const bob = await joined(alice, 'Bob', ['view']);
  await bob.until('its notice', ({ state }) =>
    state().segments.some((one) =>
      one.parts.some((part) => part.head.kind === 'notice' && part.head.level === 'error'),
    ),
  );
  expect(bob.state().segments[0]?.agent.name).toBe('no-such-agent');
  // A broken thread stops nothing else.
  alice.say({ do: 'run', text: 'echo still-here-$((1+1))' });
  await bob.until('the block', ({ state }) =>
    state().blocks.some((block) => block.head[0]?.text === 'still-here-2'),
  );
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
