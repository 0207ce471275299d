// Alice prints her keys. What is kept, and sent as documents, has none of them; what Bob saw live
// he saw.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AgentEvent } from '../../../src/agent/agent-event.ts';
import { namedSamples, shapedSamples } from '../../unit/agent/secret-samples.ts';
import { removeFolder } from '../../remove-folder.ts';
import { openSessionRig, type Guest, type SessionRig } from './session-rig.ts';

const KNOWN = 'a-value-that-looks-like-nothing';
/** Where frames are, with what was in them. */
const IN_FRAMES = / in (?:document|change|raw replica|raw history|session|unreadable)/;

let rig: SessionRig;
let folder: string;
beforeEach(async () => {
  rig = await openSessionRig({ env: { DEPLOY_TOKEN: KNOWN } });
  folder = mkdtempSync(join(tmpdir(), 'meshell-keys-'));
});
afterEach(async () => {
  await rig.close();
  await removeFolder(folder);
});

const samples = [
  ...shapedSamples(21).map((one) => ({ ...one, text: `a key ${one.secret} here` })),
  ...namedSamples(21),
];

/** Eight characters of each secret here and there: where one is, more is. */
function planted(): string[] {
  return samples.flatMap(({ secret }) => {
    const text = secret.replace(/\s|\\n/g, '\n');
    const long = text.split('\n').reduce((a, b) => (b.length > a.length ? b : a));
    const middle = Math.floor(long.length / 2);
    return [long.slice(-9), long.slice(middle, middle + 9)];
  });
}

function inFrames(guest: Guest): string[] {
  return guest.tap.findings([...planted(), KNOWN]).filter((found) => IN_FRAMES.test(found));
}

test('[MK9] a secret of each known shape that a command prints is in no frame, however rows wrap', async () => {
  const file = join(folder, 'keys.txt');
  const texts = samples.map((one) => one.text);
  writeFileSync(file, `${texts.join('\n')}\n`);
  const bob = await rig.join('Bob', { from: 'all' });
  const all = await rig.done(`cat ${file}; echo "$DEPLOY_TOKEN"`);
  rig.session.resize(33, 12);
  await rig.done(`cat ${file}; printf '\\e[31m%s\\e[m' "$DEPLOY_TOKEN"`);
  await bob.block(2);
  expect(inFrames(bob)).toEqual([]);
  expect(inFrames(rig.owner)).toEqual([]);
  // It is there to be found: live, where it is not masked.
  expect(bob.tap.findings([KNOWN]).join()).toContain('bytes');
  const rows = [...all.head, ...all.tail];
  expect(rows.filter((row) => row.text.includes('‹masked ')).length).toBeGreaterThan(
    samples.length / 2,
  );
});

test('[MK9] nor in one of a command’s own line, nor of one that waits', async () => {
  const secret = shapedSamples(22)[0]?.secret ?? '';
  const bob = await rig.join('Bob', { from: 'all' });
  const block = await rig.done(`export SOME=${secret}`);
  expect(block.command).toBe('export SOME=‹masked GitHub token›');
  await rig.run('read -rsn1');
  await rig.run(`: ${secret}`);
  await rig.until('the queue', () => (bob.viewer.state().document?.queue.length ?? 0) === 1);
  expect(bob.viewer.state().document?.queue[0]?.text).toBe(': ‹masked GitHub token›');
  rig.type('x');
  expect((await bob.block(3)).command).toBe(': ‹masked GitHub token›');
  expect(bob.tap.findings([secret]).filter((found) => IN_FRAMES.test(found))).toEqual([]);
});

test('[MK10] nor in the two ends of output of which the middle is left out', async () => {
  const secret = shapedSamples(23)[0]?.secret ?? '';
  writeFileSync(join(folder, 'flood.txt'), `x ${secret}\n`.repeat(30_000));
  const block = await rig.done(`cat ${join(folder, 'flood.txt')}`);
  expect(block.omitted).toBeGreaterThan(0);
  const rows = [...block.head, ...block.tail];
  expect(rows.filter((row) => row.text.includes(secret.slice(-8)))).toEqual([]);
  expect(block.tail.length).toBeGreaterThan(1000);
});

/** Everything in which an agent can say something, with `text` in all of it. */
function everyEvent(text: string, call: string): readonly AgentEvent[] {
  const pieces = text.match(/[\s\S]{1,7}/g) ?? [];
  const said = (on: 'answer' | 'thought'): AgentEvent[] =>
    pieces.map((piece) => ({ on, message: `${on} ${call}`, text: piece }));
  return [
    ...said('thought'),
    ...said('answer'),
    {
      on: 'tool',
      call,
      patch: {
        title: text,
        tool: 'execute',
        input: JSON.stringify({ command: text }),
        locations: [{ path: text, line: 1 }],
        contents: [
          { type: 'text', text },
          {
            type: 'diff',
            path: 'x',
            oldText: text,
            newText: text,
            added: 1,
            removed: 1,
            cut: false,
          },
          { type: 'link', name: text, uri: text },
          { type: 'output' },
        ],
      },
    },
    ...pieces.map((piece): AgentEvent => ({ on: 'output', call, text: piece, whole: false })),
    { on: 'outputEnd', call, exit: 0 },
    {
      on: 'tool',
      call: `${call} whole`,
      patch: { title: 'whole', contents: [{ type: 'output' }] },
    },
    { on: 'output', call: `${call} whole`, text, whole: true },
    {
      on: 'plan',
      plan: null,
      entries: [{ content: text, status: 'pending', priority: 'low' }],
    },
    {
      on: 'permission',
      request: Number(call),
      call,
      patch: { title: text },
      options: [{ id: 'once', name: text, kind: 'allow_once' }],
    },
    { on: 'permissionGone', request: Number(call) },
    { on: 'title', title: text },
    { on: 'commands', commands: [{ name: 'x', description: text, hint: text }] },
    { on: 'notice', level: 'info', text },
    { on: 'compaction', state: 'done', summary: text },
    { on: 'unknown', name: text },
  ];
}

test('[MK11] a secret of each known shape that an agent says, in whatever it says, is in no frame', async () => {
  const bob = await rig.join('Bob', { from: 'all' });
  const begun = await rig.session.order({
    type: 'thread.start',
    agent: 'shy',
    prompt: `use ${KNOWN}`,
  });
  if (!begun.ok || begun.thread === undefined) throw new Error('not started');
  const { thread } = begun;
  await rig.until('the prompt', () => rig.agents.opened[0]?.prompts.length === 1);
  const [shy] = rig.agents.opened;
  if (shy === undefined) throw new Error('no agent');
  // The agent itself is asked what was typed.
  expect(shy.prompts).toEqual([`use ${KNOWN}`]);
  const texts = [...samples.map((one) => one.text), KNOWN];
  texts.forEach((text, i) => {
    for (const event of everyEvent(text, `${i + 1}`)) shy.tell(event);
  });
  await rig.session.order({ type: 'thread.prompt', thread, text: `then ${KNOWN}` });
  shy.tell({ on: 'turnFailed', message: `it broke on ${KNOWN}`, signIn: false });
  shy.tell({ on: 'exited', code: 1, signal: null, lastLines: `last ${KNOWN}` });
  const heads = () => bob.viewer.state().segments.filter((one) => one.thread === thread);
  await rig.until('the end', () => heads().at(-1)?.head.status === 'stopped');
  await rig.until('what waits', () => heads().some((one) => one.queue.length > 0));
  expect(inFrames(bob)).toEqual([]);
  expect(inFrames(rig.owner)).toEqual([]);
  const all = JSON.stringify(heads());
  expect(all.split('‹masked ').length).toBeGreaterThan(texts.length * 10);
});
