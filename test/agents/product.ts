// A real agent in a real share: prompted by one viewer, allowed by another, watched by a third,
// with a prompt of someone else's waiting behind the first.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { ThreadId } from '../../src/protocol/ids.ts';
import type { PartHead } from '../../src/protocol/thread.ts';
import { startMeshell, type MeshellProcess } from '../e2e/stage/meshell-process.ts';
import { joinNode, type NodeGuest } from '../e2e/stage/node-guest.ts';
import type { Rig } from './rig.ts';
import type { Scene } from './scenes.ts';

/** One that an agent finds and prints: nobody else may see it. */
const SECRET = 'sk-proj-4eC39HqLyjWDarjtT1zdp7dcQx8vNf2LmZ';

export const PRODUCT_SCENE: Scene = {
  title: 'in a share: one viewer prompts, another allows and rejects, a third’s prompt waits',
  answers: ({ calls }, work) => [
    { do: 'say', thoughts: 'Let me think.', calls: [calls.plan(['dig', 'fill'])] },
    { do: 'say', calls: [calls.run(`touch dug && echo key is ${SECRET}`)] },
    { do: 'say', calls: [calls.write(join(work, 'hole.txt'), 'deep\n')] },
    { do: 'say', text: 'The hole is there.' },
    { do: 'say', calls: [calls.run('touch forbidden')] },
    { do: 'say', text: 'Then not.' },
    { do: 'say', text: 'What was said last.' },
  ],
  async play(rig) {
    const alice = await share(rig);
    const guests: NodeGuest[] = [];
    try {
      for (const [name, capabilities] of [
        ['Bob', ['view', 'prompt']],
        ['Carol', ['view', 'approve']],
        ['Dave', ['view', 'prompt']],
      ] as const) {
        guests.push(await joinNode(alice, name, capabilities));
      }
      return await story(rig, guests);
    } finally {
      for (const guest of guests) await guest.close();
      await alice.kill('SIGTERM');
      await alice.exited;
    }
  },
};

async function share({ real, line, work }: Rig): Promise<MeshellProcess> {
  const home = join(work, '..', 'sharer');
  const config = join(home, 'meshell', 'config');
  mkdirSync(config, { recursive: true });
  const settings = { agent_servers: { [real.name]: line } };
  writeFileSync(join(config, 'settings.json'), JSON.stringify(settings));
  const args = ['--json', '--headless', '--local', '--name', 'Alice'];
  const alice = startMeshell(args, { home, cwd: work });
  await alice.event('ready');
  return alice;
}

async function story({ real, work }: Rig, guests: readonly NodeGuest[]): Promise<string> {
  const [bob, carol, dave] = guests;
  if (bob === undefined || carol === undefined || dave === undefined) throw new Error('no guests');
  const begun = await bob.does({ type: 'thread.start', agent: real.name, prompt: 'Dig a hole.' });
  const { thread } = begun;
  if (thread === undefined) throw new Error('no thread');
  await carol.until('the first question', () => open(carol, thread).length === 1);
  await dave.does({ type: 'thread.prompt', thread, text: 'Touch what is forbidden.' });
  await bob.until('the queue', () => bob.segments(thread).at(-1)?.queue.length === 1);
  const refused = await dave.act({ ...answerTo(carol, thread, 'allow_once') });
  expect(refused).toMatchObject({ ok: false });
  await carol.does(answerTo(carol, thread, 'allow_once'));
  await carol.until('the second question', () => asked(carol, thread) === 2);
  await carol.does(answerTo(carol, thread, 'allow_once'));
  await carol.until('the first end', () => heads(carol, thread, 'end').length === 1);
  expect(existsSync(join(work, 'dug'))).toBe(true);
  expect(readFileSync(join(work, 'hole.txt'), 'utf8')).toBe('deep\n');
  await carol.until('the third question', () => asked(carol, thread) === 3);
  await carol.does(answerTo(carol, thread, 'reject_once'));
  await carol.until('the second end', () => heads(carol, thread, 'end').length === 2);
  expect(existsSync(join(work, 'forbidden'))).toBe(false);
  for (const guest of guests) {
    await guest.until('the same documents', () => same(bob, guest, thread));
  }
  const whole = JSON.stringify(bob.segments(thread));
  expect(whole).not.toContain(SECRET);
  expect(whole).toContain('key is');
  expect(prompts(bob, thread)).toEqual([bob.state().me.key, dave.state().me.key]);
  const ends = heads(bob, thread, 'end');
  const [first] = ends;
  expect(first?.usage?.input).toBeGreaterThan(0);
  expect(heads(bob, thread, 'plan')[0]?.entries.map(({ content }) => content)).toEqual([
    'dig',
    'fill',
  ]);
  const cost = first?.usage?.cost;
  const spent = cost === null || cost === undefined ? 'no cost reported' : `${cost.amount} USD`;
  const parts = bob.parts(thread).length;
  return `${parts} parts, the same for all; a printed key is masked; ${first?.usage?.input} tokens in, ${spent}`;
}

function open(guest: NodeGuest, thread: ThreadId) {
  return guest
    .parts(thread)
    .filter(({ head }) => head.kind === 'permission' && head.answer.state === 'open');
}

function asked(guest: NodeGuest, thread: ThreadId): number {
  return heads(guest, thread, 'permission').length;
}

function answerTo(guest: NodeGuest, thread: ThreadId, kind: 'allow_once' | 'reject_once') {
  const [part] = open(guest, thread);
  if (part?.head.kind !== 'permission') throw new Error('nothing is asked');
  const option = part.head.options.find((candidate) => candidate.kind === kind)?.id ?? '';
  return { type: 'permission.answer', thread, part: part.id, option } as const;
}

function heads<K extends PartHead['kind']>(guest: NodeGuest, thread: ThreadId, kind: K) {
  return guest
    .parts(thread)
    .map(({ head }) => head)
    .filter((head): head is Extract<PartHead, { kind: K }> => head.kind === kind);
}

function prompts(guest: NodeGuest, thread: ThreadId) {
  return heads(guest, thread, 'prompt').map(({ author }) => author);
}

function same(one: NodeGuest, other: NodeGuest, thread: ThreadId): boolean {
  return JSON.stringify(one.segments(thread)) === JSON.stringify(other.segments(thread));
}
