// The demo agent: carries out its small grammar with real commands, real files and real questions
// for leave. There is no model behind it, and it says so first.
import { setTimeout as after } from 'node:timers/promises';
import type { AvailableCommand, PlanEntry } from '@agentclientprotocol/sdk/unstable';
import {
  DEMO_SECONDS_MAX,
  DEMO_WORDS,
  demoSteps,
  estimatedTokens,
  type DemoStep,
} from './demo-grammar.ts';
import { firstWords } from '../cut-words.ts';
import { BUILT_IN } from './launch.ts';
import {
  TurnFailed,
  type Conversation,
  type ServedAgent,
  type TurnOutcome,
} from './served-agent.ts';
import { textContent, type Turn } from './turn.ts';
import { failed, read, replace, shell, write, type Done } from './workbench.ts';

const NAMES = Object.keys(DEMO_WORDS);
const GREETING = `**No AI is behind this agent.** It carries out these words and nothing else: ${NAMES.map(
  (name) => `\`${name}\``,
).join(', ')}.\n\n`;
/** What it pretends its window to be, in tokens, so that a context bar has something to show. */
const WINDOW_TOKENS = 32_000;
const TITLE_CHARS_MAX = 60;
/** Between two ticks of a stream, in ms: agents send every 10 to 20. */
const TICK_MS = 13;
/** One token each, of 4 to 20 characters with the blank after it, 12 on an average. */
const WORDS =
  'and with every thread permits together everybody understood instruments conversation collaborates understandable internationally responsibilities straightforwardly interrelationships representationalist '.split(
    /(?<= )/,
  );

export function demoAgent(version: string): ServedAgent {
  return {
    name: BUILT_IN.demo.name,
    version,
    commands: commands(),
    open: async () => openConversation(),
  };
}

function commands(): AvailableCommand[] {
  return Object.entries(DEMO_WORDS).map(([name, { takes, says }]) => ({
    name,
    description: says,
    ...(takes === '' ? {} : { input: { hint: takes } }),
  }));
}

function openConversation(): Conversation {
  /** Characters of all prompts and answers. */
  let heard = 0;
  let said = 0;
  return {
    options: () => [],
    choose: async () => false,
    turn: async (text, turn) => {
      const isFirst = heard === 0;
      heard += text.length;
      if (isFirst) {
        await turn.say(GREETING);
        await turn.title(titleOf(text));
      }
      try {
        await carryOut(demoSteps(text), turn);
      } finally {
        said += turn.spoken();
      }
      await turn.context(Math.ceil((heard + said) / 4), WINDOW_TOKENS, true);
      return outcome(text, turn);
    },
  };
}

function outcome(text: string, turn: Turn): TurnOutcome {
  const counted = { input: estimatedTokens(text), output: Math.ceil(turn.spoken() / 4) };
  const tokens = { ...counted, thought: null, cachedRead: null };
  return { stop: 'end_turn', tokens, estimated: true };
}

function titleOf(text: string): string {
  const [line = ''] = text.trim().split('\n', 1);
  return firstWords(line, TITLE_CHARS_MAX);
}

/** A plan is worked off by the steps after it. */
async function carryOut(steps: readonly DemoStep[], turn: Turn): Promise<void> {
  let items: readonly string[] = [];
  let at = 0;
  if (steps.length === 0) await help(turn);
  for (const step of steps) {
    turn.signal.throwIfAborted();
    if (step.do === 'plan') {
      items = step.items;
      at = 0;
      await turn.plan(planOf(items, 0, false));
      continue;
    }
    if (at < items.length) await turn.plan(planOf(items, at, true));
    await perform(step, turn);
    at += 1;
    if (at <= items.length) await turn.plan(planOf(items, at, false));
  }
}

function planOf(items: readonly string[], at: number, isBegun: boolean): PlanEntry[] {
  return items.map((content, i) => ({
    content,
    priority: 'medium',
    status: i < at ? 'completed' : i === at && isBegun ? 'in_progress' : 'pending',
  }));
}

async function perform(step: Exclude<DemoStep, { do: 'plan' }>, turn: Turn): Promise<void> {
  switch (step.do) {
    case 'help':
      return help(turn);
    case 'run':
      return tellOf(turn, await shell(turn, step.command, DEMO_SECONDS_MAX * 1000), 'It ran.');
    case 'read':
      return tellOf(turn, await read(turn, step.path), `I read \`${step.path}\`.`);
    case 'write':
      return tellOf(turn, await write(turn, step.path, step.text), `I wrote \`${step.path}\`.`);
    case 'replace': {
      const done = await replace(turn, step.path, step.from, step.to);
      return tellOf(turn, done, `I changed \`${step.path}\`.`);
    }
    case 'think':
      return turn.think(`${step.text}\n`);
    case 'say':
      return turn.say(`${step.text}\n\n`);
    case 'ask':
      return askFor(turn, step.question);
    case 'slow':
      await after(step.seconds * 1000, undefined, { signal: turn.signal });
      return turn.say(`I said nothing for ${step.seconds} s.\n\n`);
    case 'stream':
      return stream(turn, step.perSecond, step.seconds);
    case 'title':
      return turn.title(step.text);
    case 'notice':
      return turn.notice('info', step.text);
    case 'fail':
      return fail(turn, step.how);
    case 'wrong':
      return turn.say(`\`${step.line}\`: ${step.because} Say \`help\` for all it can do.\n\n`);
    default:
      return step satisfies never;
  }
}

/** What a tool showed stands on its card: here only whether it went well. */
async function tellOf(turn: Turn, done: Done, well: string): Promise<void> {
  const [first = ''] = done.text.trim().split('\n').slice(-1);
  return turn.say(done.ok ? `${well}\n\n` : `That did not work: ${first}\n\n`);
}

async function help(turn: Turn): Promise<void> {
  const rows = Object.entries(DEMO_WORDS).map(
    ([name, { takes, says }]) => `- \`${`${name} ${takes}`.trim()}\`: ${says}`,
  );
  await turn.say(
    `One step a line, or several joined by \`;;\`:\n\n${rows.join('\n')}\n\nNo model reads this.\n\n`,
  );
}

async function askFor(turn: Turn, question: string): Promise<void> {
  const card = await turn.card({ title: question, kind: 'other' });
  const isAllowed = await card.ask('ask');
  await card.end(isAllowed ? 'completed' : 'failed', [textContent(isAllowed ? 'Yes.' : 'No.')]);
  return turn.say(isAllowed ? 'I may. I do nothing with it.\n\n' : 'I may not.\n\n');
}

/** So many tokens a second, caught up with where a tick came late. */
async function stream(turn: Turn, perSecond: number, seconds: number): Promise<void> {
  const begun = performance.now();
  const total = Math.round(perSecond * seconds);
  for (let sent = 0; sent < total;) {
    const elapsed = (performance.now() - begun) / 1000;
    const due = Math.min(total, Math.floor(elapsed * perSecond));
    for (; sent < due; sent += 1) await turn.say(WORDS[sent % WORDS.length] ?? '');
    await after(TICK_MS, undefined, { signal: turn.signal });
  }
  return turn.say('\n\n');
}

async function fail(turn: Turn, how: 'error' | 'tool' | 'exit'): Promise<void> {
  if (how === 'error') throw new TurnFailed('The turn failed, as it was asked to.');
  if (how === 'exit') process.exit(3);
  const card = await turn.card({ title: 'A tool that fails', kind: 'other' });
  await failed(card, 'It failed, as it was asked to.');
}
