import { expect, test } from 'vitest';
import { lasting, PRESETS, type Capability } from '../../../src/protocol/capability.ts';
import type { ViewerState } from '../../../src/session/viewer-state.ts';
import { sessionModel } from '../../../src/ui/model/session-model.ts';
import {
  whyNotAnswer,
  whyNotConfigure,
  whyNotPrompt,
  whyNotQueue,
  type Actor,
} from '../../../src/ui/model/thread-rights.ts';
import { timelineItems } from '../../../src/ui/model/timeline-items.ts';
import { fakeClock } from '../../fake-clock.ts';
import { ALICE, BLOCKS, blockOf, BOB } from '../../ui-fixtures/people.ts';
import { guestOf, pretendedViewer, stateOf } from '../../ui-fixtures/pretended-viewer.ts';
import {
  AGENTS,
  HEAD,
  OPTIONS,
  partsOf,
  permission,
  prompt,
  segmentOf,
  threadOf,
} from '../../ui-fixtures/threads.ts';

function opened(patch: Partial<ViewerState>) {
  const { document } = stateOf({});
  if (document === null) throw new Error('a fixture has its document');
  const state = stateOf({ document: { ...document, agents: AGENTS }, ...patch });
  const viewer = pretendedViewer(state, '');
  const session = sessionModel(viewer, fakeClock());
  return { viewer, session, conversations: session.conversations };
}

const A = threadOf('a');

test('blocks and segments stand in the order in which they began, each the same item as before', () => {
  const blocks = [1, 4, 6].map((number) => blockOf('x', [], { number }));
  const parts = partsOf(1, 1, prompt('hi'));
  const segments = [2, 5, 9].map((number) => segmentOf('a', number, { parts, index: number }));
  const items = timelineItems(blocks, segments);
  expect(items.map((item) => item.number)).toEqual([1, 2, 4, 5, 6, 9]);
  expect(timelineItems(blocks, segments).every((item, at) => item === items[at])).toBe(true);
});

test('a later segment that holds nothing yet is not shown', () => {
  expect(timelineItems([], [segmentOf('a', 2), segmentOf('a', 3, { index: 1 })])).toHaveLength(1);
});

test('looking at a thread speaks to it; back at the terminal the line is the shell’s again', () => {
  const { conversations } = opened({ segments: [segmentOf('a', 2)] });
  expect(conversations.target.value).toEqual({ to: 'shell' });
  conversations.look(A);
  expect(conversations.looked.value?.id).toBe(A);
  expect(conversations.spoken.value?.id).toBe(A);
  conversations.look(null);
  expect([conversations.looked.value, conversations.target.value.to]).toEqual([null, 'shell']);
});

test('a thread that is gone is neither looked at nor spoken to', () => {
  const { viewer, conversations } = opened({ segments: [segmentOf('a', 2)] });
  conversations.look(A);
  viewer.set({ segments: [] });
  expect([conversations.looked.value, conversations.target.value.to]).toEqual([null, 'shell']);
});

test('the switch goes to the thread spoken to last, to a new one where there is none', () => {
  const alone = opened({});
  alone.conversations.toggle();
  expect(alone.conversations.target.value).toEqual({ to: 'new', agent: 'opencode' });
  alone.conversations.toggle();
  expect(alone.conversations.target.value.to).toBe('shell');
  const { conversations } = opened({ segments: [segmentOf('a', 2), segmentOf('b', 3)] });
  conversations.aim({ to: 'thread', thread: A });
  conversations.toggle();
  conversations.toggle();
  expect(conversations.spoken.value?.id).toBe(A);
});

test('a prompt goes to its thread; one that is refused comes back into the line', async () => {
  const { viewer, session, conversations } = opened({ segments: [segmentOf('a', 2)] });
  conversations.look(A);
  session.input.set('why?');
  await conversations.send('why?');
  expect(viewer.done).toEqual([{ type: 'thread.prompt', thread: A, text: 'why?' }]);
  expect(session.input.text.value).toBe('');

  const refusing = {
    ...viewer,
    act: () => Promise.resolve({ ok: false as const, fault: 'thread.queueFull' }),
  };
  const other = sessionModel(refusing, fakeClock());
  other.conversations.look(A);
  await other.conversations.send('again');
  expect(other.input.text.value).toBe('again');
});

test('a new conversation is looked at when it comes, unless one has gone elsewhere', async () => {
  const { viewer, conversations } = opened({ segments: [segmentOf('b', 1)] });
  conversations.aim({ to: 'new', agent: 'opencode' });
  await conversations.send('begin');
  expect(viewer.done).toEqual([{ type: 'thread.start', agent: 'opencode', prompt: 'begin' }]);
  expect(conversations.looked.value).toBeNull();
  viewer.set({ segments: [segmentOf('b', 1), segmentOf('a', 2)] });
  expect(conversations.looked.value?.id).toBe(A);

  conversations.aim({ to: 'new', agent: 'opencode' });
  await conversations.send('another');
  conversations.look(null);
  viewer.set({ segments: [...viewer.state().segments, segmentOf('c', 3)] });
  expect(conversations.looked.value).toBeNull();
});

test('Up recalls one’s own prompts, in all threads', () => {
  const parts = partsOf(1, 1, prompt('mine', ALICE), prompt('Bob’s', BOB));
  const { session, conversations } = opened({ segments: [segmentOf('a', 2, { parts })] });
  conversations.look(A);
  expect(conversations.recall('older')).toBe(true);
  expect(session.input.text.value).toBe('mine');
  expect(conversations.recall('older')).toBe(false);
});

test('what waits is counted for those who may answer it', () => {
  const waiting = segmentOf('a', 2, {
    head: { ...HEAD, status: 'waiting' },
    parts: partsOf(1, 1, permission('rm -rf build')),
  });
  expect(opened({ segments: [waiting] }).conversations.mine.value).toBe(1);
  const bob = sessionModel(pretendedViewer(guestOf({ segments: [waiting] }), ''), fakeClock());
  expect(bob.conversations.open.value).toHaveLength(1);
  expect(bob.conversations.mine.value).toBe(0);
});

test('what streams in one thread leaves the blocks and other threads as they are', () => {
  const [a, b] = [segmentOf('a', 2), segmentOf('b', 3)];
  const { viewer, session, conversations } = opened({ segments: [a, b] });
  const [finished, thread] = [session.finished.value, conversations.threads.value[1]];
  viewer.set({ segments: [{ ...a, parts: partsOf(1, 1, prompt('x')) }, b] });
  expect(session.finished.value).toBe(finished);
  expect(conversations.threads.value[1]).toBe(thread);
  expect(session.items.value).toHaveLength(BLOCKS.length + 2);
});

const who = (owner: boolean, ...names: Capability[]): Actor => ({
  key: owner ? ALICE : BOB,
  owner,
  can: (name) => lasting(names, null)[name] !== undefined,
});

test('an agent that acts alone is prompted by those who may run and approve', () => {
  expect(whyNotPrompt(who(false, ...PRESETS.collaborator), false)).toBeNull();
  expect(whyNotPrompt(who(false, ...PRESETS.collaborator), true)).toContain('acts without asking');
  expect(whyNotPrompt(who(false, ...PRESETS.editor), true)).toBeNull();
  expect(whyNotPrompt(who(false, ...PRESETS.viewer), false)).toContain('may not prompt');
  expect(whyNotConfigure(who(false, 'approve'))).not.toBeNull();
  expect(whyNotConfigure(who(false, 'approve', 'run'))).toBeNull();
});

test('an answer for all time is the sharer’s alone; a queued prompt its author’s and the sharer’s', () => {
  const [once, always] = OPTIONS;
  if (once === undefined || always === undefined) throw new Error('a fixture has three answers');
  expect(whyNotAnswer(who(false, 'approve'), once)).toBeNull();
  expect(whyNotAnswer(who(false, 'approve'), always)).toContain('Only the sharer');
  expect(whyNotAnswer(who(true, ...PRESETS.cohost), always)).toBeNull();
  expect(whyNotAnswer(who(false, 'prompt'), once)).toContain('may not answer');
  expect(whyNotQueue(who(false, 'prompt'), BOB)).toBeNull();
  expect(whyNotQueue(who(false, 'prompt'), ALICE)).toContain('somebody else');
  expect(whyNotQueue(who(true, ...PRESETS.cohost), BOB)).toBeNull();
});
