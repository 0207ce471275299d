import { expect, test } from 'vitest';
import { NO_USAGE } from '../../../src/agent/usage.ts';
import { PROMPT_QUEUE_MAX } from '../../../src/protocol/thread.ts';
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
  tokens,
  tool,
} from './talk.ts';

const EXITED = { on: 'exited', code: 1, signal: null, lastLines: 'out of memory' } as const;
const FAILED = { on: 'turnFailed', message: 'HTTP 500', signIn: false } as const;
const gone = { ok: false, fault: 'action.gone' } as const;

test('[TH20] prompts asked before the agent is ready wait, and one is with it at a time', () => {
  const talk = openTalk();
  expect(talk.start(Alice, 'one')).toEqual({ ok: true, queued: 1 });
  expect(talk.prompt(Bob, 'two')).toEqual({ ok: true, queued: 2 });
  expect(talk.head().status).toBe('starting');
  talk.ready();
  expect(talk.sent()).toEqual(['one']);
  expect(talk.head()).toMatchObject({ status: 'running', turn: 1, turnBy: Alice, turnSince: 0 });
  talk.tell(ENDED);
  expect(talk.sent()).toEqual(['one', 'two']);
  talk.tell(ENDED);
  expect(talk.head()).toMatchObject({ status: 'idle', turn: 0, turnBy: null });
  expect(talk.prompt(Alice, 'three')).toEqual({ ok: true });
});

test('[TH20] the seventeenth prompt is refused', () => {
  const talk = runningTalk();
  for (let n = 0; n < PROMPT_QUEUE_MAX; n++) talk.prompt(Bob, `${n}`);
  expect(talk.prompt(Bob, 'more')).toEqual({ ok: false, fault: 'thread.queueFull' });
  talk.tell(ENDED);
  expect(talk.prompt(Bob, 'more')).toMatchObject({ ok: true });
});

test('[TH20] a prompt goes to the agent as it was written, and into the thread masked', () => {
  const talk = runningTalk();
  talk.prompt(Bob, `use ${SECRET}`);
  expect(talk.queue()).toEqual(['use ‹masked secret›']);
  talk.tell(ENDED);
  expect(talk.sent()).toEqual(['Hello', `use ${SECRET}`]);
  expect(last(talk, 'prompt')).toMatchObject({
    text: 'use ‹masked secret›',
    head: { author: Bob },
  });
});

test('[TH30] entries are their authors’ and the sharer’s: edited, moved, taken out', () => {
  const talk = runningTalk();
  for (const text of ['a', 'b', 'c']) talk.prompt(Bob, text);
  const ids = talk.live().conversation.queue.map(({ entry }) => entry.id);
  const [a = 0, b = 0, c = 0] = ids;
  const notYours = { ok: false, fault: 'thread.notYours' };
  expect(talk.ask(Alice, { type: 'queue.edit', id: a, text: 'x' })).toEqual(notYours);
  expect(talk.ask(Alice, { type: 'queue.remove', id: a })).toEqual(notYours);
  expect(talk.ask(Alice, { type: 'queue.move', id: a, to: 1 })).toEqual(notYours);
  expect(talk.ask(Alice, { type: 'queue.sendNow', id: a })).toEqual(notYours);
  talk.ask(Bob, { type: 'queue.move', id: c, to: 0 });
  expect(talk.queue()).toEqual(['c', 'a', 'b']);
  talk.ask(Bob, { type: 'queue.move', id: c, to: 99 });
  expect(talk.queue()).toEqual(['a', 'b', 'c']);
  talk.ask(Bob, { type: 'queue.edit', id: b, text: 'B' });
  talk.ask(Sam, { type: 'queue.edit', id: c, text: 'Sam’s' });
  talk.ask(Sam, { type: 'queue.remove', id: a });
  expect(talk.queue()).toEqual(['B', 'Sam’s']);
  expect(talk.live().conversation.queue.map(({ entry }) => entry.author)).toEqual([Bob, Sam]);
  expect(talk.ask(Bob, { type: 'queue.edit', id: a, text: 'late' })).toEqual(gone);
});

test('[TH22] Stop ends the turn by who pressed it, whatever the agent answers', () => {
  for (const end of [
    ENDED,
    FAILED,
    { on: 'turnEnded', stop: 'cancelled', tokens: null } as const,
  ]) {
    const talk = runningTalk();
    talk.tell(thought('Hm'), tool('c', { status: 'in_progress' }), leave(1, 'c'));
    expect(talk.ask(Bob, { type: 'thread.stop' })).toEqual({ ok: true });
    expect(talk.did('withdraw')).toEqual([{ do: 'withdraw', agent: 1, request: 1 }]);
    expect(talk.did('cancel')).toEqual([{ do: 'cancel', agent: 1 }]);
    talk.tell(leave(2, 'c'));
    expect(talk.did('withdraw')).toHaveLength(2);
    talk.tell(end);
    expect(last(talk, 'end').head).toMatchObject({ reason: 'cancelled', by: Bob });
    expect(last(talk, 'tool').head.status).toBe('stopped');
    expect(notices(talk)).toEqual([]);
    expect(talk.head().status).toBe('idle');
    expect(talk.ask(Bob, { type: 'thread.stop' })).toEqual(gone);
  }
});

test('[TH21] after Stop the queue waits for a word, and who speaks goes first', () => {
  const talk = runningTalk();
  talk.prompt(Bob, 'next');
  talk.ask(Alice, { type: 'thread.stop' });
  talk.tell(ENDED);
  expect(talk.sent()).toEqual(['Hello']);
  expect(talk.queue()).toEqual(['next']);
  expect(talk.prompt(Alice, 'no, this')).toEqual({ ok: true });
  talk.tell(ENDED);
  expect(talk.sent()).toEqual(['Hello', 'no, this', 'next']);
});

test('[TH21] [TH25] [TH26] an error holds the queue, and Retry sends the same again', () => {
  const talk = runningTalk();
  talk.prompt(Bob, 'next');
  expect(talk.ask(Bob, { type: 'thread.retry' })).toEqual({ ok: false, fault: 'thread.busy' });
  talk.tell(FAILED);
  expect(notices(talk)).toEqual(['turn.failed']);
  expect(texts(talk.parts())).toContain('The agent answered with an error. HTTP 500');
  expect(talk.queue()).toEqual(['next']);
  expect(talk.ask(Bob, { type: 'thread.retry' })).toEqual({ ok: true });
  expect(last(talk, 'prompt')).toMatchObject({ text: 'Hello', head: { author: Bob } });
  talk.tell(ENDED);
  expect(talk.sent()).toEqual(['Hello', 'Hello', 'next']);
  talk.tell(ENDED);
  expect(talk.ask(Bob, { type: 'thread.retry' })).toEqual(gone);
});

test('[TH23] an agent that does not stop is ended by force', () => {
  const talk = runningTalk();
  talk.prompt(Bob, 'next');
  talk.tell(tool('c', { status: 'in_progress' }));
  talk.ask(Alice, { type: 'thread.stop' });
  talk.pass(4_999);
  expect(talk.did('close')).toEqual([]);
  talk.pass(1);
  expect(talk.did('close')).toEqual([{ do: 'close', agent: 1 }]);
  expect(notices(talk)).toEqual(['agent.forced']);
  expect(last(talk, 'end').head).toMatchObject({ reason: 'cancelled', by: Alice });
  expect(last(talk, 'tool').head.status).toBe('stopped');
  expect(talk.head().status).toBe('stopped');
  expect(talk.queue()).toEqual(['next']);
  talk.ask(Alice, { type: 'thread.restart' });
  talk.ready();
  expect(talk.sent()).toEqual(['Hello', 'next']);
});

test('[TH27] send now: the turn is stopped and this one comes next', () => {
  const talk = runningTalk();
  talk.prompt(Bob, 'b');
  talk.prompt(Alice, 'a');
  talk.ask(Alice, { type: 'queue.sendNow', id: talk.kept().lastQueued });
  expect(talk.did('cancel')).toHaveLength(1);
  expect(talk.sent()).toEqual(['Hello']);
  talk.tell(ENDED);
  expect(talk.sent()).toEqual(['Hello', 'a']);
  talk.tell(ENDED);
  expect(talk.sent()).toEqual(['Hello', 'a', 'b']);
});

test('[TH27] send now gets through an agent that ends, hangs, or is not there', () => {
  const events: readonly ((talk: ReturnType<typeof runningTalk>) => void)[] = [
    (talk) => talk.tell(EXITED),
    (talk) => talk.pass(5_000),
  ];
  for (const happen of events) {
    const talk = runningTalk();
    talk.prompt(Bob, 'b');
    talk.ask(Bob, { type: 'queue.sendNow', id: talk.kept().lastQueued });
    happen(talk);
    expect(talk.did('open')).toHaveLength(2);
    talk.ready();
    expect(talk.sent()).toEqual(['Hello', 'b']);
  }
  const talk = runningTalk();
  talk.prompt(Bob, 'b');
  talk.tell(EXITED);
  talk.ask(Bob, { type: 'queue.sendNow', id: talk.kept().lastQueued });
  talk.ready();
  expect(talk.sent()).toEqual(['Hello', 'b']);
});

test('[TH19] [TH25] an agent that ends in its turn: all is settled, the queue stays, and why is told', () => {
  const talk = runningTalk();
  talk.prompt(Bob, 'next');
  talk.tell(thought('Hm'), tool('c', { status: 'pending' }), leave(1, 'c'), EXITED);
  expect(kinds(talk.parts())).toEqual(['prompt', 'thought', 'tool', 'permission', 'notice', 'end']);
  expect(last(talk, 'thought').head.endedAt).not.toBeNull();
  expect(last(talk, 'tool').head).toMatchObject({ status: 'stopped', endedAt: 0 });
  expect(last(talk, 'permission').head.answer).toEqual({ state: 'withdrawn' });
  expect(last(talk, 'end').head).toMatchObject({ reason: 'exited', by: null });
  expect(last(talk, 'notice').text).toBe('The agent ended. Its exit code was 1.\n\nout of memory');
  expect(talk.head().status).toBe('stopped');
  expect(talk.queue()).toEqual(['next']);
  talk.tell(answer('a ghost'));
  expect(kinds(talk.parts()).at(-1)).toBe('end');
  talk.prompt(Alice, 'go on');
  expect(talk.did('open').at(-1)).toEqual({ do: 'open', agent: 2, resume: 'session-1' });
  talk.tellFrom(1, answer('a ghost'));
  talk.ready({ resumed: true });
  expect(talk.sent()).toEqual(['Hello', 'next']);
});

test('[TH8] [TH25] every way to fail at the start has its own sentence, and loses no prompt', () => {
  const codes = new Set<string>();
  const sentences = new Set<string>();
  for (const because of [
    'missing',
    'exited',
    'refused',
    'silent',
    'tooOld',
    'garbage',
    'flood',
  ] as const) {
    const talk = openTalk();
    talk.start(Alice, 'Hello');
    talk.tell({ on: 'failed', because, detail: 'code 127' });
    expect(talk.head().status).toBe('stopped');
    expect(talk.queue()).toEqual(['Hello']);
    const notice = last(talk, 'notice');
    expect(notice.turn).toBe(0);
    expect(notice.head.level).toBe('error');
    expect(notice.text).toMatch(/ code 127$/);
    codes.add(notice.head.code);
    sentences.add(notice.text);
    expect(talk.ask(Alice, { type: 'thread.retry' })).toEqual({ ok: true });
    talk.ready();
    expect(talk.sent()).toEqual(['Hello']);
  }
  expect([codes.size, sentences.size]).toEqual([7, 7]);
});

test('[TH25] an agent that was killed for its garbage in a turn ends that turn alone', () => {
  const talk = runningTalk();
  talk.prompt(Bob, 'next');
  talk.tell({ on: 'failed', because: 'flood', detail: '' });
  expect(notices(talk)).toEqual(['agent.flood']);
  expect(last(talk, 'end').head.reason).toBe('exited');
  expect(talk.queue()).toEqual(['next']);
});

test('[TH25] someone has to sign in: the ways are told, the line to run too, and nothing is lost', () => {
  const talk = openTalk();
  talk.start(Alice, 'Hello');
  talk.tell({
    on: 'signIn',
    ways: [
      { name: 'Log in', description: 'In a browser', command: ['~/bin/agent', 'login', "it's"] },
      { name: 'API key', description: '', command: null },
    ],
  });
  const notice = last(talk, 'notice');
  expect(notice.head.code).toBe('agent.signIn');
  expect(notice.text).toContain('It offers: Log in, API key.');
  expect(notice.contents).toEqual([
    {
      type: 'input',
      text: JSON.stringify([
        { name: 'Log in', description: 'In a browser', command: `~/bin/agent login 'it'\\''s'` },
        { name: 'API key', description: '', command: null },
      ]),
    },
  ]);
  expect(talk.head().status).toBe('stopped');
  expect(talk.did('close')).toHaveLength(1);
  talk.ask(Sam, { type: 'thread.restart' });
  talk.ready();
  expect(talk.sent()).toEqual(['Hello']);
  const ways = [{ name: 'Log in', description: '', command: ['agent', 'login'] }];
  talk.tell({ on: 'turnFailed', message: 'It expired.', signIn: true, ways });
  expect(notices(talk)).toEqual(['agent.signIn', 'agent.signIn']);
  expect(last(talk, 'notice').text).toContain('It expired. It offers: Log in.');
  expect(last(talk, 'notice').contents).toEqual([
    {
      type: 'input',
      text: JSON.stringify([{ name: 'Log in', description: '', command: 'agent login' }]),
    },
  ]);
  expect(last(talk, 'end').head.reason).toBe('failed');
});

test('[TH25] an agent that starts without its memory says so', () => {
  const talk = runningTalk();
  talk.tell(ENDED);
  talk.ask(Alice, { type: 'thread.restart' });
  expect(talk.did('open').at(-1)).toMatchObject({ resume: 'session-1' });
  talk.tell(answer('a replay of the history'));
  talk.ready({ resumed: false, session: 'session-2' });
  expect(notices(talk)).toEqual(['agent.forgot']);
  expect(texts(talk.parts())).not.toContain('a replay of the history');
  expect(talk.kept().session).toBe('session-2');
});

test('[TH24] after ten silent seconds people read since when, until the next word', () => {
  const talk = runningTalk();
  talk.pass(4_000);
  talk.tell(answer('One moment'));
  talk.pass(9_999);
  expect(talk.head().quietSince).toBeNull();
  talk.pass(1);
  expect(talk.head().quietSince).toBe(4_000);
  talk.pass(60_000);
  talk.tell(answer('.'));
  expect(talk.head().quietSince).toBeNull();
  talk.tell(leave(1));
  talk.pass(65_000);
  expect(talk.head()).toMatchObject({ quietSince: null, status: 'waiting' });
  const answeredAt = talk.now();
  talk.ask(Alice, { type: 'permission.answer', part: last(talk, 'permission').id, option: 'once' });
  talk.pass(9_999);
  expect(talk.head().quietSince).toBeNull();
  talk.pass(1);
  expect(talk.head().quietSince).toBe(answeredAt);
});

test('[TH30] of two answers the first wins, and always is the sharer’s', () => {
  const talk = runningTalk();
  talk.tell(leave(5));
  const part = last(talk, 'permission').id;
  const answering = (option: string) => ({ type: 'permission.answer', part, option }) as const;
  expect(talk.ask(Bob, answering('always'))).toEqual({ ok: false, fault: 'permission.always' });
  expect(talk.ask(Bob, answering('maybe'))).toEqual(gone);
  expect(talk.ask(Bob, answering('once'))).toEqual({ ok: true });
  expect(talk.ask(Alice, answering('no'))).toEqual(gone);
  expect(talk.did('answer')).toEqual([{ do: 'answer', agent: 1, request: 5, option: 'once' }]);
  expect(last(talk, 'permission').head.answer).toEqual({
    state: 'given',
    option: 'once',
    by: Bob,
    at: 0,
  });
  talk.tell(leave(6));
  const always = { ...answering('always'), part: last(talk, 'permission').id };
  expect(talk.ask(Sam, always)).toEqual({ ok: true });
});

test('[TH18] two questions at once are answered each for itself', () => {
  const talk = runningTalk();
  talk.tell(leave(1, 'a'), leave(2, 'b'));
  const [first, second] = talk.parts().filter(({ head }) => head.kind === 'permission');
  talk.ask(Bob, { type: 'permission.answer', part: second?.id ?? 0, option: 'no' });
  talk.ask(Alice, { type: 'permission.answer', part: first?.id ?? 0, option: 'once' });
  expect(talk.did('answer')).toMatchObject([
    { request: 2, option: 'no' },
    { request: 1, option: 'once' },
  ]);
});

test('[TH18] a question outside a turn, or while it is being stopped, is declined at once', () => {
  const talk = runningTalk();
  talk.tell(ENDED, leave(9));
  expect(talk.did('withdraw')).toEqual([{ do: 'withdraw', agent: 1, request: 9 }]);
  expect(last(talk, 'permission').head.answer).toEqual({ state: 'withdrawn' });
  talk.prompt(Alice, 'Again');
  talk.ask(Alice, { type: 'thread.stop' });
  talk.tell(leave(10));
  expect(talk.did('withdraw').at(-1)).toEqual({ do: 'withdraw', agent: 1, request: 10 });
  const { id, head } = last(talk, 'permission');
  expect(head.answer).toEqual({ state: 'withdrawn' });
  expect(talk.ask(Alice, { type: 'permission.answer', part: id, option: 'once' })).toEqual(gone);
});

test('[TH28] one prompt more than a person may ask is refused with the sum, here and elsewhere', () => {
  const talk = openTalk({
    person: { prompts: 4 },
    spentElsewhere: (author) => ({ prompts: author === Bob ? 2 : 0, usage: NO_USAGE }),
  });
  talk.start(Sam);
  talk.ready();
  expect(talk.prompt(Bob, '3')).toEqual({ ok: true });
  expect(talk.prompt(Bob, '4')).toMatchObject({ queued: 2 });
  const sum = 'One person may use 4 prompts; 4 are used.';
  const refused = { ok: false, fault: 'thread.limitPrompts', sum };
  expect(talk.prompt(Bob, '5')).toEqual(refused);
  expect(talk.prompt(Bob, '5')).toEqual(refused);
  expect(notices(talk)).toEqual(['limit.reached']);
  expect(last(talk, 'notice').text).toBe(sum);
  expect(talk.prompt(Alice, 'hers')).toMatchObject({ ok: true });
  for (let n = 0; n < 9; n++) expect(talk.prompt(Sam, 'his')).toMatchObject({ ok: true });
});

test('[TH28] tokens and cost: refused when they are reached, and what waited stays', () => {
  const talk = openTalk({ thread: { tokens: 12_000, cost: { amount: 0.5, currency: 'USD' } } });
  talk.start(Alice, 'one');
  talk.ready();
  talk.prompt(Bob, 'two');
  talk.tell({ on: 'turnEnded', stop: 'end_turn', tokens: tokens(12_000, 400) });
  expect(talk.sent()).toEqual(['one']);
  expect(talk.queue()).toEqual(['two']);
  expect(last(talk, 'notice').text).toBe(
    'One conversation may use 12,000 tokens; 12,400 are used.',
  );
  expect(talk.prompt(Sam, 'three')).toMatchObject({ ok: false, fault: 'thread.limitTokens' });
  const paid = openTalk({ thread: { cost: { amount: 0.5, currency: 'USD' } } });
  paid.start(Alice, 'one');
  paid.ready();
  paid.tell({ on: 'context', used: 1, size: 2, cost: { amount: 0.6, currency: 'USD' } }, ENDED);
  expect(paid.prompt(Sam, 'two')).toMatchObject({ ok: false, fault: 'thread.limitCost' });
  expect(last(paid, 'notice').text).toBe('One conversation may use 0.5 USD; 0.6 USD are used.');
});

test('[TH29] a prompt waits for leave while others pass: modes and grants change meanwhile', () => {
  const talk = openTalk({ mayPrompt: (author, actsAlone) => author === Sam || !actsAlone });
  talk.start(Bob, 'one');
  talk.ready({ actsAlone: true });
  expect(talk.sent()).toEqual([]);
  expect(talk.head().actsAlone).toBe(true);
  expect(notices(talk)).toEqual(['queue.noLeave']);
  talk.prompt(Sam, 'his');
  expect(talk.sent()).toEqual(['his']);
  talk.tell(ENDED);
  expect(talk.queue()).toEqual(['one']);
  talk.tell({ on: 'options', options: [], actsAlone: false });
  expect(talk.sent()).toEqual(['his', 'one']);
  talk.prompt(Bob, 'two');
  talk.tell({ on: 'options', options: [], actsAlone: true }, ENDED);
  expect(talk.queue()).toEqual(['two']);
  talk.ask(Sam, { type: 'queue.sendNow', id: talk.kept().lastQueued });
  expect(talk.sent()).toEqual(['his', 'one', 'two']);
  expect(last(talk, 'prompt').head.author).toBe(Bob);
});

test('[TH29] a prompt of one who may not prompt any more stays, and says so', () => {
  const revoked = new Set<string>();
  const talk = openTalk({ mayPrompt: (author) => !revoked.has(author) });
  talk.start(Alice, 'one');
  talk.ready();
  talk.prompt(Bob, 'two');
  revoked.add(Bob);
  talk.tell(ENDED);
  expect(talk.queue()).toEqual(['two']);
  expect(notices(talk)).toEqual(['queue.notAllowed']);
  talk.ask(Sam, { type: 'queue.sendNow', id: talk.kept().lastQueued });
  expect(talk.sent()).toEqual(['one', 'two']);
});

test('[TH21] what a replaced process says is not heard, nor what wakes for it', () => {
  const talk = runningTalk();
  talk.ask(Alice, { type: 'thread.stop' });
  talk.ask(Bob, { type: 'thread.restart' });
  expect(last(talk, 'end').head).toMatchObject({ reason: 'cancelled', by: Bob });
  expect(talk.did('close')).toEqual([{ do: 'close', agent: 1 }]);
  talk.tellFrom(1, answer('late'));
  talk.tellFrom(1, EXITED);
  talk.pass(60_000);
  expect(talk.head().status).toBe('starting');
  expect(kinds(talk.parts())).toEqual(['prompt', 'end']);
});

test('[TH25] a start that is stopped keeps what waits', () => {
  const talk = openTalk();
  talk.start(Alice, 'one');
  expect(talk.ask(Bob, { type: 'thread.stop' })).toEqual({ ok: true });
  expect(talk.did('close')).toEqual([{ do: 'close', agent: 1 }]);
  expect([talk.head().status, ...talk.queue()]).toEqual(['stopped', 'one']);
});

test('[TH19] closing ends all, and a closed conversation takes nothing', () => {
  const talk = runningTalk();
  talk.prompt(Bob, 'next');
  talk.tell(tool('c', { status: 'in_progress' }));
  expect(talk.ask(Alice, { type: 'thread.close' })).toEqual({ ok: true });
  expect(last(talk, 'tool').head.status).toBe('stopped');
  expect(talk.did('close')).toHaveLength(1);
  expect(talk.segments().every(({ isOver }) => isOver)).toBe(true);
  expect(talk.segments().at(-1)?.head.status).toBe('closed');
  expect(talk.prompt(Bob, 'hello?')).toEqual({ ok: false, fault: 'thread.closed' });
});

test('[TH36] what must outlive the process is told when it changes: session, cost, title, queue', () => {
  const talk = runningTalk();
  talk.ask(Alice, { type: 'thread.rename', title: 'Greetings' });
  talk.tell(
    { on: 'title', title: 'By the agent' },
    { on: 'context', used: 1, size: 2, cost: { amount: 0.25, currency: 'USD' } },
    ENDED,
  );
  expect(talk.head().title).toBe('Greetings');
  expect(talk.did('keep').at(-1)).toEqual({
    do: 'keep',
    kept: {
      session: 'session-1',
      cost: { amount: 0.25, currency: 'USD' },
      lastQueued: 1,
      isNamed: true,
      directory: '/home/sam/work',
      lastSent: 1,
      typed: [{ id: 1, text: 'Hello' }],
    },
  });
  talk.prompt(Bob, `use ${SECRET}`);
  talk.prompt(Alice, 'then this');
  expect(talk.kept()).toMatchObject({
    lastSent: 2,
    typed: [
      { id: 2, text: `use ${SECRET}` },
      { id: 3, text: 'then this' },
    ],
  });
  talk.ask(Alice, { type: 'thread.close' });
  expect(talk.kept()).toMatchObject({ lastSent: 0, typed: [] });
});
