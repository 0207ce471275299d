import { expect, test } from 'vitest';
import { restoredThread } from '../../../src/agent/restored-thread.ts';
import { SEGMENT_CHARS_MAX, segmentsOf } from '../../../src/agent/segments.ts';
import { SEGMENT_PARTS_MAX, type Segment } from '../../../src/protocol/thread.ts';
import { threadsOf } from '../../../src/session/threads.ts';
import {
  Alice,
  answer,
  Bob,
  ENDED,
  kinds,
  last,
  leave,
  notices,
  openTalk,
  runningTalk,
  Sam,
  SECRET,
  texts,
  thought,
  tool,
  type Talk,
} from './talk.ts';

const said = (segment: Segment | undefined): readonly string[] => texts(segment?.parts ?? []);
const numbers = (talk: Talk): readonly number[] => talk.segments().map(({ number }) => number);
const option = { id: 'mode', name: 'Mode', category: 'mode', value: 'ask', choices: [] };

/** The sharer's process is killed and started again: what was stored is all there is. */
function again(talk: Talk): Talk {
  const live = restoredThread({
    segments: talk.segments(),
    kept: talk.kept(),
    sharer: Sam,
    at: 1_000_000,
  });
  if (live === null) throw new Error('nothing stored');
  return openTalk({ from: live });
}

test('[TH31] turns share a segment until another number is given', () => {
  const talk = runningTalk();
  talk.tell(answer('Hi'), ENDED);
  talk.prompt(Alice, 'More');
  talk.tell(ENDED);
  expect(numbers(talk)).toEqual([1]);
  talk.otherNumber();
  expect(numbers(talk)).toEqual([1]);
  talk.prompt(Bob, 'And now?');
  expect(numbers(talk)).toEqual([1, 3]);
  const [first, second] = talk.segments();
  expect(first).toMatchObject({ isOver: true, firstPart: 1, index: 0 });
  expect(second).toMatchObject({ isOver: false, firstPart: 6, index: 1, openedAt: 0 });
  expect(said(second)).toEqual(['And now?']);
});

test('[TH31] a turn that begins where another ended begins its segment with its own prompt', () => {
  const talk = runningTalk();
  talk.prompt(Bob, 'next');
  talk.otherNumber();
  talk.tell(answer('Hi'), ENDED);
  expect(talk.segments().map((segment) => kinds(segment.parts))).toEqual([
    ['prompt', 'answer', 'end'],
    ['prompt'],
  ]);
});

test('[TH31] two hundred parts are enough, also in the middle of a turn; old cards go on in their own', () => {
  const talk = runningTalk();
  talk.tell(tool('early', { status: 'in_progress' }));
  for (let n = 2; n < SEGMENT_PARTS_MAX * 2 + 10; n++) {
    talk.tell(tool(`${n}`, { status: 'completed' }));
  }
  expect(talk.segments().map(({ parts }) => parts.length)).toEqual([200, 200, 10]);
  expect(talk.segments().map(({ isOver }) => isOver)).toEqual([false, false, false]);
  talk.tell(tool('early', { status: 'completed' }));
  expect(talk.segments()[0]?.parts[1]?.head).toMatchObject({ status: 'completed' });
  talk.tell(ENDED);
  expect(talk.segments().map(({ isOver }) => isOver)).toEqual([true, true, false]);
});

test('[TH31] two million units of text are enough: the next part begins a segment, what grows goes on', () => {
  const talk = runningTalk();
  const page = 'x'.repeat(500_000);
  for (let n = 0; n < 4; n++) talk.tell(answer(page), tool(`${n}`, { status: 'in_progress' }));
  expect(talk.segments()).toHaveLength(1);
  talk.tell(answer('y'.repeat(150_000)));
  talk.tell(answer('still in its part'), tool('next', { status: 'completed' }));
  const [first, second] = talk.segments();
  expect(first?.parts.at(-1)?.text.slice(-4)).toBe('part');
  expect(kinds(second?.parts ?? [])).toEqual(['tool']);
  const chars = (first?.parts ?? []).reduce((sum, part) => sum + part.text.length, 0);
  expect(chars).toBeLessThan(SEGMENT_CHARS_MAX + page.length);
});

test('[TH31] what did not change is the same object, down to the part', () => {
  const talk = runningTalk();
  talk.tell(tool('c'), answer('Hi'));
  const before = talk.segments();
  talk.tell({ on: 'counted', tokens: COUNTED, estimated: false });
  expect(talk.segments()[0]).toBe(before[0]);
  talk.tell(answer(' there'));
  const after = talk.segments();
  expect(after[0]?.parts[1]).toBe(before[0]?.parts[1]);
  expect(after[0]?.parts[2]).not.toBe(before[0]?.parts[2]);
  expect(after[0]?.menu).toBe(before[0]?.menu);
  expect(after[0]?.head).toBe(before[0]?.head);
});

const COUNTED = {
  input: 1,
  output: 1,
  thought: null,
  cachedRead: null,
  cachedWrite: null,
  total: null,
};

test('[TH32] [TH33] who is let in during a turn gets what comes from then on, and nothing of before', () => {
  const talk = openTalk();
  talk.start(Alice, 'secret plan');
  talk.ready({ options: [option] });
  talk.prompt(Bob, 'queued before');
  talk.tell(
    { on: 'title', title: 'A secret title' },
    { on: 'context', used: 5, size: 10, cost: null },
    tool('c', { status: 'in_progress', title: 'old card' }),
    answer('before, '),
  );
  talk.admit();
  const [old, fresh] = talk.segments();
  expect(numbers(talk)).toEqual([1, 2]);
  expect(fresh).toMatchObject({ parts: [], queue: [], menu: { options: [], commands: [] } });
  expect(fresh?.head).toMatchObject({ title: '', status: 'running', turnBy: Alice, context: null });
  expect(old?.queue.map(({ text }) => text)).toEqual(['queued before']);

  talk.tell(answer('after'), tool('c', { status: 'completed' }));
  talk.prompt(Bob, 'queued after');
  talk.tell({ on: 'title', title: 'New title' }, { on: 'context', used: 6, size: 10, cost: null });
  const [older, newer] = talk.segments();
  expect(said(newer)).toEqual(['after']);
  expect(said(older)).toContain('before, ');
  expect(older?.parts.find(({ head }) => head.kind === 'tool')?.head).toMatchObject({
    status: 'completed',
  });
  expect(older?.queue.map(({ text }) => text)).toEqual(['queued before']);
  expect(newer?.queue.map(({ text }) => text)).toEqual(['queued after']);
  expect(newer?.head).toMatchObject({ title: 'New title', context: { used: 6 } });
  expect(older?.head).toMatchObject({ title: 'A secret title', context: { used: 5 } });
  expect(JSON.stringify(newer)).not.toMatch(/secret|before|old card/);

  talk.tell(ENDED);
  expect(talk.segments()[0]).toMatchObject({ isOver: true, queue: [] });
  expect(said(talk.segments().at(-1))).toContain('queued before');
});

test('[TR6] of a word that was begun before Bob is let in, he gets no part; nothing is lost', () => {
  const begun = SECRET.slice(0, 7);
  for (const [before, kept] of [
    [[answer(`It is ${begun}`)], 'It is '],
    [[answer('It is '), answer(begun)], 'It is '],
    [[thought('So'), answer(begun)], ''],
  ] as const) {
    const talk = runningTalk();
    talk.tell(...before);
    talk.admit();
    talk.tell(answer('one, ok'), answer(', so'), tool('c'), answer('next'), ENDED);
    const [old, fresh] = talk.segments();
    const speech = (of: Segment | undefined): readonly string[] =>
      (of?.parts ?? []).filter(({ head }) => head.kind === 'answer').map(({ text }) => text);
    expect(speech(old)).toEqual([`${kept}${begun}one, ok`]);
    expect(speech(fresh)).toEqual([', so', 'next']);
  }
});

test('[TR6] [MK2] a secret whose beginning was said before Bob is let in is masked whole', () => {
  const talk = runningTalk();
  talk.tell(answer(`It is ${SECRET.slice(0, 9)}`));
  talk.admit();
  talk.admit();
  talk.tell(answer(SECRET.slice(9, 12)), answer(`${SECRET.slice(12)}. `), answer('Done'), ENDED);
  const [old, between, fresh] = talk.segments();
  expect(said(old)).toEqual(['Hello', 'It is ‹masked secret›. ']);
  expect(said(between)).toEqual([]);
  expect(said(fresh)).toEqual(['Done', '']);
});

test('[TH32] a thread that rests begins its new segment with whatever comes first', () => {
  const first = {
    turn: (talk: Talk) => void talk.prompt(Bob, 'Go on'),
    notice: (talk: Talk) => talk.tell({ on: 'notice', level: 'info', text: 'Hello' }),
    title: (talk: Talk) => void talk.ask(Alice, { type: 'thread.rename', title: 'Other' }),
    exit: (talk: Talk) => talk.tell({ on: 'exited', code: 0, signal: null, lastLines: '' }),
  };
  for (const [what, happens] of Object.entries(first)) {
    const talk = runningTalk();
    talk.tell(ENDED);
    talk.admit();
    expect(numbers(talk), what).toEqual([1]);
    happens(talk);
    expect(numbers(talk), what).toEqual([1, 2]);
    expect(talk.segments()[1]?.firstPart, what).toBe(3);
    expect(talk.segments()[0]?.isOver, what).toBe(true);
  }
});

test('[TH32] a prompt that is queued behind a stop begins one too', () => {
  const talk = runningTalk();
  talk.tell({ on: 'exited', code: 0, signal: null, lastLines: '' });
  talk.admit();
  talk.prompt(Bob, 'Hello?');
  expect(talk.segments().map(({ queue }) => queue.length)).toEqual([0, 1]);
});

test('[TH31] a part stays in one segment where a prompt waits before one that is over', () => {
  const talk = openTalk();
  talk.prompt(Alice, 'First');
  talk.prompt(Bob, 'Second');
  talk.admit();
  talk.ready();
  talk.tell(answer('Hi'));
  talk.admit();
  talk.tell({ on: 'turnFailed', message: 'no', signIn: false });
  talk.prompt(Alice, 'Third');
  const ids = talk.segments().flatMap(({ parts }) => parts.map(({ id }) => id));
  expect(ids).toEqual(talk.parts().map(({ id }) => id));
});

test('[TH36] killed in a turn: it was interrupted, nothing is open, the queue is kept and held', () => {
  const talk = runningTalk();
  talk.prompt(Bob, 'next');
  talk.tell(thought('Hm'), tool('c', { status: 'in_progress' }), leave(1, 'c'), thought('So'));
  const back = again(talk);
  back.admit();
  expect(kinds(back.parts()).slice(-2)).toEqual(['notice', 'end']);
  expect(notices(back)).toEqual(['turn.interrupted']);
  expect(last(back, 'end').head).toMatchObject({ reason: 'interrupted', by: null, startedAt: 0 });
  expect(last(back, 'tool').head.status).toBe('stopped');
  expect(last(back, 'permission').head.answer).toEqual({ state: 'withdrawn' });
  expect(last(back, 'thought').head.endedAt).not.toBeNull();
  expect(back.head().status).toBe('stopped');
  expect(back.queue()).toEqual(['next']);
  expect(back.sent()).toEqual([]);
  const late = {
    type: 'permission.answer',
    part: last(back, 'permission').id,
    option: 'once',
  } as const;
  expect(back.ask(Alice, late)).toEqual({ ok: false, fault: 'action.gone' });
  expect(back.ask(Alice, { type: 'thread.retry' })).toEqual({ ok: true });
  expect(back.did('open')).toEqual([{ do: 'open', agent: 1, resume: 'session-1' }]);
  back.ready({ resumed: true });
  back.tell(ENDED);
  expect(back.sent()).toEqual(['Hello', 'next']);
  expect(back.segments().length).toBeGreaterThan(1);
  expect(back.prompt(Bob, 'more')).toMatchObject({ queued: 4 });
});

test('[TH33] [TH36] Bob moves his prompt before one of an older segment: so it reads, so it is sent', () => {
  const talk = runningTalk();
  talk.prompt(Alice, 'a');
  talk.prompt(Bob, 'b');
  talk.admit();
  talk.prompt(Bob, 'c');
  const [, , c] = talk.live().conversation.queue;
  talk.ask(Bob, { type: 'queue.move', id: c?.entry.id ?? 0, to: 0 });
  const read = (of: Talk): readonly string[] =>
    threadsOf(of.segments()).flatMap(({ queue }) => queue.map(({ text }) => text));
  expect(talk.segments().map(({ queue }) => queue.map(({ text }) => text))).toEqual([
    ['a', 'b'],
    ['c'],
  ]);
  expect(read(talk)).toEqual(['c', 'a', 'b']);
  const back = again(talk);
  back.admit();
  expect(read(back)).toEqual(['c', 'a', 'b']);
  back.prompt(Bob, 'go');
  back.ready();
  for (let n = 0; n < 4; n++) back.tell(ENDED);
  expect(back.sent()).toEqual(['c', 'a', 'b', 'go']);
});

test('[TH36] [MK11] after a restart the agent gets what Bob typed, masked only for those who read', () => {
  const talk = runningTalk();
  talk.tell({ on: 'turnFailed', message: 'no', signIn: false });
  talk.prompt(Bob, `log in with ${SECRET}`);
  talk.prompt(Alice, `and with ${SECRET} again`);
  const back = again(talk);
  expect(JSON.stringify(segmentsOf(back.live(), []))).not.toContain(SECRET);
  back.ask(Alice, { type: 'thread.retry' });
  back.ready({ resumed: true });
  back.tell(ENDED);
  expect(back.sent()).toEqual([`log in with ${SECRET}`, `and with ${SECRET} again`]);
});

test('[TH36] what was queued and not kept is never sent as it is shown: it waits to be edited', () => {
  const talk = runningTalk();
  talk.prompt(Bob, `use ${SECRET}`);
  const live = restoredThread({ segments: talk.segments(), kept: null, sharer: Sam, at: 5 });
  if (live === null) throw new Error('nothing');
  const back = openTalk({ from: live });
  const id = back.live().conversation.queue[0]?.entry.id ?? 0;
  expect(back.ask(Alice, { type: 'thread.retry' })).toEqual({ ok: false, fault: 'action.gone' });
  const sendNow = { type: 'queue.sendNow', id } as const;
  expect(back.ask(Bob, sendNow)).toEqual({ ok: false, fault: 'thread.promptLost' });
  back.prompt(Alice, 'Still there?');
  back.ready();
  back.tell(ENDED);
  expect(back.sent()).toEqual(['Still there?']);
  expect(notices(back)).toContain('queue.lost');
  back.ask(Bob, { type: 'queue.edit', id, text: 'use it' });
  expect(back.sent()).toEqual(['Still there?', 'use it']);
});

test('[TH36] slash commands of before are there until the agent names others', () => {
  const talk = openTalk();
  talk.start(Alice, 'Hello');
  talk.ready({ options: [option] });
  talk.tell({ on: 'commands', commands: [{ name: 'init', description: '', hint: '' }] }, ENDED);
  const back = again(talk);
  back.prompt(Alice, 'More');
  back.ready({ resumed: true, options: [option] });
  const menu = (): unknown => threadsOf(back.segments())[0]?.menu;
  expect(menu()).toMatchObject({ options: [{ id: 'mode' }], commands: [{ name: 'init' }] });
  back.tell({ on: 'commands', commands: [] });
  expect(menu()).toMatchObject({ commands: [] });
});

test('[TH36] a thread at rest comes back as it was, in the same segments', () => {
  const talk = runningTalk();
  talk.tell({ on: 'title', title: 'A' }, answer('Hi'), ENDED);
  talk.otherNumber();
  talk.prompt(Bob, 'More');
  talk.tell({ on: 'exited', code: 0, signal: null, lastLines: '' });
  const before = talk.segments();
  const back = again(talk);
  back.admit();
  expect(back.segments()).toEqual(before);
  expect(back.segments()[0]).toBe(before[0]);
  expect(back.head().title).toBe('A');
});

test('[TH36] a segment that could not be read leaves a note, and the rest goes on', () => {
  const talk = runningTalk();
  for (let n = 0; n < 3; n++) {
    talk.tell(answer(`${n}`), ENDED);
    talk.otherNumber();
    talk.prompt(Bob, `${n}`);
  }
  const stored = talk.segments().filter(({ index }) => index !== 1);
  const live = restoredThread({ segments: stored, kept: null, sharer: Sam, at: 5 });
  if (live === null) throw new Error('nothing');
  const back = openTalk({ from: live });
  expect(notices(back)).toEqual(['part.lost', 'part.lost', 'part.lost', 'turn.interrupted']);
  back.prompt(Alice, 'Still there?');
  expect(back.segments().map(({ index }) => index)).toEqual([0, 2, 3, 4]);
  expect(restoredThread({ segments: [], kept: null, sharer: Sam, at: 5 })).toBeNull();
});

test('[TH36] a closed thread stays closed', () => {
  const talk = runningTalk();
  talk.ask(Alice, { type: 'thread.close' });
  const back = again(talk);
  back.admit();
  expect(back.segments()).toEqual(talk.segments());
  expect(back.prompt(Bob, 'Hello?')).toEqual({ ok: false, fault: 'thread.closed' });
});
