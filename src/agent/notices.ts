// What a thread says in its own voice: a code, how grave it is, and the sentence. Whoever writes a
// notice takes it from here; nobody composes one elsewhere. `detail` is already safe to show.

import type { SignInWays } from './agent-event.ts';

export type NoticeLevel = 'info' | 'warning' | 'error';

export interface NoticeWords {
  readonly level: NoticeLevel;
  readonly sentence: (detail: string) => string;
}

/** A sentence, and after it what the agent or the system itself said of it. */
function withDetail(sentence: string): (detail: string) => string {
  return (detail) => (detail === '' ? sentence : `${sentence} ${detail}`);
}

export const AGENT_NOTICES = {
  'agent.missing': {
    level: 'error',
    sentence: withDetail('The agent was not found on this computer. Is it installed?'),
  },
  'agent.noDirectory': {
    level: 'error',
    sentence: () => 'The directory that this conversation began in is not there any more.',
  },
  'agent.exitedAtStart': {
    level: 'error',
    sentence: withDetail('The agent ended before it was ready. What was asked waits.'),
  },
  'agent.refused': {
    level: 'error',
    sentence: withDetail('The agent would not begin a conversation.'),
  },
  'agent.silentAtStart': {
    level: 'error',
    sentence: withDetail(
      'The agent started but never answered, and was ended. What was asked waits.',
    ),
  },
  'agent.garbage': {
    level: 'error',
    sentence: withDetail('What the agent wrote is not the Agent Client Protocol. It was ended.'),
  },
  'agent.tooOld': {
    level: 'error',
    sentence: withDetail('The agent speaks another version of the Agent Client Protocol.'),
  },
  'agent.flood': {
    level: 'error',
    sentence: withDetail('The agent sent more at once than can be taken, and was ended.'),
  },
  'agent.signIn': {
    level: 'warning',
    sentence: withDetail(
      'The agent wants someone to sign in on the sharer’s computer. Then restart it.',
    ),
  },
  'agent.exited': { level: 'error', sentence: withDetail('The agent ended.') },
  'agent.forced': {
    level: 'warning',
    sentence: () => 'The agent did not stop when asked to and was ended.',
  },
  'agent.forgot': {
    level: 'info',
    sentence: () => 'The agent was started anew and does not remember what was said before.',
  },
  'agent.late': {
    level: 'info',
    sentence: () => 'The agent went on after its turn had ended.',
  },
  'agent.says': { level: 'info', sentence: (detail) => detail },
  'agent.unknown': {
    level: 'info',
    sentence: (detail) => `The agent sent something that meshell does not know: ${detail}.`,
  },
  'turn.failed': { level: 'error', sentence: withDetail('The agent answered with an error.') },
  'turn.interrupted': {
    level: 'warning',
    sentence: () => 'The sharer’s meshell ended in the middle of this turn.',
  },
  'part.lost': {
    level: 'warning',
    sentence: () => 'A part of this conversation could not be read.',
  },
  'permission.unannounced': {
    level: 'info',
    sentence: () => 'The agent asked leave for something it had not announced.',
  },
  'permission.tooMany': {
    level: 'warning',
    sentence: () => 'The agent asked for too much at once; what did not fit was declined.',
  },
  'plan.other': {
    level: 'info',
    sentence: () => 'The agent keeps two plans at once; the newest is shown.',
  },
  'text.cut': {
    level: 'warning',
    sentence: () => 'The agent wrote more than is kept; the rest is counted.',
  },
  'thread.full': {
    level: 'warning',
    sentence: () => 'This conversation has become too long to go on. Start a new one.',
  },
  'option.chosen': { level: 'info', sentence: (detail) => `${detail}.` },
  'option.changed': { level: 'info', sentence: (detail) => `${detail} (by the agent).` },
  'context.compacting': { level: 'info', sentence: () => 'The agent is compacting its context…' },
  'context.compacted': {
    level: 'info',
    sentence: (detail) =>
      detail === '' ? 'Context compacted.' : `Context compacted.\n\n${detail}`,
  },
  'context.notCompacted': {
    level: 'warning',
    sentence: withDetail('The agent could not compact its context.'),
  },
  'limit.reached': { level: 'warning', sentence: (detail) => detail },
  'queue.lost': {
    level: 'warning',
    sentence: () =>
      'A prompt waits that may not be whole any more: the sharer’s meshell ended as it was queued. Edit it to send it, or take it out.',
  },
  'queue.notAllowed': {
    level: 'warning',
    sentence: () =>
      'A prompt waits: its author may not prompt this agent any more. Someone who may can send it.',
  },
  'queue.noLeave': {
    level: 'warning',
    sentence: () =>
      'A prompt waits: this agent acts without asking, so who prompts it must also be allowed to run and to approve.',
  },
} as const satisfies Record<string, NoticeWords>;

export type AgentNotice = keyof typeof AGENT_NOTICES;

export function noticeWords(code: AgentNotice): NoticeWords {
  return AGENT_NOTICES[code];
}

/** How a process ended, and what it wrote last. */
export function exitDetail(exit: {
  readonly code: number | null;
  readonly signal: string | null;
  readonly lastLines: string;
}): string {
  const how =
    exit.signal === null
      ? `Its exit code was ${exit.code ?? 'not told'}.`
      : `It was ended by ${exit.signal}.`;
  return exit.lastLines.trim() === '' ? how : `${how}\n\n${exit.lastLines.trim()}`;
}

/** Ways that are shown; nobody offers more. */
const WAYS_MAX = 8;

/** In words, and as JSON for who may begin one: `command` is a line for a shell, or null. */
export function signInWays(ways: SignInWays): {
  readonly names: string;
  readonly json: readonly { name: string; description: string; command: string | null }[];
} {
  const shown = ways.slice(0, WAYS_MAX);
  const names = shown.map(({ name }) => name).join(', ');
  return {
    names: names === '' ? '' : `It offers: ${names}.`,
    json: shown.map(({ name, description, command }) => ({
      name,
      description,
      command: command === null ? null : shellLine(command),
    })),
  };
}

/** A command as one types it. */
export function shellLine(command: readonly string[]): string {
  return command.map(quoted).join(' ');
}

/** A word as a POSIX shell takes it literally; ~ at its beginning stays what it is. */
function quoted(word: string): string {
  return /^[\w@%+=:,./~-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
