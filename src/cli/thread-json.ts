// Agent threads for a program: what of them is another than before, as lines, joined a little;
// and its orders about them. Knows segments and a clock; not whose process it is.
import * as v from 'valibot';
import type { Action } from '../protocol/action.ts';
import { ThreadId } from '../protocol/ids.ts';
import { beginsWith } from '../protocol/long-text.ts';
import type { Clock } from '../protocol/ports.ts';
import { unreachable } from '../protocol/result.ts';
import type { Part, Segment } from '../protocol/thread.ts';
import { threadsOf, type Thread } from '../session/threads.ts';
import type { ThreadLine } from './json-events.ts';

/** Text streams in small pieces: a program gets it at most this often. In ms. */
export const TELL_MS = 250;

const Natural = v.pipe(v.number(), v.integer(), v.minValue(0));
const optionalThread = v.optional(ThreadId);

/** Where no thread is named it is the newest; where no part is, its oldest open question. */
export const ThreadOrder = v.variant('do', [
  v.object({ do: v.literal('start'), agent: v.string(), prompt: v.optional(v.string()) }),
  v.object({ do: v.literal('prompt'), thread: optionalThread, text: v.string() }),
  v.object({ do: v.literal('stop'), thread: optionalThread }),
  v.object({
    do: v.literal('approve'),
    thread: optionalThread,
    part: v.optional(Natural),
    /** An option's id, or its kind: 'allow_once'. */
    option: v.string(),
  }),
]);
export type ThreadOrder = v.InferOutput<typeof ThreadOrder>;

export type ThreadRefusal = 'agent.none' | 'action.gone';

/** The action it stands for; a refusal where there is no such thread or question. */
export function threadAction(
  order: ThreadOrder,
  segments: readonly Segment[],
): Action | ThreadRefusal {
  if (order.do === 'start') {
    const { agent, prompt } = order;
    return { type: 'thread.start', agent, ...(prompt === undefined ? {} : { prompt }) };
  }
  const threads = threadsOf(segments);
  const { thread } = order;
  const found = thread === undefined ? threads.at(-1) : threads.find((one) => one.id === thread);
  if (found === undefined) return thread === undefined ? 'agent.none' : 'action.gone';
  switch (order.do) {
    case 'prompt':
      return { type: 'thread.prompt', thread: found.id, text: order.text };
    case 'stop':
      return { type: 'thread.stop', thread: found.id };
    case 'approve': {
      const question = found.parts.find(
        (part) => isOpenQuestion(part) && (order.part === undefined || part.id === order.part),
      );
      if (question?.head.kind !== 'permission') return 'action.gone';
      const { options } = question.head;
      const chosen =
        options.find((one) => one.id === order.option) ??
        options.find((one) => one.kind === order.option);
      const option = chosen?.id ?? order.option;
      return { type: 'permission.answer', thread: found.id, part: question.id, option };
    }
    default:
      return unreachable(order);
  }
}

function isOpenQuestion({ head }: Part): boolean {
  return head.kind === 'permission' && head.answer.state === 'open';
}

export interface ThreadTeller {
  readonly changed: () => void;
  readonly close: () => void;
}

/** [TV7] Writes what has changed: of a thread its head, of a part the text that was added. */
export function openThreadTeller(
  clock: Clock,
  segments: () => readonly Segment[],
  write: (line: ThreadLine) => void,
): ThreadTeller {
  let cancel: (() => void) | 'idle' = 'idle';
  let toldAt = -Infinity;
  let before: readonly Segment[] = [];
  const heads = new Map<ThreadId, string>();
  const parts = new Map<string, Part>();

  function tell(): void {
    cancel = 'idle';
    toldAt = clock.monotonic();
    const now = segments();
    if (now === before) return;
    const known = new Set(before);
    const changed = new Set(now.filter((one) => !known.has(one)).map(({ thread }) => thread));
    before = now;
    for (const thread of threadsOf(now.filter((one) => changed.has(one.thread)))) {
      const line = threadLine(thread);
      const text = JSON.stringify(line);
      if (heads.get(thread.id) !== text) write(line);
      heads.set(thread.id, text);
      for (const part of thread.parts) tellPart(thread.id, part);
    }
  }

  function tellPart(thread: ThreadId, part: Part): void {
    const name = `${thread} ${part.id}`;
    const old = parts.get(name);
    if (old === part) return;
    parts.set(name, part);
    const from = old !== undefined && beginsWith(part.text, old.text) ? old.text.length : 0;
    const { id, turn, head, contents, omitted } = part;
    write({
      event: 'part',
      thread,
      id,
      turn,
      ...head,
      from,
      text: part.text.slice(from),
      omitted,
      contents,
    });
  }

  return {
    changed() {
      if (cancel !== 'idle') return;
      const wait = toldAt + TELL_MS - clock.monotonic();
      if (wait <= 0) tell();
      else cancel = clock.after(wait, tell);
    },
    close() {
      if (cancel !== 'idle') cancel();
      cancel = () => undefined;
    },
  };
}

function threadLine({ id, agent, directory, head, queue, menu, segments }: Thread): ThreadLine {
  const { title, status, turn, turnBy, quietSince, actsAlone, context } = head;
  const words = { title, status, turn, turnBy, quietSince, actsAlone, context };
  return {
    event: 'thread',
    thread: id,
    agent,
    directory,
    ...words,
    queue,
    options: menu.options,
    segments,
  };
}
