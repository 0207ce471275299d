// A share driven by a program: orders come on stdin, events go to stdout, one object a line.
import type { Readable, Writable } from 'node:stream';
import * as v from 'valibot';
import { StartChoice, type Action } from '../protocol/action.ts';
import { Capability, lasting, type Capabilities } from '../protocol/capability.ts';
import { faultWords, refusalWords } from '../protocol/faults.ts';
import { InviteId, KnockId, PublicKey } from '../protocol/ids.ts';
import type { InviteCard, Outcome } from '../protocol/message.ts';
import type { Clock } from '../protocol/ports.ts';
import { unreachable } from '../protocol/result.ts';
import type { HostedSession, SessionEvent } from '../host/hosted-session.ts';
import type { EventLine, ShareLine } from './json-events.ts';
import { readJsonLines, writeJsonLine } from './json-lines.ts';
import { openThreadTeller, threadAction, ThreadOrder, type ThreadRefusal } from './thread-json.ts';

const CapabilityList = v.array(Capability);
const Until = v.optional(v.nullable(v.pipe(v.string(), v.isoTimestamp())));

export const ShareOrder = v.variant('do', [
  v.object({ do: v.literal('invite'), start: v.optional(StartChoice) }),
  v.object({ do: v.literal('closeInvite'), invite: InviteId }),
  v.object({
    do: v.literal('admit'),
    knock: KnockId,
    capabilities: v.optional(CapabilityList),
    until: Until,
  }),
  v.object({ do: v.literal('deny'), knock: KnockId }),
  v.object({ do: v.literal('grant'), key: PublicKey, capabilities: CapabilityList, until: Until }),
  v.object({ do: v.literal('revoke'), key: PublicKey }),
  v.object({ do: v.literal('remove'), key: PublicKey }),
  v.object({ do: v.literal('run'), text: v.string() }),
  ...ThreadOrder.options,
  v.object({ do: v.literal('end') }),
]);
type Order = v.InferOutput<typeof ShareOrder>;

/** Serves until stdin ends; that ends nothing. */
export function serveJson(
  session: HostedSession,
  clock: Clock,
  input: Readable,
  output: Writable,
): void {
  const write = (line: ShareLine): void => writeJsonLine(output, line);
  session.onEvent((event) => write(eventLine(event)));
  const threads = openThreadTeller(clock, session.threads, write);
  session.onThreads(threads.changed);
  threads.changed();
  readJsonLines(
    input,
    ShareOrder,
    (order) => {
      const action = actionOf(order, session);
      if (typeof action === 'string') write(faultLine(order.do, action));
      else void session.order(action).then((outcome) => write(answerLine(order, outcome)));
    },
    (why) => write({ event: 'fault', of: null, code: 'usage', message: `Not an order: ${why}` }),
  );
}

function actionOf(order: Order, session: HostedSession): Action | ThreadRefusal {
  switch (order.do) {
    case 'start':
    case 'prompt':
    case 'stop':
    case 'approve':
      return threadAction(order, session.threads());
    case 'invite':
      return { type: 'invite.make', ...(order.start === undefined ? {} : { start: order.start }) };
    case 'closeInvite':
      return { type: 'invite.close', invite: order.invite };
    case 'admit':
      return {
        type: 'knock.admit',
        knock: order.knock,
        capabilities: until(order.capabilities ?? ['view', 'suggest'], order.until),
      };
    case 'deny':
      return { type: 'knock.deny', knock: order.knock };
    case 'grant':
      return {
        type: 'grant.set',
        to: order.key,
        capabilities: { view: null, ...until(order.capabilities, order.until) },
      };
    case 'revoke':
      return { type: 'grant.set', to: order.key, capabilities: lasting(['view', 'suggest'], null) };
    case 'remove':
      return { type: 'participant.remove', key: order.key };
    case 'run':
      return { type: 'command.run', text: order.text };
    case 'end':
      return { type: 'share.end' };
    default:
      return unreachable(order);
  }
}

function until(names: readonly Capability[], iso: string | null | undefined): Capabilities {
  const given = lasting(names, iso === null || iso === undefined ? null : Date.parse(iso));
  return { ...given, view: null };
}

/** [CL25] An invite that was asked for is its own answer. */
function answerLine(order: Order, outcome: Outcome): ShareLine {
  if (!outcome.ok) {
    return { ...faultLine(order.do, outcome.fault), message: refusalWords(outcome) };
  }
  if (outcome.invite !== undefined) return { ...inviteLine(outcome.invite), of: order.do };
  const thread = outcome.thread === undefined ? {} : { thread: outcome.thread };
  return { event: 'done', of: order.do, ...thread };
}

/** What did not work, in words; `of` is the order. */
export function faultLine(of: string, fault: string): EventLine<'fault'> {
  return { event: 'fault', of, code: fault, message: faultWords(fault).mine };
}

/** An invite as a line: what to type, where, and the link. */
export function inviteLine(card: InviteCard): EventLine<'invite'> {
  return {
    event: 'invite',
    id: card.id,
    code: card.code,
    at: card.place,
    typed: card.typed === null ? null : `meshell join ${card.typed}`,
    link: card.link,
    ...(card.others === undefined ? {} : { others: card.others }),
    expires: new Date(card.expiresAt).toISOString(),
  };
}

function eventLine(event: SessionEvent): ShareLine {
  switch (event.event) {
    case 'knock':
    case 'unknock': {
      const { id, name, key, words } = event.knock;
      return { event: event.event, id, name, key, words };
    }
    case 'fault':
      return {
        event: 'fault',
        of: null,
        code: event.fault,
        message: faultWords(event.fault).theirs ?? faultWords(event.fault).mine,
      };
    case 'joined':
    case 'left':
    case 'request':
    case 'ended':
      return { ...event };
    default:
      return unreachable(event);
  }
}
