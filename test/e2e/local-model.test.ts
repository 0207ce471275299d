// The local model's agent through real processes: the sharer's, the agent's, a scripted endpoint
// where the model would be, and viewers who prompt, allow and watch.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import type { ThreadId } from '../../src/protocol/ids.ts';
import type { Part, PartHead } from '../../src/protocol/thread.ts';
import {
  inOrder,
  openModelEndpoint,
  type EndpointOptions,
  type ModelEndpoint,
} from '../stage/model-endpoint.ts';
import { endAll, newHome, startMeshell, type MeshellProcess } from './stage/meshell-process.ts';
import { joinNode, type NodeGuest } from './stage/node-guest.ts';

const KEY = 'a-key-of-alice-that-nobody-sees';
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});
afterAll(endAll);

interface Stage {
  readonly home: string;
  readonly alice: MeshellProcess;
  readonly model: ModelEndpoint;
  readonly join: (name: string, capabilities: readonly string[]) => Promise<NodeGuest>;
}

/** Alice shares, with an endpoint in her settings. */
async function stage(options: EndpointOptions): Promise<Stage> {
  const model = await openModelEndpoint({ key: KEY, ...options });
  closing.push(model.close);
  const home = newHome();
  const config = join(home, 'meshell', 'config');
  mkdirSync(config, { recursive: true });
  const local_model = { url: model.url, key: KEY };
  writeFileSync(join(config, 'settings.json'), JSON.stringify({ local_model }));
  const alice = startMeshell(['--json', '--headless', '--local', '--name', 'Alice'], { home });
  await alice.event('ready');
  return {
    home,
    alice,
    model,
    join: async (name, capabilities) => {
      const guest = await joinNode(alice, name, capabilities);
      closing.push(guest.close);
      return guest;
    },
  };
}

async function begun(guest: NodeGuest, prompt: string): Promise<ThreadId> {
  const { thread } = await guest.does({ type: 'thread.start', agent: 'local-model', prompt });
  if (thread === undefined) throw new Error('no thread');
  return thread;
}

function partsOf<K extends PartHead['kind']>(guest: NodeGuest, thread: ThreadId, kind: K) {
  return guest.parts(thread).flatMap((part) => {
    const { head } = part;
    return isKind(head, kind) ? [{ ...part, head }] : [];
  });
}

function isKind<K extends PartHead['kind']>(
  head: PartHead,
  kind: K,
): head is Extract<PartHead, { kind: K }> {
  return head.kind === kind;
}

const openQuestion = (guest: NodeGuest, thread: ThreadId): Part | undefined =>
  partsOf(guest, thread, 'permission').find((part) => part.head.answer.state === 'open');

async function answer(guest: NodeGuest, thread: ThreadId, option: string): Promise<void> {
  await guest.until('a question', () => openQuestion(guest, thread) !== undefined);
  const part = openQuestion(guest, thread)?.id ?? 0;
  await guest.does({ type: 'permission.answer', thread, part, option });
  await guest.until('its answer', () => openQuestion(guest, thread)?.id !== part);
}

const ended = (guest: NodeGuest, thread: ThreadId, turns: number): Promise<void> =>
  guest.until(`${turns} turns`, () => partsOf(guest, thread, 'end').length === turns);

test('[BA10] [BA2] a turn with tools, allowed and rejected by Bob; Carol sees the same; one prompt waits behind', async () => {
  const command = `echo out-$((6*7)); echo ${KEY}`;
  const {
    home,
    model,
    join: joins,
  } = await stage({
    answer: inOrder(
      {
        do: 'say',
        thoughts: 'A plan first.',
        calls: [{ name: 'plan', args: { entries: [{ content: 'Write', status: 'in_progress' }] } }],
      },
      { do: 'say', calls: [{ name: 'shell', args: { command } }] },
      { do: 'say', calls: [{ name: 'write', args: { path: 'made.txt', content: 'made\n' } }] },
      { do: 'say', calls: [{ name: 'write', args: { path: 'never.txt', content: '' } }] },
      { do: 'say', text: 'It is **done**.', usage: { input: 1000, output: 10 } },
      { do: 'say', text: 'The second answer.' },
    ),
  });
  const bob = await joins('Bob', ['view', 'prompt', 'approve']);
  const carol = await joins('Carol', ['view', 'prompt']);
  const thread = await begun(bob, 'Make made.txt.');
  await bob.until('a question', () => openQuestion(bob, thread) !== undefined);
  await carol.until('the thread', () => carol.segments(thread).length > 0);
  await carol.does({ type: 'thread.prompt', thread, text: 'And then?' });
  await answer(bob, thread, 'once');
  await answer(bob, thread, 'once');
  await answer(bob, thread, 'no');
  await ended(bob, thread, 2);

  expect(readFileSync(join(home, 'made.txt'), 'utf8')).toBe('made\n');
  expect(existsSync(join(home, 'never.txt'))).toBe(false);
  expect(partsOf(bob, thread, 'thought').map((part) => part.text)).toEqual(['A plan first.']);
  expect(partsOf(bob, thread, 'answer').map((part) => part.text)).toEqual([
    'It is **done**.',
    'The second answer.',
  ]);
  expect(partsOf(bob, thread, 'tool').map((part) => part.head.status)).toEqual([
    'completed',
    'completed',
    'failed',
  ]);
  const [first, second] = partsOf(bob, thread, 'end');
  expect(first?.head.usage).toMatchObject({
    input: 1400,
    output: 90,
    estimated: false,
    cost: null,
  });
  expect(second?.head.usage).toMatchObject({ input: 100, output: 20 });
  const authors = partsOf(bob, thread, 'prompt').map((part) => part.head.author);
  expect(authors).toEqual([bob.state().me.key, carol.state().me.key]);
  expect(bob.segments(thread).at(-1)?.head.context).toEqual({ used: 120, size: 32_768 });
  expect(model.requests.at(-1)?.lastUser).toBe('And then?');
  await carol.until('the same documents', () => {
    const both = [bob.segments(thread), carol.segments(thread)].map((s) => JSON.stringify(s));
    return both[0] === both[1];
  });
  // The command printed the endpoint's key.
  const shown = JSON.stringify(bob.segments(thread));
  expect(shown).toContain('out-42');
  expect(shown).not.toContain(KEY);
});

test('[BA5] Bob stops a turn while the model is silent, and the next prompt is answered', async () => {
  const { model, join: joins } = await stage({
    answer: inOrder({ do: 'hang' }, { do: 'say', text: 'Here again.' }),
  });
  const bob = await joins('Bob', ['view', 'prompt']);
  const thread = await begun(bob, 'Anyone?');
  await bob.until('its request', () => model.requests.length === 1);
  await bob.does({ type: 'thread.stop', thread });
  await ended(bob, thread, 1);
  expect(partsOf(bob, thread, 'end')[0]?.head).toMatchObject({
    reason: 'cancelled',
    by: bob.state().me.key,
  });
  await bob.does({ type: 'thread.prompt', thread, text: 'And now?' });
  await ended(bob, thread, 2);
  expect(partsOf(bob, thread, 'answer').map((part) => part.text)).toEqual(['Here again.']);
});

test('[BA9] each failure stands in the thread as a sentence, and the same prompt can be retried', async () => {
  const { model, join: joins } = await stage({
    answer: inOrder(
      { do: 'refuse', status: 429, retryAfter: '1' },
      { do: 'refuse', status: 400, message: 'maximum context length is 4096 tokens' },
      { do: 'refuse', status: 401, message: 'no' },
      { do: 'say', text: 'Half of it, and never the rest', breakAfter: 2 },
      { do: 'say', text: 'Whole.' },
    ),
  });
  const bob = await joins('Bob', ['view', 'prompt']);
  const thread = await begun(bob, 'Tell me.');
  await ended(bob, thread, 1);
  for (let turns = 2; turns <= 4; turns += 1) {
    await bob.does({ type: 'thread.retry', thread });
    await ended(bob, thread, turns);
  }
  const notices = partsOf(bob, thread, 'notice').map((part) => part.text);
  expect(notices).toEqual([
    `${model.url} is over its limit (429). Trying again in 1 s.`,
    expect.stringContaining('no longer fits the model’s window'),
    expect.stringContaining('does not take the key (401)'),
    expect.stringContaining('broke off'),
  ]);
  expect(partsOf(bob, thread, 'end').map((part) => part.head.reason)).toEqual([
    'failed',
    'failed',
    'failed',
    'end_turn',
  ]);
  await model.close();
  await bob.does({ type: 'thread.prompt', thread, text: 'Still there?' });
  await ended(bob, thread, 5);
  expect(partsOf(bob, thread, 'notice').at(-1)?.text).toContain('Nothing answers at');
});
