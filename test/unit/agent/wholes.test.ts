import { expect, test } from 'vitest';
import type { AgentEvent } from '../../../src/agent/agent-event.ts';
import {
  NO_WHOLES,
  wholeOf,
  WHOLES_CHARS_MAX,
  withTextWhole,
  withWhole,
} from '../../../src/agent/wholes.ts';
import {
  LEFT_OUT,
  PART_TEXT_CHARS_MAX,
  WHOLE_CHARS_MAX,
  type Part,
} from '../../../src/protocol/thread.ts';
import { last, leave, runningTalk, SECRET, tool, type Talk } from './talk.ts';

const HIDDEN = '‹masked secret›';
const diff = (oldText: string, newText: string) =>
  ({ type: 'diff', path: 'a.txt', oldText, newText, added: 1, removed: 1, cut: false }) as const;
const output = (text: string, whole = false): AgentEvent => ({
  on: 'output',
  call: 'c',
  text,
  whole,
});
const kept = (talk: Talk, part: Part, content: number | null): string | null =>
  wholeOf(talk.live().conversation.parts.wholes, part, content);

/** Longer than a piece of content may be, with a secret in the middle that is left out. */
const LONG = `${'left\n'.repeat(4000)}key=${SECRET}\n${'right\n'.repeat(4000)}`;
const MASKED = LONG.replace(SECRET, HIDDEN);

test('[TH37] what is cut is kept whole, masked: both sides of a diff, a text, an input', () => {
  const talk = runningTalk();
  talk.tell(
    tool('c', {
      contents: [{ type: 'text', text: LONG }, diff(LONG, `new ${LONG}`), diff('a', 'b')],
      input: LONG,
    }),
  );
  const card = last(talk, 'tool');
  expect(JSON.stringify(card.contents)).toContain(JSON.stringify(LEFT_OUT).slice(1, -1));
  expect(kept(talk, card, 0)).toBe(MASKED);
  expect(JSON.parse(kept(talk, card, 1) ?? '')).toEqual({
    oldText: MASKED,
    newText: `new ${MASKED}`,
  });
  expect(kept(talk, card, 3)).toBe(MASKED);
  // What was shown whole is not kept beside, and what is not there is not there.
  for (const at of [2, 4, null]) expect(kept(talk, card, at)).toBeNull();
});

test('[TH37] output goes on being kept behind what its part can hold, in pieces and whole', () => {
  const talk = runningTalk();
  const first = 'x'.repeat(PART_TEXT_CHARS_MAX);
  talk.tell(tool('c'), output(first), output(`one ${SECRET} `), output('two\n'));
  const card = last(talk, 'tool');
  expect(card.omitted).toBeGreaterThan(0);
  expect(kept(talk, card, null)).toBe(`${first}one ${HIDDEN} two\n`);
  talk.tell(output(`y${first}end`, true));
  expect(kept(talk, last(talk, 'tool'), null)).toBe(`y${first}end`);
  talk.tell(output('short', true));
  expect(kept(talk, last(talk, 'tool'), null)).toBeNull();
});

test('[TH37] what is replaced is forgotten, but for a question that still shows it', () => {
  const talk = runningTalk();
  talk.tell(tool('c', { contents: [{ type: 'text', text: LONG }] }), leave(1, 'c'));
  const [old, question] = [last(talk, 'tool'), last(talk, 'permission')];
  expect(kept(talk, question, 0)).toBe(MASKED);
  talk.tell(tool('c', { contents: [{ type: 'text', text: `${LONG}more` }] }));
  expect(kept(talk, last(talk, 'tool'), 0)).toBe(`${MASKED}more`);
  expect(kept(talk, question, 0)).toBe(MASKED);
  talk.tell({ on: 'permissionGone', request: 1 });
  expect(kept(talk, old, 0)).toBe(MASKED);
  talk.tell(tool('d', { contents: [{ type: 'text', text: LONG }] }));
  const replaced = last(talk, 'tool');
  talk.tell(tool('d', { contents: [{ type: 'text', text: 'short' }] }));
  expect(kept(talk, replaced, 0)).toBeNull();
});

test('[TH37] what reads the same cut may be another whole: the newest counts', () => {
  const talk = runningTalk();
  talk.tell(tool('c', { contents: [{ type: 'text', text: LONG }] }));
  const shown = last(talk, 'tool').contents;
  const other = LONG.replace('key=', 'kez=');
  talk.tell(tool('c', { contents: [{ type: 'text', text: other }] }));
  expect(last(talk, 'tool').contents).toBe(shown);
  expect(kept(talk, last(talk, 'tool'), 0)).toBe(other.replace(SECRET, HIDDEN));
});

test('[TH37] half of a whole is none: too long a piece is not kept, nor what comes behind it', () => {
  const talk = runningTalk();
  talk.tell(tool('c', { contents: [{ type: 'text', text: 'x'.repeat(256 * 1024 + 1) }] }));
  expect(kept(talk, last(talk, 'tool'), 0)).toBeNull();
  const part: Part = { ...last(talk, 'tool'), text: 'begun ', omitted: 0 };
  const begun = withTextWhole(NO_WHOLES, part, 'more');
  const cut = { ...part, omitted: 4 };
  expect(wholeOf(begun, cut, null)).toBe('begun more');
  const over = withTextWhole(begun, cut, 'x'.repeat(WHOLE_CHARS_MAX));
  expect(wholeOf(over, cut, null)).toBeNull();
  expect(over).toEqual(NO_WHOLES);
  expect(wholeOf(withTextWhole(over, cut, 'late'), cut, null)).toBeNull();
});

test('[TH37] past what one thread may keep the oldest goes first', () => {
  let wholes = NO_WHOLES;
  const most = WHOLES_CHARS_MAX / WHOLE_CHARS_MAX;
  for (let part = 1; part <= most; part++) {
    wholes = withWhole(wholes, part, 'x'.repeat(WHOLE_CHARS_MAX));
  }
  expect([...wholes.texts.keys()]).toEqual([1, 2, 3, 4]);
  wholes = withWhole(withWhole(wholes, 1, 'grown'), 5, 'y'.repeat(WHOLE_CHARS_MAX));
  expect([...wholes.texts.keys()]).toEqual([3, 4, 1, 5]);
  expect(wholes.chars).toBe([...wholes.texts.values()].join('').length);
});
