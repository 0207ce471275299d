import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AgentEvent } from '../../../src/agent/agent-event.ts';
import { NO_OUTPUT, outputEnd, outputText } from '../../../src/agent/output-text.ts';
import { PART_TEXT_CHARS_MAX, WHOLE_CHARS_MAX } from '../../../src/protocol/thread.ts';
import { openAgentGate } from '../../../src/agent/agent-gate.ts';
import {
  ENDED,
  answer,
  kinds,
  last,
  leave,
  MASKING,
  READY,
  runningTalk,
  SECRET,
  texts,
  thought,
  tool,
} from './talk.ts';

test('[TH13] a secret is masked wherever an agent puts it, whole or in pieces', () => {
  const talk = runningTalk();
  for (const letter of `My key is ${SECRET}.`) talk.tell(thought(letter));
  talk.tell(
    answer(`${SECRET.slice(0, 5)}\u202e`),
    answer(`${SECRET.slice(5)}, you see`),
    tool('c', {
      title: `echo ${SECRET}`,
      locations: [{ path: `/${SECRET}`, line: 1 }],
      input: `{"command":"echo ${SECRET}"}`,
      contents: [
        { type: 'text', text: SECRET },
        { type: 'link', name: SECRET, uri: `file:///${SECRET}` },
        {
          type: 'diff',
          path: SECRET,
          oldText: `a=${SECRET}`,
          newText: `b=${SECRET}`,
          added: 1,
          removed: 1,
          cut: false,
        },
      ],
    }),
    { on: 'output', call: 'c', text: `${SECRET.slice(0, 3)}\u001b[K`, whole: false },
    { on: 'output', call: 'c', text: `${SECRET.slice(3)}\u0007\n`, whole: false },
    { on: 'output', call: 'd', text: `=${SECRET}=`, whole: true },
    { on: 'plan', plan: null, entries: [{ content: SECRET, status: 'pending', priority: 'low' }] },
    { on: 'notice', level: 'info', text: SECRET },
    { on: 'unknown', name: SECRET },
    { on: 'title', title: SECRET },
    { on: 'commands', commands: [{ name: SECRET, description: SECRET, hint: SECRET }] },
    { on: 'compaction', state: 'done', summary: SECRET },
    { on: 'permission', request: 1, call: null, patch: { title: SECRET }, options: [] },
    { on: 'turnFailed', message: SECRET, signIn: false },
  );
  const said = JSON.stringify(talk.segments());
  expect(said).not.toContain(SECRET);
  expect(said.split('‹masked secret›').length).toBeGreaterThan(20);
});

test('[TH13] what is cut was masked before: the half of a secret does not show', () => {
  const talk = runningTalk();
  const before = 'x'.repeat(6150);
  const text = `${before}${SECRET}${'y'.repeat(9000)}`;
  for (let shift = 0; shift < 40; shift++) {
    talk.tell(tool(`c${shift}`, { contents: [{ type: 'text', text: text.slice(shift) }] }));
  }
  expect(JSON.stringify(talk.segments())).not.toContain(SECRET.slice(0, 7));
});

test('[TH14] what was kept back shows when something else begins, or the turn ends', () => {
  const talk = runningTalk();
  talk.tell(answer(`almost ${SECRET.slice(0, 6)}`));
  expect(last(talk, 'answer').text).toBe('almost ');
  talk.tell(tool('c'));
  expect(last(talk, 'answer').text).toBe(`almost ${SECRET.slice(0, 6)}`);
  talk.tell({ on: 'output', call: 'c', text: SECRET.slice(0, 4), whole: false });
  expect(last(talk, 'tool').text).toBe('');
  talk.tell(ENDED);
  expect(last(talk, 'tool').text).toBe(SECRET.slice(0, 4));
});

const plan = (content: string): AgentEvent => ({
  on: 'plan',
  plan: null,
  entries: [{ content, status: 'pending', priority: 'low' }],
});
const output = (call: string, text: string): AgentEvent => ({
  on: 'output',
  call,
  text,
  whole: false,
});

/** None of them begins a part where `known` was told before. */
const KNOWN = [tool('c'), tool('d'), plan('look'), { on: 'unknown', name: 'x' } as const];
const ASIDE: readonly AgentEvent[] = [
  tool('c', { status: 'in_progress' }),
  tool('c', { title: 'make test' }),
  output('d', 'line '),
  { on: 'outputEnd', call: 'd', exit: 0 },
  plan('look'),
  plan('look again'),
  { on: 'unknown', name: 'x' },
  { on: 'permissionGone', request: 7 },
  { on: 'context', used: 1, size: 2, cost: null },
  { on: 'title', title: 'Keys' },
];

test('[TH14] an answer that goes on behind a word about a card is masked as one', () => {
  const [first, rest] = [SECRET.slice(0, 9), SECRET.slice(9)];
  for (const aside of ASIDE) {
    const talk = runningTalk();
    talk.tell(...KNOWN, answer(`use ${first}`), aside, answer(`${rest}.`));
    expect(last(talk, 'answer').text).toBe('use ‹masked secret›.');
    expect(kinds(talk.parts()).filter((kind) => kind === 'answer')).toHaveLength(1);
  }
});

test('[TH14] of two messages that come in turns each is masked as one', () => {
  const talk = runningTalk();
  talk.tell(
    answer(`use ${SECRET.slice(0, 9)}`, 'm1'),
    thought(`or ${SECRET.slice(0, 3)}`, 't1'),
    answer('Meanwhile. ', 'm2'),
    answer(`${SECRET.slice(9)}.`, 'm1'),
    thought(`${SECRET.slice(3)}?`, 't1'),
  );
  const masked = ['use ‹masked secret›.', 'or ‹masked secret›?', 'Meanwhile. '];
  expect(texts(talk.parts()).slice(1)).toEqual(masked);
});

test('[TH2] a last word that was kept back does not lengthen the thought it belongs to', () => {
  const talk = runningTalk();
  talk.tell(thought(`so ${SECRET.slice(0, 5)}`, 't1'));
  talk.pass(1000);
  talk.tell(answer('Yes ', 'm1'));
  talk.pass(1000);
  talk.tell(answer('I do.', 'm1'), ENDED);
  expect(last(talk, 'thought')).toMatchObject({
    text: `so ${SECRET.slice(0, 5)}`,
    head: { startedAt: 0, endedAt: 1000 },
  });
  expect(last(talk, 'answer').text).toBe('Yes I do.');
});

test('[TH14] output behind an end that was shown begins a line of its own', () => {
  const talk = runningTalk();
  const [first, rest] = [SECRET.slice(0, 9), SECRET.slice(9)];
  talk.tell(output('c', first), { on: 'outputEnd', call: 'c', exit: 0 }, output('c', `${rest}\n`));
  talk.tell({ on: 'output', call: 'd', text: first, whole: true }, output('d', `${rest}\n`));
  expect(texts(talk.parts()).slice(1)).toEqual([`${first}\n${rest}\n`, `${first}\n${rest}\n`]);
  talk.tell(output('e', first), ENDED, output('e', `${rest}\n`));
  expect(JSON.stringify(talk.segments())).not.toContain(SECRET);
});

test('[TH14] wherever a secret is split, and whatever is told in between, no part shows it', () => {
  const asides = fc.array(fc.constantFrom(...ASIDE, answer('other ', 'm2'), thought('hm ', 't')), {
    maxLength: 4,
  });
  const cuts = fc.array(fc.tuple(fc.nat({ max: SECRET.length }), asides), { maxLength: 5 });
  fc.assert(
    fc.property(cuts, (splits) => {
      const talk = runningTalk();
      talk.tell(...KNOWN);
      let from = 0;
      for (const [to, between] of splits.toSorted(([a], [b]) => a - b)) {
        talk.tell(answer(SECRET.slice(from, to), 'm1'), ...between);
        from = to;
      }
      talk.tell(answer(SECRET.slice(from), 'm1'), ENDED);
      const said = texts(talk.parts().filter(({ head }) => head.kind === 'answer'));
      expect(said).toContain('‹masked secret›');
      expect(said.join('')).toBe(said.join('').replace(/hunter|nter2-|hunt/, ''));
    }),
  );
});

test('[TH14] no part shows what was told in pieces, in whatever order anything is told', () => {
  const pieces = [SECRET.slice(0, 6), SECRET.slice(6, 9), SECRET.slice(9)];
  const messages = [null, 'm1', 'm2'];
  const events: readonly AgentEvent[] = [
    ...messages.flatMap((message) =>
      pieces.flatMap((text) => [answer(text, message), thought(text, message)]),
    ),
    ...pieces.flatMap((text) => [output('c', text), output('d', text)]),
    { on: 'output', call: 'c', text: pieces[0] ?? '', whole: true },
    ...ASIDE,
    ...KNOWN,
    tool('e'),
    leave(1),
    { on: 'notice', level: 'info', text: 'Hm' },
    { on: 'outputEnd', call: 'c', exit: 0 },
    { on: 'compaction', state: 'running', summary: '' },
    { on: 'compaction', state: 'done', summary: '' },
    ENDED,
    READY,
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...events), { maxLength: 30 }), (told) => {
      const talk = runningTalk();
      talk.tell(...told);
      if (talk.phase().phase === 'idle') talk.prompt(talk.live().conversation.setup.sharer, 'on');
      talk.tell(...told, ENDED);
      for (const { text } of talk.parts()) expect(text).not.toContain(SECRET);
    }),
  );
});

test('[TH3] no more of a text is looked at than a part could ever show', () => {
  let looked = 0;
  const gate = openAgentGate({
    mask: MASKING.mask,
    stream() {
      const masks = MASKING.stream();
      return {
        push(piece) {
          looked += piece.length;
          return masks.push(piece);
        },
        flush: masks.flush,
        held: masks.held,
      };
    },
  });
  const huge = 'x'.repeat(4 * WHOLE_CHARS_MAX);
  const told = [answer(huge), answer(huge), output('c', huge), output('c', huge)].flatMap((event) =>
    gate.take(event),
  );
  expect(looked).toBe(2 * WHOLE_CHARS_MAX);
  const counted = told.map((event) => ('omitted' in event ? event.omitted : 0));
  expect(counted).toEqual([3, 4, 3, 4].map((times) => times * WHOLE_CHARS_MAX));
  gate.take({ on: 'output', call: 'c', text: huge, whole: true });
  expect(looked).toBe(3 * WHOLE_CHARS_MAX);
});

test('[TH13] where a text is cut before it is looked at, no half of a secret shows', () => {
  const talk = runningTalk();
  const long = `${'x '.repeat(WHOLE_CHARS_MAX / 2 - 3)}${SECRET}`;
  talk.tell(answer(long), output('c', long), { on: 'output', call: 'd', text: long, whole: true });
  talk.tell(ENDED);
  for (const part of talk.parts().filter(({ omitted }) => omitted > 0)) {
    expect(part.text).toHaveLength(PART_TEXT_CHARS_MAX);
    expect(part.omitted).toBeGreaterThan(PART_TEXT_CHARS_MAX);
  }
  expect(talk.live().conversation.parts.wholes.texts.size).toBe(0);
});

/** What a command that writes these chunks leaves in its card. */
function printed(...chunks: readonly string[]): string {
  let left = NO_OUTPUT;
  let text = '';
  for (const chunk of chunks) {
    const [more, next] = outputText(left, chunk);
    text += more;
    left = next;
  }
  return text + outputEnd(left);
}

test('[TH6] colours stay, all else that moves or asks goes, however it is split', () => {
  const raw =
    'a\u001b[1;31mb\u001b[m\u001b[2J\u001b[10;5Hc\u001b]0;title\u0007\u001b]8;;x\u001b\\d\u001b(B\u0007\b\u009be\tf\u202e😀\n';
  const clean = 'a\u001b[1;31mb\u001b[mcde\tf😀\n';
  expect(printed(raw)).toBe(clean);
  for (let at = 0; at < raw.length; at++) {
    expect(printed(raw.slice(0, at), raw.slice(at))).toBe(clean);
  }
});

test('[TH6] a progress bar shows as it began and as it ended', () => {
  expect(printed('get 1%\rget 50%\rget 100%\ndone\r\n')).toBe('get 100%\ndone\n');
  expect(printed('get 1%', '\rget 50%', '\rget 9', '9%\rget 100%', '\ndone', '\r', '\n')).toBe(
    'get 1%\nget 100%\ndone\n',
  );
  expect(printed('get 1%', '\rget 50%')).toBe('get 1%\nget 50%');
});
