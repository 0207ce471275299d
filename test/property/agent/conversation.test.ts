import { array, assert, constantFrom, integer, oneof, property, record, string } from 'fast-check';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import type { AgentEvent, ToolPatch } from '../../../src/agent/agent-event.ts';
import { restoredThread } from '../../../src/agent/restored-thread.ts';
import { utf8 } from '../../../src/protocol/bytes.ts';
import {
  AgentMenu,
  HEAD_BYTES_MAX,
  PartHead,
  QueuedPrompt,
  ThreadHead,
  ToolContent,
  type Part,
} from '../../../src/protocol/thread.ts';
import {
  Alice,
  answer,
  Bob,
  leave,
  openTalk,
  READY,
  Sam,
  thought,
  tokens,
  tool,
  type Talk,
} from '../../unit/agent/talk.ts';

const who = constantFrom(Alice, Bob, Sam);
const call = constantFrom('a', 'b', 'c');
const message = constantFrom(null, 'm1', 'm2');
const text = oneof(constantFrom('', 'word ', '\u001b[2J', '\ud83d', 'two\nlines'), string());

const patch = record(
  {
    title: text,
    tool: constantFrom('read', 'edit', 'execute'),
    status: constantFrom('pending', 'in_progress', 'completed', 'failed'),
    locations: array(record({ path: text, line: constantFrom(null, 3) }), { maxLength: 3 }),
    contents: array(
      oneof(
        record({ type: constantFrom('text'), text }),
        record({ type: constantFrom('output') }),
        record({ type: constantFrom('link'), name: text, uri: text }),
      ),
      { maxLength: 3 },
    ),
    input: text,
    plan: array(
      record({
        content: text,
        status: constantFrom('pending', 'completed'),
        priority: constantFrom('low'),
      }),
      { maxLength: 2 },
    ),
  },
  { requiredKeys: [] },
).map((made): ToolPatch => made);

const event = oneof(
  record({ message, text }).map((one): AgentEvent => ({ on: 'answer', ...one })),
  record({ message, text }).map((one): AgentEvent => ({ on: 'thought', ...one })),
  record({ call, patch }).map((one): AgentEvent => ({ on: 'tool', ...one })),
  record({ call, text, whole: constantFrom(true, false) }).map((one): AgentEvent => ({
    on: 'output',
    ...one,
  })),
  record({ call, exit: constantFrom(0, 1, null) }).map((one): AgentEvent => ({
    on: 'outputEnd',
    ...one,
  })),
  record({ request: integer({ min: 1, max: 40 }), call: oneof(call, constantFrom(null)) }).map(
    ({ request, call: of }) => leave(request, of),
  ),
  integer({ min: 1, max: 40 }).map((request): AgentEvent => ({ on: 'permissionGone', request })),
  constantFrom<AgentEvent>(
    READY,
    { ...READY, resumed: true, actsAlone: true },
    { on: 'signIn', ways: [{ name: 'key', description: '', command: null }] },
    { on: 'failed', because: 'silent', detail: '' },
    { on: 'failed', because: 'garbage', detail: 'x' },
    { on: 'turnEnded', stop: 'end_turn', tokens: null },
    { on: 'turnEnded', stop: 'max_tokens', tokens: tokens(1, 2) },
    { on: 'turnFailed', message: 'no', signIn: false },
    { on: 'turnFailed', message: 'no', signIn: true, ways: [] },
    { on: 'exited', code: 1, signal: null, lastLines: 'x' },
    { on: 'title', title: 'A title' },
    { on: 'context', used: 5, size: 10, cost: { amount: 0.5, currency: 'USD' } },
    { on: 'counted', tokens: tokens(1, null), estimated: true },
    { on: 'options', options: [], actsAlone: false },
    { on: 'commands', commands: [{ name: 'init', description: 'x', hint: '' }] },
    { on: 'notice', level: 'info', text: 'hear' },
    { on: 'compaction', state: 'running', summary: '' },
    { on: 'compaction', state: 'done', summary: 'short' },
    { on: 'unknown', name: 'thing' },
    { on: 'plan', plan: 'x', entries: [{ content: 'do', status: 'pending', priority: 'low' }] },
    { on: 'plan', plan: null, entries: [] },
  ),
);

/** `taken` hears of each prompt that was taken. */
type Happening = (talk: Talk, n: number, taken: string[]) => void;
const id = integer({ min: 1, max: 12 });

const happening = oneof(
  {
    weight: 12,
    arbitrary: event.map(
      (one): Happening =>
        (talk) =>
          talk.tell(one),
    ),
  },
  {
    weight: 2,
    arbitrary: constantFrom<Happening>((talk) =>
      talk.tell({ on: 'turnEnded', stop: 'end_turn', tokens: null }),
    ),
  },
  { weight: 2, arbitrary: constantFrom<Happening>((talk) => talk.ready()) },
  {
    weight: 1,
    arbitrary: event.map(
      (one): Happening =>
        (talk) =>
          talk.tellFrom(1, one),
    ),
  },
  {
    weight: 5,
    arbitrary: who.map((author): Happening => (talk, n, taken) => {
      if (talk.prompt(author, `prompt ${n}.`).ok) taken.push(`prompt ${n}.`);
    }),
  },
  {
    weight: 4,
    arbitrary: record({
      author: who,
      action: oneof(
        constantFrom(
          { type: 'thread.stop' } as const,
          { type: 'thread.retry' } as const,
          { type: 'thread.restart' } as const,
          { type: 'thread.rename', title: 'Named' } as const,
        ),
        id.map((entry) => ({ type: 'queue.sendNow', id: entry }) as const),
        record({ id, to: integer({ min: 0, max: 5 }) }).map(
          (entry) => ({ type: 'queue.move', ...entry }) as const,
        ),
        record({ part: integer({ min: 1, max: 20 }), option: constantFrom('once', 'always') }).map(
          (entry) => ({ type: 'permission.answer', ...entry }) as const,
        ),
      ),
    }).map(
      ({ author, action }): Happening =>
        (talk) =>
          void talk.ask(author, action),
    ),
  },
  {
    weight: 2,
    arbitrary: integer({ min: 1, max: 20_000 }).map(
      (ms): Happening =>
        (talk) =>
          talk.pass(ms),
    ),
  },
  { weight: 1, arbitrary: constantFrom<Happening>((talk) => talk.admit()) },
  { weight: 1, arbitrary: constantFrom<Happening>((talk) => talk.otherNumber()) },
);
const story = array(happening, { maxLength: 60 });

function played(
  happenings: readonly Happening[],
  look: (talk: Talk) => void = () => {},
  taken: string[] = [],
): Talk {
  const talk = openTalk({ thread: { prompts: 20 } });
  if (talk.start(Alice, 'prompt 0.').ok) taken.push('prompt 0.');
  happenings.forEach((happens, n) => {
    happens(talk, n + 1, taken);
    look(talk);
  });
  return talk;
}

function isOpen({ head }: Part): boolean {
  return (
    (head.kind === 'tool' && (head.status === 'pending' || head.status === 'in_progress')) ||
    (head.kind === 'thought' && head.endedAt === null) ||
    (head.kind === 'permission' && head.answer.state === 'open')
  );
}

test('[TH19] whenever no turn runs, nothing is open', () => {
  assert(
    property(story, (happenings) => {
      played(happenings, (talk) => {
        if (talk.head().turn === 0) expect(talk.parts().filter(isOpen)).toEqual([]);
      });
    }),
  );
});

test('[TH19] every turn that began has one end, its last part; every question is settled once', () => {
  assert(
    property(story, (happenings) => {
      const talk = played(happenings);
      talk.ask(Sam, { type: 'thread.close' });
      const ends = talk.parts().filter(({ head }) => head.kind === 'end');
      expect(ends.map(({ turn }) => turn)).toEqual(
        Array.from({ length: ends.length }, (_, n) => n + 1),
      );
      expect(talk.sent()).toHaveLength(ends.length);
      for (const end of ends) {
        expect(talk.parts().findLast(({ turn }) => turn === end.turn)).toBe(end);
      }
      const said = talk.effects.filter(({ do: what }) => what === 'answer' || what === 'withdraw');
      const given = talk
        .parts()
        .filter(({ head }) => head.kind === 'permission' && head.answer.state === 'given');
      expect(said.filter(({ do: what }) => what === 'answer')).toHaveLength(given.length);
    }),
  );
});

test('[TH20] [TH25] the queue loses nothing and sends nothing twice, whatever happens to the agent', () => {
  assert(
    property(story, (happenings) => {
      const taken: string[] = [];
      const talk = played(happenings, () => {}, taken);
      const there = [...talk.queue(), ...talk.sent()];
      expect(taken.filter((prompt) => !there.includes(prompt))).toEqual([]);
      expect(there.filter((prompt) => !taken.includes(prompt))).toEqual([]);
      // Only a retry sends one again, and it takes a number of its own.
      expect(there.length).toBe(talk.kept().lastQueued);
    }),
  );
});

test('[TH20] one prompt is with the agent at a time', () => {
  assert(
    property(story, (happenings) => {
      let running = 0;
      played(happenings, (talk) => {
        const ends = talk.parts().filter(({ head }) => head.kind === 'end').length;
        running = talk.sent().length - ends;
        expect(running).toBeLessThanOrEqual(1);
        expect(running === 1).toBe(talk.head().turn > 0);
      });
    }),
  );
});

test('[TH31] the same happenings give the same segments, and the same is asked of the world', () => {
  assert(
    property(story, (happenings) => {
      const [one, two] = [played(happenings), played(happenings)];
      expect(one.segments()).toEqual(two.segments());
      expect(one.effects).toEqual(two.effects);
    }),
  );
});

test('[TH31] every part is in one segment, numbers grow, and what is over never changes', () => {
  assert(
    property(story, (happenings) => {
      let before = openTalk().segments();
      const talk = played(happenings, (now) => {
        const segments = now.segments();
        before.forEach((segment, at) => {
          if (segment.isOver) expect(segments[at]).toBe(segment);
          expect(segments[at]?.number).toBe(segment.number);
        });
        before = segments;
      });
      const ids = talk.segments().flatMap(({ parts }) => parts.map((part) => part.id));
      expect(ids).toEqual(talk.parts().map((part) => part.id));
      const numbers = talk.segments().map(({ number }) => number);
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
      expect(new Set(numbers).size).toBe(numbers.length);
      const queued = talk.segments().flatMap(({ queue }) => queue.map(({ text: one }) => one));
      expect(queued.toSorted()).toEqual(talk.queue().toSorted());
    }),
  );
});

test('[TH4] whatever comes in, what stands in a segment fits its schemas and its limits', () => {
  assert(
    property(story, (happenings) => {
      for (const { head, menu, queue, parts } of played(happenings).segments()) {
        v.parse(ThreadHead, head);
        v.parse(AgentMenu, menu);
        v.parse(v.array(QueuedPrompt), queue);
        for (const part of parts) {
          v.parse(PartHead, part.head);
          v.parse(v.array(ToolContent), part.contents);
          expect(utf8(JSON.stringify(part.head)).length).toBeLessThanOrEqual(HEAD_BYTES_MAX);
        }
      }
    }),
  );
});

test('[TH32] what was said before someone came stands in no segment that begins after', () => {
  assert(
    property(story, story, (before, after) => {
      const talk = played(before);
      const old = talk.segments().length;
      const marked = new Set(talk.parts().map((part) => part.id));
      const waiting = new Set(talk.segments().flatMap(({ queue }) => queue.map(({ id }) => id)));
      talk.admit();
      after.forEach((happens, n) => happens(talk, n + 1000, []));
      for (const segment of talk.segments().slice(old)) {
        expect(segment.parts.filter((part) => marked.has(part.id))).toEqual([]);
        // One that was sent and is asked for again is another entry, of a prompt that all may see.
        expect(segment.queue.filter((entry) => waiting.has(entry.id))).toEqual([]);
      }
    }),
  );
});

test('[TH36] killed at any moment, a thread comes back settled, with its queue; what rested is as it was', () => {
  assert(
    property(story, (happenings) => {
      const talk = played(happenings);
      const stored = talk.segments();
      const live = restoredThread({ segments: stored, kept: talk.kept(), sharer: Sam, at: 9e9 });
      if (live === null) throw new Error('nothing stored');
      const back = openTalk({ from: live });
      back.pass(0);
      const again = () =>
        restoredThread({ segments: back.segments(), kept: back.kept(), sharer: Sam, at: 9e9 });
      back.ask(Sam, { type: 'permission.answer', part: 1, option: 'none' });
      expect(back.parts().filter(isOpen)).toEqual([]);
      expect(back.queue().toSorted()).toEqual(talk.queue().toSorted());
      expect(back.kept()).toEqual(talk.kept());
      const rested = talk.head().turn === 0;
      if (rested) expect(back.parts()).toEqual(talk.parts());
      // A second death changes nothing any more.
      const twice = again();
      if (twice === null) throw new Error('nothing stored');
      const segments = back.segments();
      const third = openTalk({ from: twice });
      third.ask(Sam, { type: 'permission.answer', part: 1, option: 'none' });
      expect(third.segments()).toEqual(segments);
    }),
  );
});

test('[TH14] however an answer is split, the same text stands there', () => {
  assert(
    property(string(), array(integer({ min: 0, max: 60 }), { maxLength: 8 }), (whole, cuts) => {
      const said = (pieces: readonly string[], make: typeof answer): readonly string[] => {
        const talk = openTalk();
        talk.start(Alice, 'x');
        talk.ready();
        talk.tell(...pieces.map((piece) => make(piece)), tool('end'));
        return talk
          .parts()
          .slice(1)
          .map((part) => part.text);
      };
      const at = [0, ...cuts.map((cut) => cut % (whole.length + 1)), whole.length].toSorted(
        (a, b) => a - b,
      );
      const pieces = at.map((from, n) => whole.slice(from, at[n + 1]));
      for (const make of [answer, thought]) expect(said(pieces, make)).toEqual(said([whole], make));
    }),
  );
});
