// When what an agent says is written, and that its processes come one after the other.
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { NO_LIMITS } from '../../../src/agent/prompt-limits.ts';
import { newThread } from '../../../src/agent/segments.ts';
import type { Agent, AgentEvent, AgentLaunch } from '../../../src/agent/agent-event.ts';
import { openMasking } from '../../../src/agent/masking.ts';
import { HEARING_MS, MOMENT_MS_MIN, openSharedMoments } from '../../../src/agent/shared-moments.ts';
import { openThreadLife } from '../../../src/host/thread-life.ts';
import { ThreadId } from '../../../src/protocol/ids.ts';
import type { Outcome } from '../../../src/protocol/message.ts';
import type { Segment } from '../../../src/protocol/thread.ts';
import { fakeClock } from '../../fake-clock.ts';
import { keyOf } from '../session/stage.ts';

const ALICE = keyOf(1);

function stage() {
  const clock = fakeClock();
  const written: Segment[] = [];
  const outcomes: Outcome[] = [];
  const opened: {
    readonly launch: AgentLaunch;
    readonly tell: (event: AgentEvent) => void;
    readonly prompts: string[];
    readonly gone: () => void;
  }[] = [];
  let next = 5;
  const masking = openMasking({ secrets: ['correcthorse'], home: '/home/alice' });
  const setup = {
    thread: v.parse(ThreadId, 'AAAAAAAAAAA'),
    agent: { id: 'shy', name: 'Shy', kind: 'agent' as const },
    directory: '~',
    sharer: ALICE,
  };
  const life = openThreadLife({
    thread: newThread(setup, { number: 4, at: clock.now(), directory: '/' }),
    written: [],
    ports: {
      mask: masking.mask,
      limits: { person: NO_LIMITS, thread: NO_LIMITS },
      mayPrompt: () => true,
      spentElsewhere: () => ({
        prompts: 0,
        usage: {
          turns: 0,
          input: null,
          output: null,
          total: null,
          costs: [],
          estimated: false,
          silent: 0,
        },
      }),
    },
    masking,
    clock,
    moments: openSharedMoments(clock),
    count: { next: () => next, take: () => next++ },
    open(launch, tell): Agent {
      const prompts: string[] = [];
      let gone = (): void => {};
      const over = new Promise<void>((resolve) => {
        gone = resolve;
      });
      opened.push({ launch, tell, prompts, gone });
      return {
        prompt: (text) => void prompts.push(text),
        cancel: () => {},
        answer: () => {},
        withdraw: () => {},
        configure: () => {},
        close: () => over,
      };
    },
    launch: (resume) => ({ command: 'shy', args: [], env: {}, directory: '/', resume }),
    write: (segment) => void written.push(segment),
    keep: () => {},
    signIn: () => {},
    answer: (_, outcome) => void outcomes.push(outcome),
    changed: () => {},
  });
  const texts = (): string => (written.at(-1)?.parts ?? []).map((part) => part.text).join('|');
  const ready: AgentEvent = {
    on: 'ready',
    name: 'Shy',
    version: '1',
    session: 's',
    resumed: false,
    options: [],
    actsAlone: false,
  };
  return { clock, life, written, outcomes, opened, texts, ready };
}

const says = (text: string): AgentEvent => ({ on: 'answer', message: null, text });

async function running() {
  const on = stage();
  const { thread } = { thread: v.parse(ThreadId, 'AAAAAAAAAAA') };
  on.life.ask(1, { type: 'thread.start', agent: 'shy', prompt: 'go' }, by());
  await on.clock.pass(0);
  on.opened[0]?.tell(on.ready);
  await on.clock.pass(1000);
  return { ...on, thread, tell: (event: AgentEvent) => on.opened[0]?.tell(event) };
}

function by() {
  return { author: ALICE, owner: true };
}

test('[TR5] the first words go at once, those that follow together, a question and an end at once', async () => {
  const { clock, written, texts, tell } = await running();
  const before = written.length;
  tell(says('one '));
  expect(written).toHaveLength(before + 1);
  expect(texts()).toBe('go|one ');
  for (const word of ['two ', 'three ', 'four ']) {
    tell(says(word));
    await clock.pass(30);
  }
  expect(written).toHaveLength(before + 1);
  await clock.pass(MOMENT_MS_MIN + HEARING_MS - 90);
  expect(written).toHaveLength(before + 2);
  expect(texts()).toBe('go|one two three four ');
  tell(says('five '));
  tell({
    on: 'permission',
    request: 1,
    call: null,
    patch: { title: 'rm' },
    options: [{ id: 'once', name: 'Once', kind: 'allow_once' }],
  });
  expect(texts()).toContain('five ');
  expect(written.at(-1)?.head.status).toBe('waiting');
  const asked = written.length;
  tell({ on: 'turnEnded', stop: 'end_turn', tokens: null });
  expect(written.length).toBeGreaterThan(asked);
  expect(written.at(-1)?.head.status).toBe('idle');
});

test('[TR9] what was asked is written before its outcome is told', async () => {
  const { life, written, outcomes, thread } = await running();
  life.ask(2, { type: 'thread.prompt', thread, text: 'next' }, by());
  expect(outcomes.at(-1)).toEqual({ ok: true, queued: 2 });
  expect(written.at(-1)?.queue.map((one) => one.text)).toEqual(['next']);
});

test('[MK1] what a stream says is masked before it is written', async () => {
  const { clock, written, tell } = await running();
  for (const piece of ['the key is correct', 'horse and lies in /home/', 'alice/keys ', 'so ']) {
    tell(says(piece));
    await clock.pass(400);
  }
  tell({ on: 'turnEnded', stop: 'end_turn', tokens: null });
  const all = JSON.stringify(written);
  expect(all).not.toContain('correcthorse');
  expect(all).not.toContain('/home/alice');
  expect(all).toContain('~/keys');
});

test('[TR11] the next process begins when the one before it is gone, with its session', async () => {
  const { clock, life, opened, thread, tell } = await running();
  tell({ on: 'turnEnded', stop: 'end_turn', tokens: null });
  life.ask(2, { type: 'thread.restart', thread }, by());
  await clock.pass(100);
  expect(opened).toHaveLength(1);
  opened[0]?.gone();
  await clock.pass(0);
  expect(opened.map((one) => one.launch.resume)).toEqual([null, 's']);
});

test('[TR11] closing it waits until its process is gone, and nothing wakes after', async () => {
  const { clock, life, opened } = await running();
  let isOver = false;
  const over = life.close().then(() => {
    isOver = true;
  });
  await clock.pass(10_000);
  expect(isOver).toBe(false);
  opened[0]?.gone();
  await over;
  expect(clock.timers()).toBe(0);
});
