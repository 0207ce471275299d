// What a real agent is led through, and what must have been told of it. Each scene says in a few
// words what it saw; a scene that fails throws.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { expect } from 'vitest';
import { inOrder, type ModelAnswer } from '../stage/model-endpoint.ts';
import type { Told } from '../stage/told-agent.ts';
import type { RealAgent } from './real-agents.ts';
import type { Rig } from './rig.ts';

export interface Scene {
  readonly title: string;
  readonly answers: (real: RealAgent, work: string) => readonly ModelAnswer[];
  readonly play: (rig: Rig) => Promise<string>;
}

const PERMISSION = 'permission' as const;
const UNTIL_MS = 30_000;
const LOOK_MS = 50;
/**
 * Qwen writes its last answer into its own file after it has said that the turn is over: ended at
 * once it forgets that answer, ended 300 ms later it did not. Our transcript has it either way.
 */
const OWN_FILE_MS = 1000;

export const SCENES: readonly Scene[] = [
  {
    title: 'a whole turn: thought, plan, command, new file, answer, usage',
    answers: ({ calls }, work) => [
      {
        do: 'say',
        thoughts: 'First a plan, then the work.',
        text: 'Here is how. ',
        calls: [calls.plan(['dig', 'fill'])],
      },
      { do: 'say', calls: [calls.run('touch dug && echo dug-$((40 + 2))')] },
      { do: 'say', calls: [calls.write(join(work, 'hole.txt'), 'deep\nwide\n')] },
      { do: 'say', text: 'The hole is there.' },
    ],
    async play(rig) {
      const told = rig.start();
      await told.event('ready');
      answerAll(told, 'allow_once');
      told.agent.prompt('Please dig a hole.');
      const end = await told.event('turnEnded');
      expect(end.stop).toBe('end_turn');
      expect(textOf(told, 'thought')).toContain('First a plan');
      expect(told.answers()).toContain('The hole is there.');
      expect(plansOf(told)).toContainEqual(['dig', 'fill']);
      expect(existsSync(join(rig.work, 'dug'))).toBe(true);
      expect(outputsOf(told)).toContain('dug-42');
      expect(readFileSync(join(rig.work, 'hole.txt'), 'utf8')).toBe('deep\nwide\n');
      const diff = told.events
        .flatMap((e) => (e.on === PERMISSION || e.on === 'tool' ? (e.patch.contents ?? []) : []))
        .find((content) => content.type === 'diff');
      expect(diff).toMatchObject({ added: 2, removed: 0, oldText: null });
      expect(permissionsOf(told)).toBe(2);
      return `2 permissions, ${told.events.length} events, ${usageWords(told, rig.real)}`;
    },
  },
  {
    title: 'a permission is rejected: nothing is run',
    answers: ({ calls }) => [
      { do: 'say', calls: [calls.run('touch forbidden')] },
      { do: 'say', text: 'Then not.' },
    ],
    async play(rig) {
      const told = rig.start();
      await told.event('ready');
      answerAll(told, 'reject_once');
      told.agent.prompt('Please touch it.');
      const end = await told.event('turnEnded');
      expect(permissionsOf(told)).toBe(1);
      expect(existsSync(join(rig.work, 'forbidden'))).toBe(false);
      const goesOn = told.answers().includes('Then not.');
      return `${goesOn ? 'the turn goes on' : 'the turn ends'}, ${end.stop}`;
    },
  },
  {
    title: 'a permission is open when the turn is stopped',
    answers: ({ calls }) => [{ do: 'say', calls: [calls.run('touch forbidden')] }],
    async play(rig) {
      const told = rig.start();
      await told.event('ready');
      told.agent.prompt('Please touch it.');
      await told.event(PERMISSION);
      told.agent.cancel();
      const ended = await endOf(told);
      expect(existsSync(join(rig.work, 'forbidden'))).toBe(false);
      return ended;
    },
  },
  {
    title: 'a turn is stopped in the middle of a command',
    answers: ({ calls }) => [
      { do: 'say', calls: [calls.run('echo $$ > pid; exec tail -f /dev/null')] },
      { do: 'say', text: 'Never said.' },
    ],
    async play(rig) {
      const told = rig.start();
      await told.event('ready');
      answerAll(told, 'allow_once');
      told.agent.prompt('Please wait for ever.');
      await told.event(PERMISSION);
      const pid = await appears(join(rig.work, 'pid'));
      told.agent.cancel();
      const ended = await endOf(told);
      await until('its command is gone', () => !existsSync(`/proc/${pid}`));
      expect(told.answers()).not.toContain('Never said.');
      return `${ended}, its command is gone`;
    },
  },
  {
    title: 'a turn is stopped while the model writes',
    answers: () => [{ do: 'say', text: 'word '.repeat(2000), everyMs: 100 }],
    async play(rig) {
      const told = rig.start();
      await told.event('ready');
      told.agent.prompt('Please tell a long story.');
      await told.heard('word word');
      told.agent.cancel();
      return endOf(told);
    },
  },
  {
    title: 'after its end it takes its session up again',
    answers: () => [
      { do: 'say', text: 'I shall remember.' },
      { do: 'say', text: 'I do remember.' },
    ],
    async play(rig) {
      const first = rig.start();
      const { session } = await first.event('ready');
      first.agent.prompt('Remember me.');
      await first.event('turnEnded');
      await after(OWN_FILE_MS);
      await first.agent.close();
      const second = rig.start(session);
      const again = await second.event('ready');
      expect(again).toMatchObject({ session, resumed: true });
      expect(second.answers()).toBe('');
      second.agent.prompt('Do you?');
      await second.event('turnEnded');
      expect(second.answers()).toContain('I do remember.');
      // The model is scripted: what counts is that it was told what was said before.
      expect(rig.context()).toContain('Remember me.');
      expect(rig.context()).toContain('I shall remember.');
      return 'the model was told what was said before; viewers were not told it again';
    },
  },
  {
    title: 'its mode is changed',
    answers: () => [],
    async play(rig) {
      const told = rig.start();
      const { options, actsAlone } = await told.event('ready');
      const mode = options.find(({ category }) => category === 'mode');
      expect(mode).toBeDefined();
      expect(actsAlone).toBe(false);
      told.agent.configure(mode?.id ?? '', rig.real.otherMode);
      const changed = await told.event('options');
      const now = changed.options.find(({ category }) => category === 'mode')?.value;
      expect(now).toBe(rig.real.otherMode);
      expect(changed.actsAlone).toBe(rig.real.otherMode === 'yolo');
      const alone = changed.actsAlone ? 'acts without asking' : 'asks';
      return `${mode?.value} → ${now} (${alone}); ${options.map(({ id }) => id).join(', ')}`;
    },
  },
  {
    title: 'the model’s provider refuses the key',
    answers: () => [{ do: 'refuse', status: 401, message: 'Incorrect API key provided.' }],
    async play(rig) {
      const told = rig.start();
      await told.event('ready');
      told.agent.prompt('Hello?');
      const { message, signIn } = await told.event('turnFailed');
      expect(message).toMatch(/API key|401/);
      return `“${(message.split('\n')[0] ?? '').slice(0, 80)}”${signIn ? ', sign-in' : ''}`;
    },
  },
];

/** The model's side of a scene: calls without tools are for titles and summaries. */
export function modelOf(scene: Scene, real: RealAgent, work: () => string) {
  let answer: ReturnType<typeof inOrder> | null = null;
  return (...asked: Parameters<ReturnType<typeof inOrder>>): ModelAnswer => {
    answer ??= inOrder(...scene.answers(real, work()));
    return answer(...asked);
  };
}

/** Answers every permission as it comes. */
function answerAll({ agent, event, events }: Told, kind: 'allow_once' | 'reject_once'): void {
  void (async () => {
    for (let next = 0; ;) {
      const asked = await event(PERMISSION, next);
      next = events.indexOf(asked) + 1;
      const option = asked.options.find((candidate) => candidate.kind === kind);
      if (option !== undefined) agent.answer(asked.request, option.id);
    }
  })().catch(() => undefined); // no more questions came
}

/** A turn that was stopped ends: with its answer, or with an error (Qwen). */
async function endOf(told: Told): Promise<string> {
  return Promise.race([
    told.event('turnEnded').then(({ stop }) => stop),
    told.event('turnFailed').then(({ message }) => `error “${message.slice(0, 60)}”`),
  ]);
}

async function appears(file: string): Promise<string> {
  const text = (): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');
  await until(`${file} is written`, () => /\d\n/.test(text()));
  return text().trim();
}

async function until(what: string, isSo: () => boolean): Promise<void> {
  const deadline = performance.now() + UNTIL_MS;
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error(`Not within ${UNTIL_MS} ms: ${what}`);
    await after(LOOK_MS);
  }
}

function textOf({ events }: Told, on: 'thought'): string {
  return events.map((event) => (event.on === on ? event.text : '')).join('');
}

function plansOf({ events }: Told): readonly (readonly string[])[] {
  return events.flatMap((event) => {
    const plan =
      event.on === 'plan' ? event.entries : event.on === 'tool' ? event.patch.plan : undefined;
    return plan === undefined ? [] : [plan.map(({ content }) => content)];
  });
}

function outputsOf({ events }: Told): string {
  return events
    .flatMap((event) => (event.on === 'tool' ? (event.patch.contents ?? []) : []))
    .map((content) => (content.type === 'text' ? content.text : ''))
    .join('\n');
}

function permissionsOf({ events }: Told): number {
  return events.filter(({ on }) => on === PERMISSION).length;
}

function usageWords({ events }: Told, real: RealAgent): string {
  const end = events.find((event) => event.on === 'turnEnded');
  const calls = events.flatMap((event) => (event.on === 'counted' ? [event.tokens] : []));
  const context = events.findLast((event) => event.on === 'context');
  const tokens = end?.on === 'turnEnded' ? end.tokens : null;
  const sum = calls.reduce((all, { input }) => all + (input ?? 0), 0);
  const counted = tokens?.input ?? sum;
  expect(counted).toBeGreaterThan(0);
  if (!real.reportsCost) return `${counted} tokens in (${calls.length} calls), no cost reported`;
  expect(context).toMatchObject({ size: 32_768, cost: { currency: 'USD' } });
  const cost = context?.on === 'context' ? context.cost : null;
  return `${counted} tokens in (its last call), ${cost?.amount} ${cost?.currency}`;
}
