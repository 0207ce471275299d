// The sharer's side of its room at the signaling service, as a machine: takes the room by its
// key, keeps it through every loss, asks for nameplates. Knows no socket and no timer.
import type { Fault } from '../protocol/faults.ts';
import type { Nameplate, SessionId } from '../protocol/ids.ts';
import type { Random } from '../protocol/ports.ts';
import { err, ok, unreachable } from '../protocol/result.ts';
import type { ChannelId, FromService, ToService } from '../protocol/signaling.ts';
import type { Step } from '../protocol/step.ts';
import type {
  Kept,
  NameplateAsk,
  RoomEffect,
  RoomInput,
  RoomState,
  RoomWorld,
} from './room-state.ts';

/** From dialing to holding the room; a far service needs four round trips for it. */
const HOLD_MS = 10_000;
export const RETRY_MS_MIN = 500;
/** A service back from its restart is found again within this. */
export const RETRY_MS_MAX = 30_000;
/** A lecture hall that knocks; a service that sends more is not to be trusted with our memory. */
export const CHANNELS_MAX = 256;
/** As many as the service gives a room. */
export const ASKS_MAX = 64;

/** `nameplates` are those that it had in a process before. */
export function firstRoom(nameplates: readonly Nameplate[] = []): Step<RoomState, RoomEffect> {
  return dial({ dial: 0, attempt: 0, nameplates, dropped: [], asks: [] });
}

export function room(
  state: RoomState,
  input: RoomInput,
  world: RoomWorld,
): Step<RoomState, RoomEffect> {
  const { key, random } = world;
  if (state.phase === 'over') {
    const asks = input.on === 'takeNameplate' ? [{ for: 'new', ask: input.ask } as const] : [];
    return [state, endAsks(asks, 'share.ended')];
  }
  if ('dial' in input && input.dial !== state.dial) return [state, []];
  switch (input.on) {
    case 'opened':
      if (state.phase !== 'dialing') return [state, []];
      return [{ ...state, phase: 'claiming' }, [send({ type: 'claim', key })]];
    case 'unreachable':
    case 'lost':
      return state.phase === 'away' ? [state, []] : leave(state, 'signal.unreachable', random);
    case 'message':
      return heard(state, input.message, random);
    case 'signed':
      if (state.phase !== 'proving') return [state, []];
      return [state, [send({ type: 'prove', signature: input.signature })]];
    case 'wake':
      if (state.phase === 'held') return [state, []];
      return state.phase === 'away'
        ? dial(state)
        : leave(state, 'signal.unreachable', random, { do: 'closeSocket' });
    case 'takeNameplate':
      return ask(state, input.ask);
    case 'askTooLate':
      return giveUp(state, input.ask);
    case 'dropNameplate':
      return drop(state, input.nameplate);
    case 'say':
      if (!has(state, input.channel)) return [state, []];
      return [state, [send({ type: 'relay', channel: input.channel, body: input.body })]];
    case 'hangUp':
      if (!has(state, input.channel)) return [state, []];
      return [
        withoutChannel(state, input.channel),
        [
          send({ type: 'hangUp', channel: input.channel }),
          { do: 'channelEnded', channel: input.channel },
        ],
      ];
    case 'close':
      return [
        { phase: 'over' },
        [
          ...endChannels(state),
          ...endAsks(state.asks, 'share.ended'),
          { do: 'sleep' },
          { do: 'closeSocket' },
        ],
      ];
    default:
      return unreachable(input);
  }
}

type Open = Exclude<RoomState, { phase: 'over' }>;

function dial(kept: Kept): Step<RoomState, RoomEffect> {
  const { attempt, nameplates, dropped, asks } = kept;
  const next = { dial: kept.dial + 1, attempt, nameplates, dropped, asks };
  return [
    { phase: 'dialing', ...next },
    [
      { do: 'dial', dial: next.dial },
      { do: 'wakeLater', dial: next.dial, afterMs: HOLD_MS },
    ],
  ];
}

/** [SG21] However it was lost, it is tried again for as long as the share is open. */
function leave(
  state: Open,
  because: Fault,
  random: Random,
  ...first: RoomEffect[]
): Step<RoomState, RoomEffect> {
  const attempt = state.phase === 'held' ? 0 : state.attempt + 1;
  const { dial, nameplates, dropped } = state;
  return [
    { phase: 'away', because, dial, attempt, nameplates, dropped, asks: [] },
    [
      ...first,
      ...endChannels(state),
      ...endAsks(state.asks, because),
      { do: 'wakeLater', dial, afterMs: retryMs(because, attempt, random) },
    ],
  ];
}

/** Full jitter, so that a class does not come back in step. What waiting may not cure waits longest. */
export function retryMs(because: Fault, attempt: number, random: Random): number {
  const patient = because === 'signal.taken' || because === 'signal.notProven';
  const capMs = patient ? RETRY_MS_MAX : Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** (attempt + 1));
  return RETRY_MS_MIN + random() * (capMs - RETRY_MS_MIN);
}

function heard(state: Open, message: FromService, random: Random): Step<RoomState, RoomEffect> {
  switch (message.type) {
    case 'challenge':
      if (state.phase !== 'claiming') return [state, []];
      return [
        { ...state, phase: 'proving' },
        [{ do: 'sign', dial: state.dial, nonce: message.nonce }],
      ];
    case 'held':
      return state.phase === 'proving' ? hold(state, message.room) : [state, []];
    case 'refused':
      return refused(state, message.fault, random);
    case 'nameplate':
      return named(state, message.nameplate);
    case 'visitor':
      if (state.phase !== 'held' || has(state, message.channel)) return [state, []];
      if (state.channels.length >= CHANNELS_MAX) {
        return [state, [send({ type: 'hangUp', channel: message.channel })]];
      }
      return [
        { ...state, channels: [...state.channels, message.channel] },
        [{ do: 'visitor', channel: message.channel }],
      ];
    case 'relay':
      if (!has(state, message.channel)) return [state, []];
      return [state, [{ do: 'deliver', channel: message.channel, body: message.body }]];
    case 'hungUp':
      if (!has(state, message.channel)) return [state, []];
      return [
        withoutChannel(state, message.channel),
        [{ do: 'channelEnded', channel: message.channel }],
      ];
    case 'open':
      return [state, []]; // a visitor's word, not ours
    default:
      return unreachable(message);
  }
}

/** Held: ask again for every nameplate handed out before, then for those asked for meanwhile. */
function hold(state: Open, id: SessionId): Step<RoomState, RoomEffect> {
  const again = state.nameplates.map((nameplate) => ({ for: 'again', nameplate }) as const);
  const { dial, nameplates, asks } = state;
  return [
    {
      phase: 'held',
      room: id,
      channels: [],
      dial,
      attempt: 0,
      nameplates,
      dropped: [],
      asks: [...again, ...asks],
    },
    [
      { do: 'sleep' },
      ...state.dropped.map((nameplate) => send({ type: 'dropNameplate', nameplate })),
      ...again.map(({ nameplate }) => send({ type: 'takeNameplate', wanted: nameplate })),
      ...asks.map(() => send({ type: 'takeNameplate' })),
    ],
  ];
}

function refused(state: Open, fault: Fault, random: Random): Step<RoomState, RoomEffect> {
  const [first, ...asks] = state.asks;
  // [SG4] Another process has proven the same key: this socket is about to be closed.
  const superseded = fault === 'signal.taken' && first?.for !== 'again';
  if (state.phase !== 'held' || superseded)
    return leave(state, fault, random, { do: 'closeSocket' });
  if (first === undefined) return [state, []];
  const answered = { ...state, asks };
  if (first.for === 'new') {
    return [answered, [{ do: 'answerAsk', ask: first.ask, answer: err(fault) }]];
  }
  if (first.for === 'nobody') return [answered, []];
  const { nameplate } = first;
  const lost = state.nameplates.includes(nameplate); // else it was dropped meanwhile
  return [without(answered, nameplate), lost ? [{ do: 'nameplateLost', nameplate }] : []];
}

function named(state: Open, nameplate: Nameplate): Step<RoomState, RoomEffect> {
  const [first, ...asks] = state.asks;
  if (state.phase !== 'held' || first === undefined) return [state, []];
  if (first.for === 'new') {
    return [
      { ...state, asks, nameplates: [...state.nameplates, nameplate] },
      [{ do: 'answerAsk', ask: first.ask, answer: ok(nameplate) }],
    ];
  }
  const unwanted = first.for === 'nobody' ? [send({ type: 'dropNameplate', nameplate })] : [];
  return [{ ...state, asks }, unwanted];
}

/** [SG25] Its place in the order of answers stays, where it has been asked for. */
function giveUp(state: Open, ask: number): Step<RoomState, RoomEffect> {
  const isIt = (one: NameplateAsk): boolean => one.for === 'new' && one.ask === ask;
  if (!state.asks.some(isIt)) return [state, []];
  const asks =
    state.phase === 'held'
      ? state.asks.map((one) => (isIt(one) ? ({ for: 'nobody' } as const) : one))
      : state.asks.filter((one) => !isIt(one));
  return [{ ...state, asks }, endAsks([{ for: 'new', ask }], 'signal.unreachable')];
}

function ask(state: Open, ask: number): Step<RoomState, RoomEffect> {
  if (state.phase === 'away') return [state, endAsks([{ for: 'new', ask }], state.because)];
  if (state.asks.length >= ASKS_MAX) {
    return [state, endAsks([{ for: 'new', ask }], 'signal.busy')];
  }
  const asked = { ...state, asks: [...state.asks, { for: 'new', ask } as const] };
  return [asked, state.phase === 'held' ? [send({ type: 'takeNameplate' })] : []];
}

function drop(state: Open, nameplate: Nameplate): Step<RoomState, RoomEffect> {
  if (!state.nameplates.includes(nameplate)) return [state, []];
  const rest = without(state, nameplate);
  return state.phase === 'held'
    ? [rest, [send({ type: 'dropNameplate', nameplate })]]
    : [{ ...rest, dropped: [...state.dropped, nameplate].slice(-ASKS_MAX) }, []];
}

function without(state: Open, nameplate: Nameplate): Open {
  return { ...state, nameplates: state.nameplates.filter((one) => one !== nameplate) };
}

function has(state: Open, channel: ChannelId): boolean {
  return state.phase === 'held' && state.channels.includes(channel);
}

function withoutChannel(state: Open, channel: ChannelId): Open {
  if (state.phase !== 'held') return state;
  return { ...state, channels: state.channels.filter((one) => one !== channel) };
}

function endChannels(state: Open): readonly RoomEffect[] {
  if (state.phase !== 'held') return [];
  return state.channels.map((channel) => ({ do: 'channelEnded', channel }));
}

function endAsks(asks: readonly NameplateAsk[], fault: Fault): readonly RoomEffect[] {
  return asks.flatMap((one) =>
    one.for === 'new' ? [{ do: 'answerAsk', ask: one.ask, answer: err(fault) }] : [],
  );
}

function send(message: ToService): RoomEffect {
  return { do: 'send', message };
}
