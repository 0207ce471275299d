// What the built-in agents read, whatever comes and however it comes in pieces.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  finished,
  gathered,
  NO_ANSWER,
  type ChatAnswer,
} from '../../../src/agent/built-in/chat-answer.ts';
import { DEMO_STEPS_MAX, DEMO_WORDS, demoSteps } from '../../../src/agent/built-in/demo-grammar.ts';
import { toolOrder } from '../../../src/agent/built-in/model-tools.ts';

/** Text cut into pieces of these sizes. */
function pieces(text: string, sizes: readonly number[]): string[] {
  const cut: string[] = [];
  let at = 0;
  for (const size of sizes) {
    cut.push(text.slice(at, at + size));
    at += size;
  }
  return [...cut, text.slice(at)];
}

function answerOf(chunks: readonly object[]): ChatAnswer {
  let answer = NO_ANSWER;
  for (const delta of chunks) {
    const next = gathered(answer, JSON.stringify({ choices: [{ delta }] }));
    if (!next.ok) throw new Error(next.fault.fault);
    answer = next.answer;
  }
  return finished(answer).answer;
}

const sizes = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 30 });
const tagged = fc
  .array(fc.constantFrom('<think>', '</think>', '<', '</', 'think>', ' ', '\n', 'Hm', 'ü'), {
    maxLength: 20,
  })
  .map((parts) => parts.join(''));

test('an answer is the same however its text is cut into pieces', () => {
  fc.assert(
    fc.property(tagged, sizes, (text, cuts) => {
      const whole = answerOf([{ content: text }]);
      const cut = answerOf(pieces(text, cuts).map((content) => ({ content })));
      const both = (answer: ChatAnswer): string[] => [answer.text.trim(), answer.thoughts];
      expect(both(cut)).toEqual(both(whole));
    }),
  );
});

test('nothing of an answer is lost but its tags and the blanks around them', () => {
  fc.assert(
    fc.property(tagged, sizes, (text, cuts) => {
      const cut = answerOf(pieces(text, cuts).map((content) => ({ content })));
      // Where thoughts and text meet, or a tag was, the rest may look like a tag.
      const plain = (some: string): string => {
        const next = some.replaceAll(/<think>|<\/think>|\s/g, '');
        return next === some ? some : plain(next);
      };
      expect(plain(cut.thoughts + cut.text)).toBe(plain(text));
    }),
    { examples: [['<think></</think>think>', []]] },
  );
});

test('a call is the same however its arguments are cut into pieces', () => {
  fc.assert(
    fc.property(fc.json(), sizes, (args, cuts) => {
      const [first = '', ...rest] = pieces(args, cuts);
      const head = { index: 0, id: 'a', function: { name: 'shell', arguments: first } };
      const deltas = rest.map((more) => ({ index: 0, function: { arguments: more } }));
      const { calls } = answerOf([head, ...deltas].map((call) => ({ tool_calls: [call] })));
      expect(calls).toEqual([{ id: 'a', name: 'shell', args }]);
    }),
  );
});

test('no chunk throws, whatever JSON it is', () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), (data) => {
      expect(typeof gathered(NO_ANSWER, data).ok).toBe('boolean');
    }),
  );
});

test('no tool call throws, whatever its name and its arguments', () => {
  const name = fc.oneof(fc.constantFrom('shell', 'read', 'write', 'edit', 'plan'), fc.string());
  fc.assert(
    fc.property(name, fc.oneof(fc.json(), fc.string()), (tool, args) => {
      const read = toolOrder(tool, args);
      expect(read.ok ? read.value.tool : read.fault).not.toBe('');
    }),
  );
});

test('no prompt throws, and none is more than its steps', () => {
  const word = fc.constantFrom(...Object.keys(DEMO_WORDS), '/', '"', ';;', '\n', ' ');
  const prompt = fc
    .array(fc.oneof(word, fc.string({ unit: 'binary' })))
    .map((all) => all.join(' '));
  fc.assert(
    fc.property(prompt, (text) => {
      expect(demoSteps(text).length).toBeLessThanOrEqual(DEMO_STEPS_MAX);
    }),
  );
});
