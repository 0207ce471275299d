// Puts agent threads into words and figures: states, turns' ends, tokens and costs. What the
// agent and the sharer's process say themselves comes as text and is not worded here.
import type { PublicKey } from '../../protocol/ids.ts';
import { unreachable } from '../../protocol/result.ts';
import type {
  AgentCard,
  PartHead,
  PermissionOption,
  ThreadHead,
  ToolKind,
  ToolStatus,
  TurnUsage,
} from '../../protocol/thread.ts';
import type { UsageSum } from '../../agent/usage.ts';
import type { Thread } from '../../session/threads.ts';
import { durationWords } from './words.ts';

/** `busy` works, `ask` waits for a person, `bad` went wrong, `off` has ended, `done` is quiet. */
export type Tone = 'busy' | 'ask' | 'bad' | 'off' | 'done';

export interface StateWords {
  readonly tone: Tone;
  readonly words: string;
}

type End = Extract<PartHead, { kind: 'end' }>;

export function threadState(thread: Thread): StateWords {
  switch (thread.head.status) {
    case 'starting':
      return { tone: 'busy', words: 'Starting' };
    case 'running':
      return { tone: 'busy', words: 'Working' };
    case 'waiting':
      return { tone: 'ask', words: 'Asks for permission' };
    case 'stopped':
      return { tone: 'off', words: 'Agent ended' };
    case 'closed':
      return { tone: 'off', words: 'Closed' };
    case 'idle':
      return idleState(lastEnd(thread));
    default:
      return unreachable(thread.head.status);
  }
}

function idleState(end: End | null): StateWords {
  switch (end?.reason) {
    case undefined:
      return { tone: 'done', words: 'Ready' };
    case 'end_turn':
      return { tone: 'done', words: 'Done' };
    case 'cancelled':
      return { tone: 'done', words: 'Stopped' };
    case 'interrupted':
      return { tone: 'bad', words: 'Interrupted' };
    default:
      return { tone: 'bad', words: 'Failed' };
  }
}

export function lastEnd(thread: Thread): End | null {
  const head = thread.parts.findLast((part) => part.head.kind === 'end')?.head;
  return head?.kind === 'end' ? head : null;
}

/** What a thread is called: its title, else the beginning of its first prompt, else its agent. */
export function threadName(thread: Thread): string {
  if (thread.head.title !== '') return thread.head.title;
  const prompt = thread.parts.find((part) => part.head.kind === 'prompt');
  const line = prompt?.text.trim().split('\n')[0] ?? '';
  if (line === '') return thread.agent.name;
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

/** null where the agent's name says it all. */
export function agentBadge(agent: AgentCard): string | null {
  switch (agent.kind) {
    case 'demo':
      return 'Demo agent (no model)';
    case 'local-model':
      return 'Local model';
    case 'agent':
      return null;
    default:
      return unreachable(agent.kind);
  }
}

/** What has gone on since `since`, in whole seconds: `4 s`, `1 m 12 s`. */
export function sinceWords(sinceMs: number, nowMs: number): string {
  const seconds = Math.max(0, Math.floor((nowMs - sinceMs) / 1000));
  return seconds < 60 ? `${seconds} s` : durationWords(seconds * 1000);
}

/** What a running turn is at: the line that stands under it. */
export function workWords(
  head: Pick<ThreadHead, 'status' | 'turnSince' | 'quietSince'>,
  last: PartHead | null,
  agent: string,
  nowMs: number,
): string {
  if (head.status === 'waiting') return `${agent} waits for permission`;
  if (head.quietSince !== null) return `No answer yet, ${sinceWords(head.quietSince, nowMs)}`;
  if (head.status === 'starting') return `Starting ${agent}`;
  const since = head.turnSince === null ? '' : ` · ${sinceWords(head.turnSince, nowMs)}`;
  if (last?.kind === 'thought' && last.endedAt === null) {
    return `Thinking ${sinceWords(last.startedAt, nowMs)}${since}`;
  }
  return `${agent} is working${since}`;
}

export function thoughtWords(head: Extract<PartHead, { kind: 'thought' }>, nowMs: number): string {
  if (head.endedAt === null) return `Thinking ${sinceWords(head.startedAt, nowMs)}`;
  if (head.endedAt - head.startedAt < 1000) return 'Thought for a moment';
  return `Thought for ${sinceWords(head.startedAt, head.endedAt)}`;
}

export const TOOL_STATUS_WORDS = {
  pending: 'Waiting',
  in_progress: 'Running',
  completed: 'Done',
  failed: 'Failed',
  stopped: 'Stopped',
} as const satisfies Record<ToolStatus, string>;

export const TOOL_KIND_WORDS = {
  read: 'Read',
  edit: 'Edit',
  delete: 'Delete',
  move: 'Move',
  search: 'Search',
  execute: 'Command',
  think: 'Think',
  fetch: 'Fetch',
  switch_mode: 'Switch mode',
  other: 'Tool',
} as const satisfies Record<ToolKind, string>;

/** `842`, `4.2k`, `128k`, `1.3M`. */
export function tokenWords(count: number): string {
  if (count < 1000) return String(count);
  if (count < 9950) return `${(count / 1000).toFixed(1)}k`;
  if (count < 999_500) return `${Math.round(count / 1000)}k`;
  return `${(count / 1_000_000).toFixed(1)}M`;
}

export interface Money {
  readonly amount: number;
  readonly currency: string;
}

/** `$0.02`, `€1.30`, `0.004 XTS`: small amounts keep two figures that count. */
export function costWords({ amount, currency }: Money): string {
  const digits =
    amount === 0 || amount >= 0.01 ? 2 : Math.min(6, 1 - Math.floor(Math.log10(amount)));
  const figure = amount.toFixed(digits);
  const sign = { USD: '$', EUR: '€', GBP: '£' }[currency];
  return sign === undefined ? `${figure} ${currency}` : `${sign}${figure}`;
}

export interface Counts {
  readonly input: number | null;
  readonly output: number | null;
  readonly total: number | null;
  readonly costs: readonly Money[];
  readonly estimated: boolean;
}

export function countsOf(usage: TurnUsage): Counts {
  return { ...usage, costs: usage.cost === null ? [] : [usage.cost] };
}

/** `4.2k in · 192 out · $0.02`; never a nought for what was not reported. */
export function usageWords(counts: Counts | null): string {
  if (counts === null) return 'tokens not reported';
  const about = counts.estimated ? '~' : '';
  const words = [
    ...(counts.input === null ? [] : [`${about}${tokenWords(counts.input)} in`]),
    ...(counts.output === null ? [] : [`${about}${tokenWords(counts.output)} out`]),
  ];
  if (words.length === 0 && counts.total !== null) {
    words.push(`${about}${tokenWords(counts.total)} tokens`);
  }
  if (words.length === 0) words.push('tokens not reported');
  else if (counts.estimated) words.push('estimated');
  return [...words, ...counts.costs.map(costWords)].join(' · ');
}

export function sumWords(sum: UsageSum): string {
  return sum.turns === sum.silent ? 'tokens not reported' : usageWords(sum);
}

/** `12 s · 4.2k in · 192 out · $0.02`. */
export function endWords(end: End): string {
  const took = durationWords(end.endedAt - end.startedAt);
  return `${took} · ${usageWords(end.usage === null ? null : countsOf(end.usage))}`;
}

/** Why a turn ended, where it is not simply done. */
export function endReason(end: End, nameOf: (key: PublicKey) => string): StateWords | null {
  switch (end.reason) {
    case 'end_turn':
      return null;
    case 'cancelled':
      return {
        tone: 'off',
        words: end.by === null ? 'Stopped' : `Stopped by ${nameOf(end.by)}`,
      };
    case 'max_tokens':
      return { tone: 'bad', words: 'The model came to its limit of tokens' };
    case 'max_turn_requests':
      return { tone: 'bad', words: 'The agent came to its limit of steps for one turn' };
    case 'refusal':
      return { tone: 'bad', words: 'The agent refused to go on' };
    case 'failed':
      return { tone: 'bad', words: 'The turn failed' };
    case 'exited':
      return { tone: 'bad', words: 'The agent ended in the middle of this turn' };
    case 'interrupted':
      return { tone: 'bad', words: 'meshell was ended in the middle of this turn' };
    default:
      return unreachable(end.reason);
  }
}

/** Of 1. */
export function contextShare({ used, size }: NonNullable<ThreadHead['context']>): number {
  return size <= 0 ? 0 : Math.min(1, used / size);
}

export function contextWords({ used, size }: NonNullable<ThreadHead['context']>): string {
  return `${tokenWords(used)} of ${tokenWords(size)}`;
}

export function planCount(entries: readonly { readonly status: string }[]): string {
  return `${entries.filter((entry) => entry.status === 'completed').length}/${entries.length}`;
}

/** 'Allowed by Bob', from what its option is and who gave it. */
export function answerWords(option: PermissionOption | undefined, name: string): string {
  switch (option?.kind) {
    case 'allow_once':
      return `Allowed by ${name}`;
    case 'allow_always':
      return `Always allowed by ${name}`;
    case 'reject_once':
      return `Rejected by ${name}`;
    case 'reject_always':
      return `Always rejected by ${name}`;
    default:
      return `Answered by ${name}`;
  }
}
