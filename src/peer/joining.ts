// A visitor's way to a sharer through the signaling service, as a machine: one question, one
// line, one end. Knows no socket and no timer.
import type { Fault } from '../protocol/faults.ts';
import type { Nameplate, SessionId } from '../protocol/ids.ts';
import { unreachable } from '../protocol/result.ts';
import type { ChannelId, FromService, ToService } from '../protocol/signaling.ts';
import type { Step } from '../protocol/step.ts';

export type Where = { readonly room: SessionId } | { readonly nameplate: Nameplate };

export type JoiningState =
  | { readonly phase: 'reaching' | 'asking'; readonly where: Where }
  | { readonly phase: 'open'; readonly channel: ChannelId }
  | { readonly phase: 'over' };

export type JoiningInput =
  | { readonly on: 'opened' | 'unreachable' | 'lost' | 'tooLate' | 'hangUp' }
  | { readonly on: 'message'; readonly message: FromService }
  | { readonly on: 'say'; readonly body: string };

export type JoiningEffect =
  | { readonly do: 'send'; readonly message: ToService }
  | { readonly do: 'joined'; readonly room: SessionId }
  | { readonly do: 'failed'; readonly fault: Fault }
  | { readonly do: 'deliver'; readonly body: string }
  /** The line has ended, after it was open. */
  | { readonly do: 'ended' }
  | { readonly do: 'closeSocket' };

/** From dialing to an open line: beyond this a person thinks it hangs. */
export const JOIN_MS = 8_000;

export function joining(
  state: JoiningState,
  input: JoiningInput,
): Step<JoiningState, JoiningEffect> {
  switch (state.phase) {
    case 'over':
      return [state, []];
    case 'reaching':
      return input.on === 'opened'
        ? [{ ...state, phase: 'asking' }, [{ do: 'send', message: question(state.where) }]]
        : [{ phase: 'over' }, fail('signal.unreachable')];
    case 'asking':
      return asked(state, input);
    case 'open':
      return open(state, input);
    default:
      return unreachable(state);
  }
}

function question(where: Where): ToService {
  return 'room' in where
    ? { type: 'join', room: where.room }
    : { type: 'joinNameplate', nameplate: where.nameplate };
}

function asked(state: JoiningState, input: JoiningInput): Step<JoiningState, JoiningEffect> {
  if (input.on !== 'message') {
    return input.on === 'say' || input.on === 'opened'
      ? [state, []]
      : [{ phase: 'over' }, fail('signal.unreachable')];
  }
  const { message } = input;
  if (message.type === 'refused') return [{ phase: 'over' }, fail(message.fault)];
  if (message.type !== 'open') return [state, []];
  return [{ phase: 'open', channel: message.channel }, [{ do: 'joined', room: message.room }]];
}

function open(
  state: Extract<JoiningState, { phase: 'open' }>,
  input: JoiningInput,
): Step<JoiningState, JoiningEffect> {
  const { channel } = state;
  switch (input.on) {
    case 'say':
      return [state, [{ do: 'send', message: { type: 'relay', channel, body: input.body } }]];
    case 'hangUp':
      return [{ phase: 'over' }, [{ do: 'send', message: { type: 'hangUp', channel } }, ...end()]];
    case 'message': {
      const { message } = input;
      const ours = 'channel' in message && message.channel === channel;
      if (ours && message.type === 'relay') {
        return [state, [{ do: 'deliver', body: message.body }]];
      }
      return ours && message.type === 'hungUp' ? [{ phase: 'over' }, end()] : [state, []];
    }
    case 'lost':
      return [{ phase: 'over' }, end()];
    case 'opened':
    case 'unreachable':
    case 'tooLate':
      return [state, []];
    default:
      return unreachable(input);
  }
}

function fail(fault: Fault): readonly JoiningEffect[] {
  return [{ do: 'failed', fault }, { do: 'closeSocket' }];
}

function end(): readonly JoiningEffect[] {
  return [{ do: 'ended' }, { do: 'closeSocket' }];
}
