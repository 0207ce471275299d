// A thread's segment as these tests write it: Alice's session, the demo agent.
import * as v from 'valibot';
import { ThreadId } from '../../../src/protocol/ids.ts';
import type { Part, Segment } from '../../../src/protocol/thread.ts';

export const THREAD = v.parse(ThreadId, 'dGhyZWFkMDE');

export const aSegment: Segment = {
  number: 3,
  thread: THREAD,
  index: 0,
  agent: { id: 'demo', name: 'Demo agent (no model)', kind: 'demo' },
  directory: '~/meshell',
  openedAt: 1_700_000_000_000,
  firstPart: 1,
  isOver: false,
  head: {
    title: '',
    status: 'idle',
    turn: 0,
    turnBy: null,
    turnSince: null,
    quietSince: null,
    actsAlone: false,
    context: null,
  },
  menu: { options: [], commands: [] },
  queue: [],
  parts: [],
};

export function answerPart(id: number, text: string): Part {
  return { id, turn: 1, head: { kind: 'answer' }, text, omitted: 0, contents: [] };
}
