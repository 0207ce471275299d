// What may be asked of agents, message by message, by people of every kind: sent by hand, past any
// page that would not offer it.
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import type { Action } from '../../../src/protocol/action.ts';
import { lasting, PRESETS, type Capability } from '../../../src/protocol/capability.ts';
import { ThreadId } from '../../../src/protocol/ids.ts';
import { mayPrompt, type AgentAction, type AgentFacts } from '../../../src/session/agent-rights.ts';
import { ALICE, BOB, keyOf, openStage, SHARER, told } from './stage.ts';

const ASKING = v.parse(ThreadId, 'AAAAAAAAAAA');
const ALONE = v.parse(ThreadId, 'BBBBBBBBBBA');

/** Alice has put entry 1 into each queue, Bob entry 2; part 5 is a permission. */
const facts: AgentFacts = {
  threads: new Map(
    [ASKING, ALONE].map((thread) => [
      thread,
      {
        actsAlone: thread === ALONE,
        queued: new Map([
          [1, ALICE],
          [2, BOB],
        ]),
        offered: new Map([
          [
            5,
            new Map([
              ['once', 'allow_once'],
              ['always', 'allow_always'],
              ['no', 'reject_once'],
              ['never', 'reject_always'],
            ] as const),
          ],
        ]),
      },
    ]),
  ),
  alone: new Set(['daring']),
};

const PEOPLE = {
  neither: ['view', 'suggest', 'draft', 'run', 'type'],
  prompt: ['view', 'prompt'],
  approve: ['view', 'approve'],
  both: ['view', 'prompt', 'approve'],
  editor: PRESETS.editor,
} as const satisfies Record<string, readonly Capability[]>;
type Person = keyof typeof PEOPLE;

/** Bob, with the rights of each of these people in turn: whether it reaches the agent. */
interface Case {
  readonly action: AgentAction;
  readonly what: string;
  readonly may: readonly Person[];
}

const prompters: readonly Person[] = ['prompt', 'both', 'editor'];
const approvers: readonly Person[] = ['approve', 'both', 'editor'];
const editor: readonly Person[] = ['editor'];

function inThread(thread: ThreadId): readonly Case[] {
  const isAlone = thread === ALONE;
  const where = isAlone ? 'a thread that acts alone' : 'a thread that asks';
  const asks = isAlone ? editor : prompters;
  const cases: readonly (readonly [AgentAction, readonly Person[], string?])[] = [
    [{ type: 'thread.prompt', thread, text: 'go' }, asks],
    [{ type: 'thread.retry', thread }, asks],
    [{ type: 'thread.restart', thread }, asks],
    [{ type: 'thread.stop', thread }, prompters],
    [{ type: 'thread.rename', thread, title: 'x' }, prompters],
    [{ type: 'thread.close', thread }, prompters],
    [{ type: 'thread.configure', thread, option: 'mode', value: 'act' }, editor],
    [{ type: 'queue.edit', thread, id: 2, text: 'x' }, prompters, 'his own'],
    [{ type: 'queue.remove', thread, id: 2 }, prompters, 'his own'],
    [{ type: 'queue.move', thread, id: 2, to: 0 }, prompters, 'his own'],
    [{ type: 'queue.sendNow', thread, id: 2 }, asks, 'his own'],
    [{ type: 'queue.edit', thread, id: 1, text: 'x' }, [], 'of Alice’s'],
    [{ type: 'queue.remove', thread, id: 1 }, [], 'of Alice’s'],
    [{ type: 'queue.move', thread, id: 1, to: 0 }, [], 'of Alice’s'],
    [{ type: 'queue.sendNow', thread, id: 1 }, [], 'of Alice’s'],
    [{ type: 'permission.answer', thread, part: 5, option: 'once' }, approvers, 'allow once'],
    [{ type: 'permission.answer', thread, part: 5, option: 'no' }, approvers, 'reject once'],
    [{ type: 'permission.answer', thread, part: 5, option: 'always' }, [], 'allow always'],
    [{ type: 'permission.answer', thread, part: 5, option: 'never' }, [], 'reject always'],
  ];
  return cases.map(([action, may, what = '']) => ({
    action,
    may,
    what: `${action.type} ${what} in ${where}`,
  }));
}

const CASES: readonly Case[] = [
  { action: { type: 'thread.start', agent: 'shy' }, what: 'thread.start', may: prompters },
  {
    action: { type: 'thread.start', agent: 'daring', prompt: 'go' },
    what: 'thread.start of an agent that acts alone',
    may: editor,
  },
  ...inThread(ASKING),
  ...inThread(ALONE),
];

function reaches(capabilities: readonly Capability[], action: Action): unknown {
  const stage = openStage();
  stage.bring(BOB, 11, capabilities);
  const effects = stage.act(BOB, 11, action, { agents: facts });
  const performed = effects.some((effect) => effect.do === 'perform');
  return performed ? 'reaches it' : told(effects, 11);
}

describe.each(CASES)('$what', ({ action, may }) => {
  const people: readonly Person[] = ['neither', 'prompt', 'approve', 'both', 'editor'];
  test.each(people)('[TR7] sent by hand with the rights of: %s', (person) => {
    const answer = reaches(PEOPLE[person], action);
    if (may.includes(person)) expect(answer).toBe('reaches it');
    else expect(answer).toMatchObject({ ok: false });
  });

  test('[TR7] from a page of the sharer’s own it goes through', () => {
    const stage = openStage();
    stage.ownPage(keyOf(9), 20);
    const effects = stage.act(keyOf(9), 20, action, { agents: facts });
    const performed = effects.find((effect) => effect.do === 'perform');
    expect(performed).toMatchObject({ action, author: SHARER });
  });
});

test('[TR7] each refusal has its own words', () => {
  const editor = PRESETS.editor;
  const asked = (action: AgentAction) => reaches(editor, action);
  expect(asked({ type: 'queue.remove', thread: ASKING, id: 1 })).toEqual({
    ok: false,
    fault: 'thread.notYours',
  });
  expect(asked({ type: 'permission.answer', thread: ASKING, part: 5, option: 'always' })).toEqual({
    ok: false,
    fault: 'permission.always',
  });
  expect(reaches(['view', 'prompt'], { type: 'thread.retry', thread: ALONE })).toEqual({
    ok: false,
    fault: 'thread.actsAlone',
  });
});

test('[TR8] a prompt that leaves the queue is judged by the rights of that moment', () => {
  const prompt = lasting(['view', 'prompt'], null);
  expect(mayPrompt(prompt, false)).toBe(true);
  expect(mayPrompt(prompt, true)).toBe(false);
  expect(mayPrompt(lasting(PRESETS.editor, null), true)).toBe(true);
  expect(mayPrompt({}, false)).toBe(false);
});
