// A viewer driven by a program: orders on stdin, what happens on stdout, one object a line.
import * as v from 'valibot';
import type { Clock } from '../protocol/ports.ts';
import type { Action } from '../protocol/action.ts';
import { utf8 } from '../protocol/bytes.ts';
import { PRESETS } from '../protocol/capability.ts';
import { type Fault, FAULTS, refusalWords } from '../protocol/faults.ts';
import type { Outcome } from '../protocol/message.ts';
import { unreachable } from '../protocol/result.ts';
import type { Connection, Viewer, ViewerState } from '../session/viewer-state.ts';
import { openJoinedScreen } from './joined-screen.ts';
import type { JoinLine } from './json-events.ts';
import { readJsonLines, writeJsonLine } from './json-lines.ts';
import type { Leaving } from './leaving.ts';
import { openThreadTeller, threadAction, ThreadOrder, type ThreadRefusal } from './thread-json.ts';

export const JoinOrder = v.variant('do', [
  v.object({ do: v.literal('request') }),
  v.object({ do: v.literal('run'), text: v.string() }),
  v.object({ do: v.literal('keys'), text: v.string() }),
  v.object({ do: v.literal('screen'), styles: v.optional(v.boolean()) }),
  ...ThreadOrder.options,
  v.object({ do: v.literal('leave') }),
]);
type Order = v.InferOutput<typeof JoinOrder>;

export interface JoinJsonOptions {
  readonly viewer: Viewer;
  readonly clock: Clock;
  readonly leaving: Leaving;
  readonly lastFault: () => Fault;
  /** Ends it where the share is never reached; `say` gets the sentence. */
  readonly giveUp: (say: (sentence: string) => void) => void;
}

export function runJoinJson(options: JoinJsonOptions): void {
  const { viewer, leaving } = options;
  const write = (line: JoinLine): void => writeJsonLine(process.stdout, line);
  const screen = openJoinedScreen();
  viewer.attach(screen.sink);
  let before = viewer.state();
  const threads = openThreadTeller(options.clock, () => viewer.state().segments, write);
  leaving.owns(threads.close);
  write(phaseLine(before.connection));
  viewer.watch((state) => {
    tellRetry(before, state, options.lastFault, write);
    tell(before, state, write);
    if (before.segments !== state.segments) threads.changed();
    before = state;
    if (state.connection.phase === 'over') leaving.leave(FAULTS[state.connection.fault].exit);
  });
  options.giveUp((message) => write({ event: 'ended', reason: 'invite.unreached', message }));

  function obey(order: Order): void {
    switch (order.do) {
      case 'leave':
        return leaving.leave(0);
      case 'screen':
        return write({
          event: 'screen',
          of: order.do,
          rows: screen.text(),
          ...(order.styles === true ? { styles: screen.runs() } : {}),
        });
      case 'start':
      case 'prompt':
      case 'stop':
      case 'approve':
        return act(order.do, threadAction(order, viewer.state().segments));
      default:
        return act(order.do, actionOf(order));
    }
  }

  function act(of: Order['do'], action: Action | ThreadRefusal): void {
    if (typeof action === 'string') write(answerLine(of, { ok: false, fault: action }));
    else void viewer.act(action).then((done) => write(answerLine(of, done)));
  }
  readJsonLines(process.stdin, JoinOrder, obey, (why) =>
    write({ event: 'fault', of: null, code: 'usage', message: `Not an order: ${why}` }),
  );
}

function answerLine(of: Order['do'], outcome: Outcome): JoinLine {
  if (outcome.ok) {
    return {
      event: 'done',
      of,
      ...(outcome.thread === undefined ? {} : { thread: outcome.thread }),
    };
  }
  return { event: 'fault', of, code: outcome.fault, message: refusalWords(outcome) };
}

function actionOf(order: Exclude<Order, ThreadOrder | { do: 'leave' | 'screen' }>): Action {
  switch (order.do) {
    case 'request':
      return { type: 'access.request', capabilities: [...PRESETS.editor] };
    case 'run':
      return { type: 'command.run', text: order.text };
    case 'keys':
      return { type: 'keys.type', keys: utf8(order.text) };
    default:
      return unreachable(order);
  }
}

/** Why it is tried again: each time, as a program may wait for another reason than the last. */
function tellRetry(
  before: ViewerState,
  { connection }: ViewerState,
  lastFault: () => Fault,
  write: (line: JoinLine) => void,
): void {
  if (before.connection === connection || connection.phase !== 'reaching') return;
  if (connection.attempt === 1) return;
  const reason = lastFault();
  write({ event: 'retrying', attempt: connection.attempt, reason, message: FAULTS[reason].mine });
}

function phaseLine(connection: Connection): JoinLine {
  const { phase } = connection;
  switch (phase) {
    case 'knocking':
      return { event: phase, words: connection.words };
    case 'live':
      return { event: 'admitted', path: connection.path };
    case 'over':
      return { event: 'ended', reason: connection.fault, message: FAULTS[connection.fault].mine };
    case 'reaching':
    case 'proving':
    case 'connecting':
    case 'away':
      return { event: phase };
    default:
      return unreachable(connection);
  }
}

/** One line for each thing that is another than before. */
function tell(before: ViewerState, now: ViewerState, write: (line: JoinLine) => void): void {
  if (before.connection.phase !== now.connection.phase) {
    write(phaseLine(now.connection));
  }
  if (before.grant?.number !== now.grant?.number && now.grant !== null) {
    write({ event: 'granted', capabilities: now.grant.capabilities });
  }
  const known = new Map(before.blocks.map((block) => [block.number, block]));
  for (const block of now.blocks) {
    const old = known.get(block.number);
    if (old === block || (old !== undefined && old.state === block.state)) continue;
    const { number, author, command, directory, exit, state, startedAt, endedAt } = block;
    const text = [...block.head, ...block.tail].map((row) => row.text);
    write({
      event: 'block',
      number,
      author,
      command,
      directory,
      exit,
      state,
      startedAt,
      endedAt,
      text,
    });
  }
}
