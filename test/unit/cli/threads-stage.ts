// What the stories of threads in a terminal need: parts, a segment, a thread.
import { idOf, ThreadId } from '../../../src/protocol/ids.ts';
import type { Part, PartHead, Segment, ThreadHead } from '../../../src/protocol/thread.ts';
import { BOB, keyOf } from './stage.ts';

export const ALICE = keyOf(1);
export const THREAD = idOf(ThreadId, new Uint8Array(8).fill(7));

export function part(id: number, head: PartHead, text = '', more: Partial<Part> = {}): Part {
  return { id, turn: 1, head, text, omitted: 0, contents: [], ...more };
}

export const IDLE: ThreadHead = {
  title: '',
  status: 'idle',
  turn: 0,
  turnBy: null,
  turnSince: null,
  quietSince: null,
  actsAlone: false,
  context: null,
};

export function segment(parts: readonly Part[], changes: Partial<Segment> = {}): Segment {
  return {
    number: 3,
    thread: THREAD,
    index: 0,
    agent: { id: 'demo', name: 'Demo agent (no model)', kind: 'demo' },
    directory: '~/project',
    openedAt: 1000,
    firstPart: 1,
    isOver: false,
    head: IDLE,
    menu: { options: [], commands: [] },
    queue: [],
    parts,
    ...changes,
  };
}

export const PERMISSION: Part = part(
  5,
  {
    kind: 'permission',
    call: 'c1',
    title: 'Run: rm -r build',
    options: [
      { id: 'yes', name: 'Allow once', kind: 'allow_once' },
      { id: 'ever', name: 'Always allow', kind: 'allow_always' },
      { id: 'no', name: 'Reject', kind: 'reject_once' },
    ],
    at: 4000,
    answer: { state: 'open' },
  },
  '',
);

/** A turn of Bob's with one of each. */
export const TURN: readonly Part[] = [
  part(1, { kind: 'prompt', author: BOB, at: 1000 }, 'Tidy \u001b[31mup\u202e\nplease'),
  part(2, { kind: 'thought', startedAt: 1000, endedAt: 13_000 }, 'I should look first.'),
  part(3, {
    kind: 'plan',
    entries: [
      { content: 'Look', status: 'completed', priority: 'high' },
      { content: 'Remove the build', status: 'in_progress', priority: 'low' },
    ],
  }),
  part(
    4,
    {
      kind: 'tool',
      call: 'c1',
      tool: 'execute',
      title: 'ls -la',
      status: 'completed',
      locations: [],
      startedAt: 2000,
      endedAt: 5000,
      exit: 0,
    },
    Array.from({ length: 9 }, (_, i) => `file ${i + 1}\u001b[1m`).join('\r\n'),
  ),
];
