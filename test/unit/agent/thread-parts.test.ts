import { expect, test } from 'vitest';
import {
  CONTENT_BYTES_MAX,
  HEAD_BYTES_MAX,
  PART_TEXT_CHARS_MAX,
  type AgentOption,
  type ToolContent,
} from '../../../src/protocol/thread.ts';
import type { AgentEvent } from '../../../src/agent/agent-event.ts';
import { openMasking } from '../../../src/agent/masking.ts';
import { utf8 } from '../../../src/protocol/bytes.ts';
import {
  Alice,
  answer,
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
  type Talk,
} from './talk.ts';

const bytes = (value: unknown): number => utf8(JSON.stringify(value)).length;

test('[TH1] pieces of one message make one part, and empty pieces none', () => {
  const talk = runningTalk();
  talk.tell(answer('Let me '), answer(''), answer('look.'), tool('1'), answer('There it is.'));
  expect(kinds(talk.parts())).toEqual(['prompt', 'answer', 'tool', 'answer']);
  expect(texts(talk.parts())).toEqual(['Hello', 'Let me look.', '', 'There it is.']);
});

test('[TH1] two messages that come in turns keep a part each, until a tool stands between', () => {
  const talk = runningTalk();
  talk.tell(
    thought('Hm', 't1'),
    answer('Yes', 'a1'),
    thought(', right', 't1'),
    answer('. So', 'a1'),
  );
  expect(texts(talk.parts()).slice(1)).toEqual(['Hm, right', 'Yes. So']);
  talk.tell(tool('1'), answer('Done', 'a1'));
  expect(kinds(talk.parts())).toEqual(['prompt', 'thought', 'answer', 'tool', 'answer']);
  talk.tell(answer('!', 'a1'), answer('Next', 'a2'));
  expect(texts(talk.parts()).slice(4)).toEqual(['Done!', 'Next']);
});

test('[TH2] a thought lasts until something else begins, whatever is counted meanwhile', () => {
  const talk = runningTalk();
  talk.tell(thought('Where'));
  talk.pass(1200);
  talk.tell({ on: 'counted', tokens: tokens(10, 2), estimated: false }, thought(' is it?'));
  expect(last(talk, 'thought').head.endedAt).toBeNull();
  talk.pass(800);
  talk.tell(answer('Here.'));
  expect(last(talk, 'thought')).toMatchObject({
    text: 'Where is it?',
    head: { startedAt: 0, endedAt: 2000 },
  });
});

test('[TH3] an endless answer is kept up to its limit and counted beyond it', () => {
  const talk = runningTalk();
  const mebi = 'x'.repeat(1024 * 1024);
  for (let i = 0; i < 100; i++) talk.tell(answer(mebi));
  const part = last(talk, 'answer');
  expect(part.text).toHaveLength(PART_TEXT_CHARS_MAX);
  expect(part.omitted).toBe(100 * mebi.length - PART_TEXT_CHARS_MAX);
  expect(notices(talk)).toEqual(['text.cut']);
});

test('[TH3] [TH9] a thread that is full says so once, ends its turn, and takes no other prompt', () => {
  const talk = runningTalk();
  const much = 'x'.repeat(PART_TEXT_CHARS_MAX);
  for (let i = 0; i < 40; i++) talk.tell(answer(much), tool(`${i}`));
  talk.tell(tool('another'), answer('more'), ENDED);
  expect(notices(talk).filter((code) => code === 'thread.full')).toHaveLength(1);
  expect(kinds(talk.parts()).at(-1)).toBe('end');
  expect(talk.prompt(Alice, 'Go on')).toEqual({ ok: false, fault: 'thread.full' });
});

test('[TH4] contents, diffs and heads of any size are cut to what fits, with their counts whole', () => {
  const talk = runningTalk();
  const lines = Array.from({ length: 9000 }, (_, n) => `line ${n} ääää`);
  const changed = lines.with(4000, 'another');
  talk.tell(
    tool('1', {
      title: '漢'.repeat(5000),
      locations: Array.from({ length: 900 }, () => ({ path: '漢"\\'.repeat(900), line: 3 })),
      contents: [
        { type: 'text', text: 'é'.repeat(80_000) },
        {
          type: 'diff',
          path: 'a.txt',
          oldText: lines.join('\n'),
          newText: changed.join('\n'),
          added: 1,
          removed: 1,
          cut: false,
        },
        { type: 'link', name: 'n'.repeat(9000), uri: 'u'.repeat(9000) },
        ...Array.from({ length: 200 }, (): ToolContent => ({
          type: 'text',
          text: 'y'.repeat(20_000),
        })),
      ],
      input: JSON.stringify({ text: 'z'.repeat(50_000) }),
    }),
  );
  const card = last(talk, 'tool');
  expect(bytes(card.head)).toBeLessThanOrEqual(HEAD_BYTES_MAX);
  const [text, diff, , ...others] = card.contents;
  expect(text?.type === 'text' && utf8(text.text).length).toBeLessThanOrEqual(CONTENT_BYTES_MAX);
  expect(diff).toMatchObject({ added: 1, removed: 1, cut: true });
  if (diff?.type !== 'diff') throw new Error('no diff');
  expect(diff.newText.split('\n')).toEqual(changed.slice(3997, 4004));
  expect(diff.oldText?.split('\n')).toEqual(lines.slice(3997, 4004));
  expect(others.length).toBeLessThanOrEqual(62);
  expect(others.at(-2)).toMatchObject({
    type: 'text',
    text: expect.stringMatching(/^… \d+ more left out …$/),
  });
  expect(others.at(-1)?.type).toBe('input');
  const entries = Array.from({ length: 100 }, () => ({
    content: '漢'.repeat(3000),
    status: 'pending' as const,
    priority: 'low' as const,
  }));
  talk.tell({ on: 'plan', plan: null, entries });
  expect(last(talk, 'plan').head.entries).toHaveLength(64);
  expect(bytes(last(talk, 'plan').head)).toBeLessThanOrEqual(HEAD_BYTES_MAX);
});

test('[TH4] of a thousand small things that a tool shows, the first few dozen stay', () => {
  const talk = runningTalk();
  const contents = Array.from({ length: 1000 }, (_, n): ToolContent => ({
    type: 'text',
    text: `thing ${n}`,
  }));
  talk.tell(tool('1', { title: 'Look', contents }));
  const card = last(talk, 'tool');
  expect(card.contents).toHaveLength(62);
  expect(card.contents.at(-1)).toMatchObject({ text: '… 939 more left out …' });
});

/** How much is looked at for secrets while `tell` is told. */
function looked(tell: (talk: Talk) => void): number {
  let chars = 0;
  const talk = runningTalk({
    mask(text) {
      chars += text.length;
      return text;
    },
  });
  chars = 0;
  tell(talk);
  return chars;
}

const MEBI = 1024 * 1024;

test('[TH4] of contents, lines and menus of any size a limited part is looked at, and once', () => {
  const lines = (word: string): string => `${word} one\n`.repeat(MEBI / 10);
  const [before, after] = [
    `${lines('left')}old\n${lines('right')}`,
    `${lines('left')}new\n${lines('right')}`,
  ];
  const diff = (oldText: string, newText: string): ToolContent => ({
    type: 'diff',
    path: 'a',
    oldText,
    newText,
    added: 1,
    removed: 1,
    cut: false,
  });
  const small = looked((talk) => talk.tell(tool('1', { contents: [diff(before, after)] })));
  expect(small).toBeLessThan(1000);
  const all = (contents: readonly ToolContent[], title = '') =>
    looked((talk) => talk.tell(tool('1', { contents, title })));
  const many = <T>(one: T): T[] => Array.from({ length: 60 }, () => one);
  expect(all(many(diff(lines('a'), lines('b'))))).toBeLessThan(1.2 * MEBI);
  expect(all(many({ type: 'text', text: lines('a') }))).toBeLessThan(1.2 * MEBI);
  expect(all(many({ type: 'text', text: lines('a').slice(0, 200_000) }))).toBeLessThan(1.2 * MEBI);
  const asked = looked((talk) => {
    const patch = { contents: [diff('old '.repeat(40_000), 'new '.repeat(40_000))] };
    talk.tell({ on: 'permission', request: 1, call: 'c', patch, options: [] });
  });
  expect(asked).toBeLessThan(1.1 * 320_000);
  const place = { path: `/${lines('p')}`, line: 1 };
  const long = lines('漢字').slice(0, 9000);
  expect(looked((talk) => talk.tell(tool('1', { locations: many(place) })))).toBeLessThan(MEBI);
  const choices = many(0).map((_, n) => ({
    value: `${n}`,
    name: `${n}${long}`,
    description: `${n}-${long}`,
  }));
  const option = { id: 'm', name: long, category: long, value: '1', choices };
  const entries = many(0).map(
    (_, n) => ({ content: `${n}${long}`, status: 'pending', priority: 'low' }) as const,
  );
  expect(
    looked((talk) =>
      talk.tell({ on: 'options', options: many(option).slice(0, 15), actsAlone: false }),
    ),
  ).toBeLessThan(MEBI);
  expect(looked((talk) => talk.tell({ on: 'plan', plan: null, entries }))).toBeLessThan(MEBI);
});

test('[TH13] a change inside a private key shows none of it, however long the file', () => {
  const body = (letter: string): string =>
    Array.from({ length: 12 }, () => letter.repeat(64)).join('\n');
  const file = (letter: string): string =>
    `${'line\n'.repeat(80_000)}-----BEGIN PRIVATE KEY-----\n${body('A')}\n${letter.repeat(64)}\n${body('C')}\n-----END PRIVATE KEY-----\n${'line\n'.repeat(80_000)}`;
  const talk = runningTalk({ mask: openMasking({ secrets: [], home: null }).mask });
  talk.tell(
    tool('1', {
      contents: [
        {
          type: 'diff',
          path: 'a',
          oldText: file('X'),
          newText: file('Y'),
          added: 1,
          removed: 1,
          cut: false,
        },
      ],
    }),
  );
  const [diff] = last(talk, 'tool').contents;
  expect(diff).toMatchObject({
    cut: true,
    newText: expect.stringContaining('‹masked private key›'),
  });
  expect(JSON.stringify(diff)).not.toMatch(/A{20}|X{20}|Y{20}|C{20}/);
});

test('[TH5] nothing that an agent says can move a cursor or turn a line around', () => {
  const talk = runningTalk();
  talk.tell(
    answer('a\u001b[2Jb\u009bc\u202ed\r\n\tend\ud83d'),
    answer('\ude00!'),
    tool('1', { title: 'rm\u0000 -r\n/\u2066x' }),
  );
  expect(last(talk, 'answer').text).toBe('a␛[2Jb�cd\n\tend😀!');
  expect(last(talk, 'tool').head.title).toBe('rm␀ -r /x');
});

test('[TH10] a plan stands once in a turn, is replaced whole, and a repeated one is none', () => {
  const talk = runningTalk();
  const entry = (content: string, status: 'pending' | 'completed') =>
    ({ content, status, priority: 'medium' }) as const;
  talk.tell({
    on: 'plan',
    plan: null,
    entries: [entry('look', 'pending'), entry('mend', 'pending')],
  });
  const first = last(talk, 'plan');
  talk.tell({
    on: 'plan',
    plan: null,
    entries: [entry('look', 'pending'), entry('mend', 'pending')],
  });
  expect(last(talk, 'plan')).toBe(first);
  talk.tell(tool('todo', { plan: [entry('look', 'pending'), entry('mend', 'pending')] }));
  expect(last(talk, 'plan')).toBe(first);
  talk.tell({
    on: 'plan',
    plan: null,
    entries: [entry('look', 'completed'), entry('mend', 'pending')],
  });
  expect(last(talk, 'plan').head.entries.map(({ status }) => status)).toEqual([
    'completed',
    'pending',
  ]);
  expect(kinds(talk.parts())).toEqual(['prompt', 'plan', 'tool']);
  expect(notices(talk)).toEqual([]);
});

test('[TH10] two plans at once: the newest is shown, and that there are two', () => {
  const talk = runningTalk();
  const entries = (content: string) => [{ content, status: 'pending', priority: 'high' }] as const;
  talk.tell({ on: 'plan', plan: 'a', entries: entries('one') });
  talk.tell({ on: 'plan', plan: 'b', entries: entries('two') });
  talk.tell({ on: 'plan', plan: 'a', entries: [] });
  expect(last(talk, 'plan').head.entries).toEqual(entries('two'));
  expect(notices(talk)).toEqual(['plan.other']);
  talk.tell({ on: 'plan', plan: 'b', entries: [] });
  expect(last(talk, 'plan').head.entries).toEqual([]);
});

test('[TH15] updates of a call merge: what is absent stays, contents replace', () => {
  const talk = runningTalk();
  talk.tell(
    tool('c', { title: 'bash', tool: 'execute', status: 'pending', input: '{"command":"ls"}' }),
    tool('c', { status: 'in_progress', contents: [{ type: 'text', text: 'one' }] }),
    tool('c', { title: 'ls -l', contents: [{ type: 'text', text: 'two' }] }),
    tool('c', { status: 'completed' }),
  );
  expect(kinds(talk.parts())).toEqual(['prompt', 'tool']);
  expect(last(talk, 'tool')).toMatchObject({
    head: { title: 'ls -l', tool: 'execute', status: 'completed', endedAt: 0 },
    contents: [
      { type: 'text', text: 'two' },
      { type: 'input', text: '{"command":"ls"}' },
    ],
  });
});

test('[TH16] a card that has ended stays so; the next turn may use its call’s name again', () => {
  const talk = runningTalk();
  talk.tell(tool('c', { status: 'failed' }), tool('c', { status: 'in_progress' }), ENDED);
  expect(last(talk, 'tool').head.status).toBe('failed');
  talk.prompt(Alice, 'Again');
  talk.tell(tool('c', { title: 'second' }));
  expect(kinds(talk.parts())).toEqual(['prompt', 'tool', 'end', 'prompt', 'tool']);
});

test('[TH16] a card that was settled with its turn may still hear how it went', () => {
  const talk = runningTalk();
  talk.tell(tool('c', { status: 'in_progress' }), ENDED);
  expect(last(talk, 'tool').head.status).toBe('stopped');
  talk.tell(tool('c', { status: 'in_progress' }));
  expect(last(talk, 'tool').head.status).toBe('stopped');
  talk.prompt(Alice, 'Again');
  talk.tell(tool('c', { status: 'completed' }));
  expect(last(talk, 'tool').head.status).toBe('completed');
  expect(kinds(talk.parts())).toEqual(['prompt', 'tool', 'end', 'prompt']);
});

test('[TH16] an agent that counts its calls anew in each turn gets a card for each', () => {
  const talk = runningTalk();
  talk.tell(tool('1', { status: 'in_progress' }), ENDED);
  talk.prompt(Alice, 'Again');
  talk.tell(tool('1', { title: 'another', status: 'pending' }));
  talk.tell(tool('1', { status: 'completed' }));
  const cards = talk.parts().flatMap(({ head }) => (head.kind === 'tool' ? [head.status] : []));
  expect(cards).toEqual(['stopped', 'completed']);
});

test('[TH17] a command’s output is its card’s text, in pieces or whole, with its exit code', () => {
  const talk = runningTalk();
  talk.tell(
    tool('c', { tool: 'execute', contents: [{ type: 'output' }] }),
    { on: 'output', call: 'c', text: 'one\r\ntw', whole: false },
    { on: 'output', call: 'c', text: 'o\u001b[31m!\u001b[m\n', whole: false },
    tool('c', { status: 'completed', contents: [] }),
    { on: 'outputEnd', call: 'c', exit: 2 },
  );
  expect(last(talk, 'tool')).toMatchObject({
    text: 'one\ntwo\u001b[31m!\u001b[m\n',
    contents: [{ type: 'output' }],
    head: { exit: 2 },
  });
  talk.tell(
    { on: 'output', call: 'd', text: 'first', whole: true },
    { on: 'output', call: 'd', text: 'first and second', whole: true },
  );
  expect(last(talk, 'tool').text).toBe('first and second');
  talk.tell({ on: 'output', call: 'd', text: 'other', whole: true });
  expect(last(talk, 'tool').text).toBe('other');
});

test('[TH18] a question for a card that was never announced makes the card, and says so', () => {
  const talk = runningTalk();
  talk.tell({
    ...leave(7, 'write-1'),
    on: 'permission',
    patch: { title: 'Write a.txt', tool: 'edit', contents: [{ type: 'text', text: 'hello' }] },
    request: 7,
    call: 'write-1',
    options: [{ id: 'a', name: 'Allow', kind: 'allow_once' }],
  });
  expect(kinds(talk.parts())).toEqual(['prompt', 'tool', 'notice', 'permission']);
  expect(notices(talk)).toEqual(['permission.unannounced']);
  expect(last(talk, 'permission')).toMatchObject({
    head: { call: 'write-1', title: 'Write a.txt', answer: { state: 'open' } },
    contents: [{ type: 'text', text: 'hello' }],
  });
  talk.tell({ on: 'permissionGone', request: 7 });
  expect(last(talk, 'permission').head.answer).toEqual({ state: 'withdrawn' });
});

test('[TH18] who asks for too much at once is declined, in words', () => {
  const talk = runningTalk();
  for (let request = 1; request <= 20; request++) talk.tell(leave(request));
  const open = talk
    .parts()
    .filter(({ head }) => head.kind === 'permission' && head.answer.state === 'open');
  expect(open).toHaveLength(16);
  expect(talk.did('withdraw')).toHaveLength(4);
  expect(notices(talk)).toEqual(['permission.tooMany']);
});

test('[TH38] a mode that becomes another is said, and whether a person asked for it', () => {
  const mode = (value: string): AgentOption => ({
    id: 'mode',
    name: 'Mode',
    category: 'mode',
    value,
    choices: [
      { value: 'ask', name: 'Ask', description: '' },
      { value: 'code', name: 'Code', description: '' },
    ],
  });
  const options = (value: string): AgentEvent => ({
    on: 'options',
    options: [mode(value)],
    actsAlone: false,
  });
  const talk = openTalk();
  talk.start(Alice, 'Hello');
  talk.ready({ options: [mode('ask')] });
  talk.tell(answer('Now '), options('code'), answer('then '), options('code'));
  talk.ask(Sam, { type: 'thread.configure', option: 'mode', value: 'ask' });
  talk.tell(options('ask'), options(SECRET), ENDED);
  expect(texts(talk.parts())).toEqual([
    'Hello',
    'Now ',
    'Mode: Ask → Code (by the agent).',
    'then ',
    'Mode: Code → Ask.',
    'Mode: Ask → ‹masked secret› (by the agent).',
    '',
  ]);
});

test('[TH7] ids that hide something or are too long go by their place', () => {
  const talk = runningTalk();
  const long = 'x'.repeat(300);
  talk.tell({
    on: 'permission',
    request: 1,
    call: SECRET,
    patch: {},
    options: [
      { id: long, name: 'Allow', kind: 'allow_once' },
      { id: 'no', name: 'Reject', kind: 'reject_once' },
    ],
  });
  expect(last(talk, 'tool').head.call).toMatch(/^#\d+$/);
  const { head, id } = last(talk, 'permission');
  expect(head.options.map((option) => option.id)).toEqual(['#1', 'no']);
  talk.ask(Alice, { type: 'permission.answer', part: id, option: '#1' });
  expect(talk.did('answer')).toEqual([{ do: 'answer', agent: 1, request: 1, option: long }]);
});

test('[TH7] a model whose name holds something to be masked can be chosen all the same', () => {
  const talk = openTalk();
  talk.start(Alice);
  const value = `/models/${SECRET}.gguf`;
  talk.ready({
    options: [
      {
        id: 'model',
        name: 'Model',
        category: 'model',
        value,
        choices: [
          { value: 'small', name: 'Small', description: '' },
          { value, name: `Large ${SECRET}`, description: '' },
        ],
      },
    ],
  });
  const menu = talk.segments().at(-1)?.menu;
  expect(menu?.options[0]).toMatchObject({
    value: '#2',
    choices: [{ value: 'small' }, { value: '#2' }],
  });
  expect(JSON.stringify(menu)).not.toContain(SECRET);
  talk.ask(Alice, { type: 'thread.configure', option: 'model', value: '#2' });
  expect(talk.did('configure')).toEqual([{ do: 'configure', agent: 1, option: 'model', value }]);
});

test('[TH9] updates after the end belong to no turn, and one is told once that they came late', () => {
  const talk = runningTalk();
  talk.tell(
    answer('Hi', 'm'),
    ENDED,
    answer(' there', 'm2'),
    tool('late', { status: 'in_progress' }),
  );
  const [, , , notice, late, card] = talk.parts();
  expect(notice?.head).toMatchObject({ code: 'agent.late' });
  expect([notice?.turn, late?.turn, card?.turn]).toEqual([0, 0, 0]);
  expect(card?.head).toMatchObject({ status: 'stopped' });
  expect(notices(talk)).toEqual(['agent.late']);
  talk.tell({ on: 'title', title: 'Greeting' });
  expect(talk.head().title).toBe('Greeting');
});

test('[TH11] [TH12] counts and cost of a turn: the difference, also where they come behind its end', () => {
  const talk = runningTalk();
  const paid = (amount: number, currency = 'USD') =>
    ({ on: 'context', used: 100, size: 1000, cost: { amount, currency } }) as const;
  talk.tell(paid(0.1), { on: 'counted', tokens: tokens(5, 1), estimated: true });
  talk.tell({ on: 'counted', tokens: tokens(7, null), estimated: false }, ENDED);
  expect(last(talk, 'end').head.usage).toMatchObject({
    input: 12,
    output: 1,
    total: null,
    cost: { amount: 0.1, currency: 'USD' },
    estimated: true,
  });
  talk.tell(paid(0.3));
  expect(last(talk, 'end').head.usage?.cost).toEqual({ amount: 0.3, currency: 'USD' });
  talk.prompt(Alice, 'More');
  talk.tell(paid(0.45), { on: 'turnEnded', stop: 'end_turn', tokens: tokens(1, 2, 3) });
  expect(last(talk, 'end').head.usage).toMatchObject({
    total: 3,
    cost: { amount: 0.15 },
    estimated: false,
  });
  talk.prompt(Alice, 'It counts anew');
  talk.tell(paid(0.05), ENDED);
  expect(last(talk, 'end').head.usage?.cost).toEqual({ amount: 0.05, currency: 'USD' });
  expect(talk.head().context).toEqual({ used: 100, size: 1000 });
});

test('[TH12] what nobody reports is not 0', () => {
  const talk = runningTalk();
  talk.tell(answer('Hi'), { on: 'turnEnded', stop: 'end_turn', tokens: tokens(null, null) });
  expect(last(talk, 'end').head.usage).toBeNull();
});

test('[TH8] what an agent says beside its answer, and what we do not know of, has its words', () => {
  const talk = runningTalk();
  talk.tell(
    { on: 'notice', level: 'warning', text: `Model ${SECRET} is old.` },
    { on: 'unknown', name: 'session/update: hologram' },
    { on: 'unknown', name: 'session/update: hologram' },
    { on: 'compaction', state: 'running', summary: '' },
    { on: 'compaction', state: 'done', summary: 'All of it was greetings.' },
  );
  expect(texts(talk.parts()).slice(1)).toEqual([
    'Model ‹masked secret› is old.',
    'The agent sent something that meshell does not know: session/update: hologram.',
    'Context compacted.\n\nAll of it was greetings.',
  ]);
});
