// Words that are heard at once are told as one event, and nothing changes its place.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AgentEvent } from '../../../src/agent/agent-event.ts';
import { openJoinedSpeech } from '../../../src/agent/joined-speech.ts';

function told(events: readonly (AgentEvent | 'flush')[]): readonly AgentEvent[] {
  const heard: AgentEvent[] = [];
  const speech = openJoinedSpeech((event) => void heard.push(event));
  for (const event of events) {
    if (event === 'flush') speech.flush();
    else speech.tell(event);
  }
  return heard;
}

const says = (text: string, message: string | null = null): AgentEvent => ({
  on: 'answer',
  message,
  text,
});
const title: AgentEvent = { on: 'title', title: 'tides' };

test('[AG20] words of one message become one event, when all that was read is heard', () => {
  expect(told([says('one '), says('two '), says('three')])).toEqual([]);
  expect(told([says('one '), says('two '), 'flush'])).toEqual([says('one two ')]);
});

test('[AG20] another kind, another message or another event ends it, each in its place', () => {
  const thought: AgentEvent = { on: 'thought', message: null, text: 'hm' };
  expect(
    told([says('a'), thought, says('b', 'm1'), says('c', 'm2'), says('d', 'm2'), title, 'flush']),
  ).toEqual([says('a'), thought, says('b', 'm1'), says('cd', 'm2'), title]);
});

test('[AG20] a long text does not wait for its end', () => {
  const long = 'x'.repeat(40_000);
  expect(told([says(long), says(long), says('y')])).toEqual([says(long + long)]);
});

test('[AG20] whatever is told, no word is lost, doubled or moved', () => {
  const event = fc.oneof(
    fc.constant('flush' as const),
    fc.constant(title),
    fc.record({
      on: fc.constantFrom('answer' as const, 'thought' as const),
      message: fc.constantFrom(null, 'm'),
      text: fc.string({ maxLength: 4 }),
    }),
  );
  const letters = (events: readonly AgentEvent[]): string =>
    events
      .flatMap((one) =>
        'text' in one && (one.on === 'answer' || one.on === 'thought')
          ? one.text.split('').map((letter) => `${one.on}${one.message ?? ''}:${letter}`)
          : [one.on],
      )
      .join('|');
  fc.assert(
    fc.property(fc.array(event), (events) => {
      const plain = events.filter((one) => one !== 'flush');
      expect(letters(told([...events, 'flush']))).toBe(letters(plain));
    }),
  );
});
