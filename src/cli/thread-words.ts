// What is said of an agent thread in a terminal: who, how long, how much, how it ended. Functions
// of plain values; names and titles have been through `printable`.
import type { SessionDocument } from '../protocol/document.ts';
import type { PublicKey } from '../protocol/ids.ts';
import type { Part, PartHead, ToolStatus, TurnEnd, TurnUsage } from '../protocol/thread.ts';
import type { Thread } from '../session/threads.ts';
import { isOpen } from '../session/threads.ts';
import { printable } from './printable.ts';

/** What people are called, and who looks. */
export interface Company {
  readonly document: SessionDocument | null;
  readonly me: PublicKey;
}

export function nameOf(key: PublicKey | null, { document, me }: Company): string {
  if (key === null) return 'From history';
  if (key === me) return 'You';
  const found = document?.roster.find((one) => one.key === key);
  return found === undefined ? 'Someone' : printable(found.name);
}

export function titleOf(thread: Thread): string {
  const title = printable(thread.head.title);
  if (title !== '') return title;
  const prompt =
    thread.parts.find((part) => part.head.kind === 'prompt')?.text.split('\n')[0] ?? '';
  return printable(prompt).slice(0, 60) || 'New conversation';
}

/** [TV4] Never to be taken for a language model where there is none. */
export function agentWords({ agent, head }: Thread): string {
  const name = printable(agent.name);
  return head.actsAlone ? `${name} · acts without asking` : name;
}

export function statusWords(thread: Thread, now: number): string {
  const { head } = thread;
  switch (head.status) {
    case 'starting':
      return 'starting…';
    case 'idle':
      return thread.queue.length > 0 ? 'ready, prompts wait' : 'ready';
    case 'running':
      return head.turnSince === null ? 'working…' : `working, ${spanWords(now - head.turnSince)}`;
    case 'waiting':
      return 'asks for leave';
    case 'stopped':
      return 'its agent has ended';
    case 'closed':
      return 'closed';
    default:
      return head.status satisfies never;
  }
}

/** In seconds, then minutes, then hours. */
export function spanWords(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
}

export const TOOL_MARKS: { readonly [S in ToolStatus]: string } = {
  pending: '○',
  in_progress: '◌',
  completed: '✓',
  failed: '✗',
  stopped: '■',
};

export function endWords(head: Extract<PartHead, { kind: 'end' }>, company: Company): string {
  const took = spanWords(head.endedAt - head.startedAt);
  const words: { readonly [R in TurnEnd]: string } = {
    end_turn: `done in ${took}`,
    max_tokens: `the model's answer was too long, after ${took}`,
    max_turn_requests: `too many steps in one turn, after ${took}`,
    refusal: 'the model refused',
    cancelled: head.by === null ? 'stopped' : `stopped by ${nameOf(head.by, company)}`,
    failed: `failed after ${took}`,
    exited: 'the agent ended in the middle',
    interrupted: 'interrupted: the sharer’s process ended',
  };
  const usage = usageWords(head.usage);
  return usage === '' ? words[head.reason] : `${words[head.reason]} · ${usage}`;
}

/** '' where nothing was reported, which is not 0. */
export function usageWords(usage: TurnUsage | null): string {
  if (usage === null) return 'usage not reported';
  const about = usage.estimated ? 'about ' : '';
  const parts = [
    usage.input === null ? '' : `${about}${countWords(usage.input)} in`,
    usage.output === null ? '' : `${about}${countWords(usage.output)} out`,
    usage.input === null && usage.output === null && usage.total !== null
      ? `${about}${countWords(usage.total)} tokens`
      : '',
    usage.cost === null ? '' : costWords(usage.cost),
  ].filter((one) => one !== '');
  return parts.length === 0 ? 'usage not reported' : parts.join(', ');
}

export function sumWords({ usage, head }: Thread): string {
  const { input, output, costs } = usage;
  const about = usage.estimated ? 'about ' : '';
  const counted =
    input === null && output === null
      ? ''
      : `${about}${countWords(input ?? 0)} in, ${countWords(output ?? 0)} out`;
  const { context } = head;
  const used =
    context === null ? '' : `context ${countWords(context.used)} of ${countWords(context.size)}`;
  return [counted, ...costs.map(costWords), used].filter((one) => one !== '').join(' · ');
}

function costWords({
  amount,
  currency,
}: {
  readonly amount: number;
  readonly currency: string;
}): string {
  return `${amount.toFixed(amount < 1 ? 4 : 2)} ${printable(currency)}`;
}

function countWords(count: number): string {
  if (count < 1000) return `${count}`;
  return count < 1_000_000 ? `${(count / 1000).toFixed(1)}k` : `${(count / 1_000_000).toFixed(1)}M`;
}

export interface Question {
  readonly thread: Thread;
  readonly part: Part;
  readonly head: Extract<PartHead, { kind: 'permission' }>;
}

/** Permissions that wait for an answer, the oldest first. */
export function questionsOf(threads: readonly Thread[]): readonly Question[] {
  return threads.flatMap((thread) =>
    thread.parts.flatMap((part) =>
      isOpen(part) && part.head.kind === 'permission' ? [{ thread, part, head: part.head }] : [],
    ),
  );
}

/** Who asks for what. */
export function askWords({ thread, head }: Question): string {
  return `${printable(thread.agent.name)} asks: ${printable(head.title)}`;
}

/** '1 Allow once · 2 Reject': what one may not choose is not offered. */
export function optionWords(head: Question['head'], owner: boolean): string {
  return choicesOf(head, owner)
    .map((option, i) => `${i + 1} ${printable(option.name)}`)
    .join(' · ');
}

/** The sharer alone says 'always'; nine have keys. */
export function choicesOf(head: Question['head'], owner: boolean): Question['head']['options'] {
  return head.options.filter((option) => owner || !option.kind.endsWith('_always')).slice(0, 9);
}
