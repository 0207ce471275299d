// Agent threads in a session: who asks, what everyone sees of it, what comes back after the process
// was killed. The agent says what the test has it say.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { emptyCells } from '../../../src/crdt/store-memory.ts';
import { nodeEntropy } from '../../../src/host/clock-node.ts';
import { newSessionSecrets } from '../../../src/host/session-secrets.ts';
import type { AgentEvent } from '../../../src/agent/agent-event.ts';
import { PRESETS } from '../../../src/protocol/capability.ts';
import { DocumentId, idOf, type ThreadId } from '../../../src/protocol/ids.ts';
import { utf8 } from '../../../src/protocol/bytes.ts';
import type { Part, Segment } from '../../../src/protocol/thread.ts';
import type { StagedAgent } from './staged-agents.ts';
import { openSessionRig, type Guest, type SessionRig } from './session-rig.ts';

let rig: SessionRig;
beforeEach(async () => {
  rig = await openSessionRig();
});
afterEach(() => rig.close());
afterEach(() => expect(rig.owner.tap.unreadable()).toEqual([]));

const segmentsOf = (guest: Guest, thread: ThreadId): readonly Segment[] =>
  guest.viewer.state().segments.filter((segment) => segment.thread === thread);
const partsOf = (guest: Guest, thread: ThreadId): readonly Part[] =>
  segmentsOf(guest, thread).flatMap((segment) => segment.parts);
const kinds = (guest: Guest, thread: ThreadId): readonly string[] =>
  partsOf(guest, thread).map((part) => part.head.kind);
const lastHead = (guest: Guest, thread: ThreadId) => segmentsOf(guest, thread).at(-1)?.head;

async function started(agent = 'shy', prompt?: string): Promise<ThreadId> {
  const outcome = await rig.session.order({
    type: 'thread.start',
    agent,
    ...(prompt === undefined ? {} : { prompt }),
  });
  if (!outcome.ok) throw new Error(outcome.fault);
  if (outcome.thread === undefined) throw new Error('no thread');
  return outcome.thread;
}

async function agent(number = 0): Promise<StagedAgent> {
  await rig.until('the agent', () => rig.agents.opened.length > number);
  const found = rig.agents.opened[number];
  if (found === undefined) throw new Error('no agent');
  return found;
}

const END: AgentEvent = { on: 'turnEnded', stop: 'end_turn', tokens: null };
const asks = {
  on: 'permission',
  request: 7,
  call: 'call-1',
  patch: { title: 'rm -rf build', tool: 'execute' },
  options: [
    { id: 'once', name: 'Allow once', kind: 'allow_once' },
    { id: 'no', name: 'Reject', kind: 'reject_once' },
  ],
} as const satisfies AgentEvent;

test('[TR9] Bob prompts, Carol allows: both see the same turn, and who did what', async () => {
  const bob = await rig.join('Bob', { from: 'all' }, ['view', 'prompt']);
  const carol = await rig.join('Carol', { from: 'all' }, ['view', 'approve']);
  expect(bob.viewer.state().document?.agents?.map((one) => one.card.id)).toEqual([
    'shy',
    'daring',
    'absent',
  ]);
  const begun = await bob.viewer.act({ type: 'thread.start', agent: 'shy', prompt: 'tidy up' });
  if (!begun.ok || begun.thread === undefined) throw new Error('not started');
  const { thread } = begun;
  const shy = await agent();
  await rig.until('the prompt', () => shy.prompts.length === 1);
  shy.tell({ on: 'thought', message: null, text: 'the build is old ' });
  shy.tell(asks);
  await rig.until('the question', () => kinds(carol, thread).includes('permission'));
  const question = partsOf(carol, thread).find((part) => part.head.kind === 'permission');
  if (question === undefined) throw new Error('no question');
  expect(rig.session.card().waiting).toBe(1);
  const refused = await bob.viewer.act({
    type: 'permission.answer',
    thread,
    part: question.id,
    option: 'once',
  });
  expect(refused).toEqual({ ok: false, fault: 'action.notAllowed' });
  const answer = { type: 'permission.answer', thread, part: question.id, option: 'once' } as const;
  const answers = await Promise.all([carol.viewer.act(answer), rig.owner.viewer.act(answer)]);
  expect(answers.filter((one) => one.ok)).toHaveLength(1);
  expect(shy.asked).toEqual(['answer 7 once']);
  shy.tell({ on: 'answer', message: null, text: 'Done.' });
  shy.tell(END);
  await rig.until('the end', () => lastHead(bob, thread)?.status === 'idle');
  await rig.until('the same for Carol', () => lastHead(carol, thread)?.status === 'idle');
  expect(segmentsOf(carol, thread)).toEqual(segmentsOf(bob, thread));
  expect(segmentsOf(rig.owner, thread)).toEqual(segmentsOf(bob, thread));
  const [prompt] = partsOf(bob, thread);
  expect(prompt).toMatchObject({
    text: 'tidy up',
    head: { kind: 'prompt', author: bob.viewer.state().me.key },
  });
});

test('[TR9] a prompt is on disk before its sender hears that it was taken', async () => {
  const cells = emptyCells();
  await rig.close();
  rig = await openSessionRig({ cells });
  const thread = await started('shy', 'first');
  await rig.session.order({ type: 'thread.prompt', thread, text: 'second' });
  const kept = JSON.stringify([...cells.documents.values()].map((frames) => frames.map(latin)));
  expect(kept).toContain('first');
  expect(kept).toContain('second');
});

test('[TR10] sixty-four conversations may be open; one has to be closed for one more', async () => {
  const first = await started();
  for (let n = 1; n < 64; n++) await started();
  const more = await rig.session.order({ type: 'thread.start', agent: 'shy' });
  expect(more).toEqual({ ok: false, fault: 'thread.tooMany' });
  expect(await rig.session.order({ type: 'thread.close', thread: first })).toMatchObject({
    ok: true,
  });
  await started();
});

test('[TR3] a command, a thread, a command: one count, and every number once', async () => {
  await rig.done('echo one');
  const thread = await started('shy', 'hello');
  await rig.until('the place', () => rig.owner.viewer.state().place?.block === 3);
  const block = await rig.done('echo two');
  expect(block.number).toBe(3);
  await rig.until('the segment', () => segmentsOf(rig.owner, thread).length === 1);
  expect(segmentsOf(rig.owner, thread).map((segment) => segment.number)).toEqual([2]);
  const shy = await agent();
  await rig.until('the prompt', () => shy.prompts.length === 1);
  shy.tell(END);
  await rig.session.order({ type: 'thread.prompt', thread, text: 'and now' });
  await rig.until('the next segment', () => segmentsOf(rig.owner, thread).length === 2);
  expect(segmentsOf(rig.owner, thread).map((segment) => segment.number)).toEqual([2, 4]);
});

describe('a thread that acts without asking', () => {
  test('[TR7] [TR8] is not prompted by one who may only prompt, nor by what such a one had queued', async () => {
    const bob = await rig.join('Bob', { from: 'all' }, ['view', 'prompt']);
    const ed = await rig.join('Ed', { from: 'all' }, PRESETS.editor);
    expect(await bob.viewer.act({ type: 'thread.start', agent: 'daring' })).toEqual({
      ok: false,
      fault: 'thread.actsAlone',
    });
    const thread = await started('shy', 'first');
    const shy = await agent();
    await rig.until('the prompt', () => shy.prompts.length === 1);
    const queued = await bob.viewer.act({ type: 'thread.prompt', thread, text: 'Bob’s' });
    expect(queued).toMatchObject({ ok: true });
    shy.tell({ on: 'options', options: [], actsAlone: true });
    shy.tell(END);
    await rig.until('the mode', () => lastHead(bob, thread)?.actsAlone === true);
    expect(await bob.viewer.act({ type: 'thread.prompt', thread, text: 'more' })).toEqual({
      ok: false,
      fault: 'thread.actsAlone',
    });
    expect(await ed.viewer.act({ type: 'thread.prompt', thread, text: 'Ed’s' })).toMatchObject({
      ok: true,
    });
    await rig.until('his prompt', () => shy.prompts.length === 2);
    expect(shy.prompts).toEqual(['first', 'Ed’s']);
  });
});

/** What was said before; each piece lies in another place of the documents. */
const PLANTED = [
  'plantprompt',
  'plantanswer',
  'plantthought',
  'plantplan',
  'plantqueue',
  'plantoutput',
  'plantcard',
  'planttitle',
  'plantask',
  'plantmenu',
];

/** A turn that runs, with something of everything before it and in it. */
async function plant(): Promise<{ readonly thread: ThreadId; readonly shy: StagedAgent }> {
  const before = rig.agents.opened.length;
  const thread = await started('shy', 'plantprompt one');
  const shy = await agent(before);
  await rig.until('the prompt', () => shy.prompts.length === 1);
  shy.tell({ on: 'title', title: 'planttitle' });
  shy.tell({ on: 'commands', commands: [{ name: 'plantmenu', description: '', hint: '' }] });
  shy.tell({ on: 'thought', message: null, text: 'plantthought ' });
  shy.tell({ on: 'answer', message: null, text: 'plantanswer one ' });
  shy.tell(END);
  await rig.until('the end', () => lastHead(rig.owner, thread)?.status === 'idle');
  await rig.session.order({ type: 'thread.prompt', thread, text: 'plantprompt two' });
  await rig.until('the prompt', () => shy.prompts.length === 2);
  await rig.session.order({ type: 'thread.prompt', thread, text: 'plantqueue' });
  shy.tell({
    on: 'plan',
    plan: null,
    entries: [{ content: 'plantplan', status: 'pending', priority: 'low' }],
  });
  shy.tell({ on: 'tool', call: 'call-1', patch: { title: 'plantcard', tool: 'execute' } });
  shy.tell({ on: 'output', call: 'call-1', text: 'plantoutput\n', whole: false });
  shy.tell({ ...asks, call: 'call-3', patch: { title: 'plantask' } });
  shy.tell({ on: 'answer', message: null, text: 'plantanswer two ' });
  await rig.until('all of it', () =>
    partsOf(rig.owner, thread).some((part) => part.text.includes('plantanswer two')),
  );
  return { thread, shy };
}

/** After it: the turn goes on, the queue moves, another turn begins and ends. */
async function goOn(thread: ThreadId, shy: StagedAgent): Promise<void> {
  shy.tell({ on: 'answer', message: null, text: 'said later ' });
  shy.tell({ on: 'output', call: 'call-1', text: 'plantoutput goes on\n', whole: false });
  shy.tell({ on: 'tool', call: 'call-1', patch: { status: 'completed' } });
  shy.tell({ on: 'tool', call: 'call-2', patch: { title: 'a later card', tool: 'read' } });
  await rig.session.order({ type: 'thread.prompt', thread, text: 'queued later' });
  const entry = segmentsOf(rig.owner, thread)
    .flatMap((segment) => segment.queue)
    .find((one) => one.text.includes('plantqueue'));
  if (entry !== undefined) await rig.session.order({ type: 'queue.remove', thread, id: entry.id });
  shy.tell(END);
  await rig.until('the later prompt', () => shy.prompts.at(-1) === 'queued later');
  shy.tell({ on: 'answer', message: null, text: 'an answer to it ' });
  shy.tell(END);
  await rig.until('the end', () => lastHead(rig.owner, thread)?.status === 'idle');
}

async function expectWithheld(guest: Guest, first: number): Promise<void> {
  const withheld = [...rig.owner.tap.named().values()].filter(
    (entry) => entry.kind === 'segment' && entry.number < first,
  );
  expect(withheld).not.toEqual([]);
  const unknown = idOf(DocumentId, utf8('no document here'));
  guest.say({ type: 'want', ids: [...withheld.map((entry) => entry.id), unknown] });
  for (const { id } of withheld) guest.say({ type: 'snapshot', id });
  await rig.until('the answer', () => guest.tap.gone().has(unknown));
  const again = idOf(DocumentId, utf8('nor another here'));
  guest.say({ type: 'want', ids: [again] });
  await rig.until('the answer', () => guest.tap.gone().has(again));
  for (const { id } of withheld) expect(guest.tap.framesOf(id)).toBe(0);
}

describe('the starting point', () => {
  test('[TR6] from all, everything planted is found: the tap sees where it has to look', async () => {
    const { thread, shy } = await plant();
    const bob = await rig.join('Bob', { from: 'all' });
    await rig.until('the thread', () => kinds(bob, thread).includes('permission'));
    await goOn(thread, shy);
    const found = bob.tap.findings(PLANTED).join('\n');
    for (const one of PLANTED) expect(found).toContain(`${one} in document`);
  });

  test('[TR6] let in while a turn runs: what is said from then on, and of before not a byte', async () => {
    const { thread, shy } = await plant();
    const before = Math.max(...segmentsOf(rig.owner, thread).map((segment) => segment.number));
    const bob = await rig.join('Bob', { from: 'none' });
    await goOn(thread, shy);
    await rig.until('the later answer', () =>
      partsOf(bob, thread).some((part) => part.text.includes('an answer to it')),
    );
    expect(partsOf(bob, thread).some((part) => part.text.includes('said later'))).toBe(true);
    await bob.lose();
    await expectWithheld(bob, before + 1);
    expect(bob.tap.findings(PLANTED)).toEqual([]);
    expect(bob.tap.unreadable()).toEqual([]);
  });

  test('[TR6] let in while nothing runs: the next turn is there, nothing of the last', async () => {
    const { thread, shy } = await plant();
    shy.tell(END);
    await rig.until('the queued one', () => shy.prompts.at(-1) === 'plantqueue');
    shy.tell(END);
    await rig.until('the end', () => lastHead(rig.owner, thread)?.status === 'idle');
    const bob = await rig.join('Bob', { from: 'none' });
    expect(segmentsOf(bob, thread)).toEqual([]);
    await rig.session.order({ type: 'thread.prompt', thread, text: 'a new one' });
    await rig.until('it', () => partsOf(bob, thread)[0]?.text === 'a new one');
    shy.tell({ on: 'title', title: 'a new title' });
    shy.tell(END);
    await rig.until('its end', () => lastHead(bob, thread)?.title === 'a new title');
    await bob.lose();
    expect(bob.tap.findings(PLANTED)).toEqual([]);
  });

  test('[TR6] from a block of the past: threads from its number on, and nothing told before it', async () => {
    const { thread, shy } = await plant();
    const block = await rig.done('echo here');
    await rig.session.order({ type: 'thread.prompt', thread, text: 'queued later' });
    const entry = segmentsOf(rig.owner, thread).flatMap((segment) => segment.queue)[0];
    await rig.session.order({ type: 'queue.remove', thread, id: entry?.id ?? 0 });
    shy.tell(END);
    await rig.until('the next turn', () => shy.prompts.at(-1) === 'queued later');
    shy.tell({ on: 'answer', message: null, text: 'an answer to it ' });
    await rig.until('its answer', () =>
      partsOf(rig.owner, thread).some((part) => part.text.includes('an answer to it')),
    );
    const bob = await rig.join('Bob', { from: 'block', block: block.number });
    await rig.until('the later answer', () =>
      partsOf(bob, thread).some((part) => part.text.includes('an answer to it')),
    );
    shy.tell(END);
    await rig.until('the end', () => lastHead(bob, thread)?.status === 'idle');
    await bob.lose();
    await expectWithheld(bob, block.number);
    expect(bob.tap.findings(PLANTED)).toEqual([]);
  });

  test('[TR4] a thread begins at the prompt: who comes after it from none sees prompt and block', async () => {
    await rig.done('echo plantprompt');
    const early = await rig.join('Early', { from: 'none' });
    const thread = await started('shy', 'plantprompt, no');
    const late = await rig.join('Late', { from: 'none' });
    // The turn that runs goes on in a segment of its own, for Late to see.
    await rig.until('his thread', () => segmentsOf(early, thread).length === 2);
    await rig.until('the place', () => rig.owner.viewer.state().place?.block === 4);
    await rig.done('echo new-$((1+1))');
    for (const guest of [early, late]) await guest.shows('new-2');
    expect(partsOf(late, thread)).toEqual([]);
    expect(late.tap.findings(['plantprompt'])).toEqual([]);
    expect(early.tap.findings(['echo plantprompt'])).toEqual([]);
  });
});

describe('after the process was killed', () => {
  test('[TR11] threads and queue are there, the turn was interrupted, the agent is resumed when asked', async () => {
    const cells = emptyCells();
    const secrets = newSessionSecrets(nodeEntropy);
    const cwd = mkdtempSync(join(tmpdir(), 'meshell-thread-'));
    onTestFinished(() => rmSync(cwd, { recursive: true }));
    await rig.close();
    rig = await openSessionRig({ cells, secrets, cwd });
    const { thread } = await plant();
    const numbers = segmentsOf(rig.owner, thread).map((segment) => segment.number);
    // What is in the cells at this moment is what a killed process leaves.
    const left = {
      identity: cells.identity,
      state: [...cells.state],
      documents: new Map(cells.documents),
    };
    await rig.close();
    rig = await openSessionRig({ cells: left, secrets, cwd });
    await rig.until('the thread', () => kinds(rig.owner, thread).includes('permission'));
    await rig.until('its end', () => lastHead(rig.owner, thread)?.status === 'stopped');
    const parts = partsOf(rig.owner, thread);
    expect(parts.filter((part) => part.head.kind === 'end').at(-1)?.head).toMatchObject({
      reason: 'interrupted',
    });
    expect(parts.map((part) => part.text).join('')).toContain('plantanswer two');
    for (const { head } of parts) {
      if (head.kind === 'permission') expect(head.answer.state).toBe('withdrawn');
      if (head.kind === 'tool') expect(head.status).toBe('stopped');
    }
    const queued = segmentsOf(rig.owner, thread).flatMap((segment) => segment.queue);
    expect(queued.map((one) => one.text)).toEqual(['plantqueue']);
    expect(rig.agents.opened).toEqual([]);
    await rig.session.order({ type: 'thread.prompt', thread, text: 'go on' });
    const again = await agent();
    expect(again.launch.resume).toBe('session-1');
    await rig.until('a prompt', () => again.prompts.length === 1);
    const place = 2 + Math.max(...numbers);
    await rig.until('the place', () => rig.owner.viewer.state().place?.block === place);
    expect((await rig.done('echo after')).number).toBe(place);
  });
});

function latin(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

test('[TR17] where Alice’s page looks is told to all who are in, and shows nobody more than before', async () => {
  const thread = await started();
  await rig.until('the segment', () => segmentsOf(rig.owner, thread).length > 0);
  const bob = await rig.join('Bob', { from: 'all' });
  const late = await rig.join('Late', { from: 'none' });
  const looksAt = (guest: Guest) => guest.viewer.state().document?.looksAt;
  expect(looksAt(bob)).toBeUndefined();
  for (const at of [thread, null, thread]) {
    await rig.owner.viewer.act({ type: 'view.look', thread: at });
    for (const guest of [bob, late]) await rig.until('the look', () => looksAt(guest) === at);
  }
  expect(segmentsOf(bob, thread)).not.toEqual([]);
  expect(segmentsOf(late, thread)).toEqual([]);
  rig.owner.viewer.leave();
  await rig.until('no look', () => looksAt(bob) === undefined);
});
