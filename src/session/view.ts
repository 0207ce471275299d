// The reducer of what a viewer sees: each message of the sharer and each turn of the connection,
// in; the next plain state, out. Frames have gone through the replica before they come here.
import type { Block, SessionDocument } from '../protocol/document.ts';
import type { Fault } from '../protocol/faults.ts';
import type { Grant } from '../protocol/grant.ts';
import type { SessionId } from '../protocol/ids.ts';
import type { ToViewer } from '../protocol/message.ts';
import { unreachable } from '../protocol/result.ts';
import type { Segment } from '../protocol/thread.ts';
import type { Connection, Me, Path, ViewerState } from './viewer-state.ts';

export type ViewInput =
  | { readonly on: 'dialing'; readonly attempt: number }
  | { readonly on: 'step'; readonly now: 'proving' | 'connecting' }
  | { readonly on: 'knocked'; readonly words: string; readonly sharer: string }
  | { readonly on: 'live'; readonly path: Path; readonly session: SessionId; readonly grant: Grant }
  | { readonly on: 'rtt'; readonly ms: number | null }
  | { readonly on: 'lost'; readonly fault: Fault; readonly attempt: number }
  | { readonly on: 'over'; readonly fault: Fault }
  | { readonly on: 'named'; readonly name: string; readonly hue: number }
  | {
      readonly on: 'replica';
      readonly document: SessionDocument | null;
      readonly blocks: readonly Block[];
      readonly segments: readonly Segment[];
      readonly toCome: number;
    }
  | { readonly on: 'granted'; readonly grant: Grant }
  | { readonly on: 'place'; readonly place: Extract<ToViewer, { type: 'place' }> }
  | { readonly on: 'desk'; readonly desk: Extract<ToViewer, { type: 'desk' }> }
  | { readonly on: 'request'; readonly request: ViewerState['request'] };

export function startView(me: Me): ViewerState {
  return {
    connection: { phase: 'reaching', attempt: 1 },
    session: null,
    me,
    grant: null,
    document: null,
    blocks: [],
    segments: [],
    blocksToCome: 0,
    place: null,
    desk: null,
    request: 'none',
  };
}

export function view(state: ViewerState, input: ViewInput): ViewerState {
  // [VW1] Over is over: nothing that was still on its way changes the reason shown.
  if (state.connection.phase === 'over') return state;
  switch (input.on) {
    case 'dialing':
      // One who has seen the session keeps it on screen and reads 'away', not the first steps.
      return state.grant === null
        ? { ...state, connection: { phase: 'reaching', attempt: input.attempt } }
        : state;
    case 'step':
      return state.grant === null
        ? { ...state, connection: stepped(state.connection, input.now) }
        : state;
    case 'knocked':
      return {
        ...state,
        connection: { phase: 'knocking', words: input.words, sharer: input.sharer },
      };
    case 'live':
      return {
        ...state,
        connection: { phase: 'live', path: input.path, rttMs: null },
        session: input.session,
        grant: input.grant,
      };
    case 'rtt':
      return state.connection.phase === 'live' && state.connection.rttMs !== input.ms
        ? { ...state, connection: { ...state.connection, rttMs: input.ms } }
        : state;
    case 'lost':
      return {
        ...state,
        connection:
          state.grant === null
            ? { phase: 'reaching', attempt: input.attempt }
            : {
                phase: 'away',
                fault: whyAway(state.connection, input.fault),
                attempt: input.attempt,
              },
      };
    case 'over':
      return { ...state, connection: { phase: 'over', fault: input.fault } };
    case 'named':
      return { ...state, me: { ...state.me, name: input.name, hue: input.hue } };
    case 'replica':
      return {
        ...state,
        document: input.document,
        blocks: input.blocks,
        segments: input.segments,
        blocksToCome: input.toCome,
      };
    case 'granted':
      return granted(state, input.grant);
    case 'place': {
      const { type: _, ...place } = input.place;
      return { ...state, place };
    }
    case 'desk': {
      const { type: _, ...desk } = input.desk;
      return { ...state, desk };
    }
    case 'request':
      return { ...state, request: input.request };
    default:
      return unreachable(input);
  }
}

/** What broke the link says more than that a dial led nowhere since. */
function whyAway(connection: Connection, fault: Fault): Fault {
  return connection.phase === 'away' ? connection.fault : fault;
}

function stepped(connection: Connection, now: 'proving' | 'connecting'): Connection {
  const attempt = 'attempt' in connection ? connection.attempt : 1;
  return now === 'proving' ? { phase: 'proving' } : { phase: 'connecting', attempt };
}

/** A later grant of ours: it answers an open request when it gives more than before. */
function granted(state: ViewerState, grant: Grant): ViewerState {
  if (state.grant !== null && grant.number <= state.grant.number) return state;
  const more =
    state.grant === null ||
    Object.keys(grant.capabilities).length > Object.keys(state.grant.capabilities).length;
  return { ...state, grant, request: more ? 'none' : state.request };
}
