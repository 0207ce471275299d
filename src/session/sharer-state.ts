// What the sharer's machine knows and what it may ask for, as plain values. Its decisions are
// in sharer.ts, sharer-doors.ts and the files of actions.
import type { ActionStatement } from '../crypto/action.ts';
import { newInviteBook, type InviteBook, type InviteBookInput } from '../crypto/invite-book.ts';
import type { Action, SignedAction, StartChoice } from '../protocol/action.ts';
import type { Capability } from '../protocol/capability.ts';
import type { Fault } from '../protocol/faults.ts';
import type { Grant } from '../protocol/grant.ts';
import type { HandshakeMessage, Negotiation } from '../protocol/handshake.ts';
import type {
  DeviceId,
  InviteId,
  Nameplate,
  PublicKey,
  SessionId,
  ThreadId,
} from '../protocol/ids.ts';
import type { InviteCard, KnockCard, Outcome, ToSharer, ToViewer } from '../protocol/message.ts';
import { emptyActionLog, type ActionLog } from './action-log.ts';
import type { AgentFacts } from './agent-rights.ts';
import type { GrantTable } from './grants.ts';

/** Given by the host to each link that stands; never used twice in a process. */
export type LinkId = number;

export type Hello = Extract<HandshakeMessage, { type: 'hello' }>['by'];

/** One standing link. A field exists only in the phase that has it. */
export type LinkState =
  /** The handshake is done; the first message says what it wants. */
  | (LinkBase & {
      readonly phase: 'bound';
      readonly entry: Entry;
      readonly words: string;
      /** ms since 1970. */
      readonly since: number;
    })
  | (LinkBase & {
      readonly phase: 'knocking';
      readonly knock: KnockCard;
      readonly device: DeviceId;
      readonly start: StartChoice;
    })
  | (LinkBase & { readonly phase: 'in'; readonly device: DeviceId });

interface LinkBase {
  readonly key: PublicKey;
  /** A device of the sharer's own: it proved the app's token. */
  readonly owner: boolean;
}

/** By what a link came: an invite lets one knock, redial and app let one back in. */
export type Entry = { readonly by: 'invite'; readonly invite: InviteId } | { readonly by: 'back' };

export interface Profile {
  readonly name: string;
  readonly hue: number;
}

export interface Request {
  readonly capabilities: readonly Capability[];
  readonly at: number;
}

export interface SharerState {
  readonly session: SessionId;
  /** The session's own key: how the sharer appears as a participant. */
  readonly sharer: PublicKey;
  readonly profiles: ReadonlyMap<PublicKey, Profile>;
  readonly grants: GrantTable;
  readonly log: ActionLog;
  readonly book: InviteBook;
  readonly links: ReadonlyMap<LinkId, LinkState>;
  readonly requests: ReadonlyMap<PublicKey, Request>;
  /** What the sharer is shown of each invite, as it is reached; made anew by each process. */
  readonly cards: ReadonlyMap<InviteId, InviteCard>;
  readonly notices: readonly { readonly fault: Fault; readonly at: number }[];
  /** What the sharer's own pages look at, null being the terminal; who spoke last is last. Never kept. */
  readonly looks: ReadonlyMap<DeviceId, ThreadId | null>;
  /** The number that the next block or segment will get. */
  readonly nextBlock: number;
  /** When the share ends by itself, ms since 1970; null while nothing is shared. */
  readonly endsAt: number | null;
  /** It has been said that the end is near. */
  readonly endIsTold: boolean;
}

/** A session that nobody was ever in. */
export function newSharerState(session: SessionId, sharer: PublicKey): SharerState {
  return {
    session,
    sharer,
    profiles: new Map(),
    grants: new Map(),
    log: emptyActionLog,
    book: newInviteBook(),
    links: new Map(),
    requests: new Map(),
    cards: new Map(),
    notices: [],
    looks: new Map(),
    nextBlock: 1,
    endsAt: null,
    endIsTold: false,
  };
}

/** What is on disk before it shows: one record a change, folded at the next start. */
export type SharerRecord =
  | { readonly type: 'profile'; readonly key: PublicKey; readonly profile: Profile }
  | { readonly type: 'grant'; readonly grant: Grant }
  | { readonly type: 'book'; readonly book: InviteBook }
  | {
      readonly type: 'action';
      readonly author: PublicKey;
      readonly device: DeviceId;
      readonly n: number;
    }
  /** [TR12] What was allowed, as it was signed. */
  | {
      readonly type: 'audit';
      readonly statement: ActionStatement;
      readonly signature: Uint8Array;
      readonly at: number;
    };

/** Who acts: a participant's signed action, or the sharer's own process (its terminal, stdin). */
export type Actor =
  | {
      readonly kind: 'signed';
      readonly key: PublicKey;
      readonly owner: boolean;
      readonly device: DeviceId;
      readonly n: number;
    }
  | { readonly kind: 'process'; readonly order: number };

export type SharerInput =
  /** A handshake's right confirmation; `attempt` names it in the verdict. */
  | {
      readonly on: 'proved';
      readonly attempt: number;
      readonly by: Hello;
      readonly viewer: PublicKey;
      readonly at: number;
    }
  | {
      readonly on: 'linked';
      readonly link: LinkId;
      readonly by: Hello;
      readonly viewer: PublicKey;
      readonly words: string;
      readonly at: number;
    }
  | {
      readonly on: 'message';
      readonly link: LinkId;
      readonly message: Exclude<ToSharer, { type: 'action' }>;
      readonly at: number;
    }
  | {
      readonly on: 'action';
      readonly link: LinkId;
      readonly signed: SignedAction;
      /** Whether the signature is the author's. */
      readonly verified: boolean;
      readonly at: number;
      /** ms, monotonic: for rates. */
      readonly monotonic: number;
      /** Whether keys would reach a prompt rather than a program. */
      readonly atPrompt: boolean;
      /** The threads as they are: what may be asked of them depends on it. */
      readonly agents: AgentFacts;
    }
  | { readonly on: 'order'; readonly order: number; readonly action: Action; readonly at: number }
  | { readonly on: 'outcome'; readonly actor: Actor; readonly outcome: Outcome }
  | { readonly on: 'lost'; readonly link: LinkId }
  | { readonly on: 'book'; readonly input: InviteBookInput }
  /** The host made an invite: what the book and the sharer's page must know. */
  | {
      readonly on: 'inviteMade';
      readonly actor: Actor;
      readonly card: InviteCard;
      readonly input: InviteBookInput;
    }
  /** Invites of the process before, as they are reached now. */
  | { readonly on: 'cards'; readonly cards: readonly InviteCard[] }
  | { readonly on: 'notice'; readonly fault: Fault; readonly at: number }
  | { readonly on: 'block'; readonly next: number }
  | { readonly on: 'tick'; readonly at: number };

export type SharerEffect =
  | { readonly do: 'persist'; readonly record: SharerRecord }
  | { readonly do: 'verdict'; readonly attempt: number; readonly verdict: 'accept' | Refusal }
  | { readonly do: 'send'; readonly link: LinkId; readonly message: ToViewer }
  /** Let this link in: `admitted`, the catalog, the screen. `fresh` asks for a session document anew. */
  | {
      readonly do: 'admit';
      readonly link: LinkId;
      readonly grant: Grant;
      readonly device: DeviceId;
      readonly start: StartChoice | null;
    }
  /** The roster, the grants or who is present has changed: write the session document. */
  | { readonly do: 'roster' }
  /** Close a link, after telling it why. */
  | { readonly do: 'close'; readonly link: LinkId; readonly fault: Fault }
  | {
      readonly do: 'perform';
      readonly actor: Actor;
      readonly author: PublicKey;
      readonly action: Action;
    }
  | { readonly do: 'dropNameplate'; readonly nameplate: Nameplate }
  /** An order of the process has its outcome. */
  | { readonly do: 'answer'; readonly order: number; readonly outcome: Outcome }
  /** For stdout's JSON, the prefix panel, the bell. */
  | { readonly do: 'tell'; readonly event: SharerEvent };

export type Refusal = Extract<Negotiation, { type: 'no' }>['fault'];

export type SharerEvent =
  | { readonly event: 'knock'; readonly knock: KnockCard }
  | { readonly event: 'unknock'; readonly knock: KnockCard }
  | { readonly event: 'joined'; readonly key: PublicKey; readonly name: string }
  | { readonly event: 'left'; readonly key: PublicKey; readonly name: string }
  | {
      readonly event: 'request';
      readonly key: PublicKey;
      readonly name: string;
      readonly capabilities: readonly Capability[];
    }
  | { readonly event: 'fault'; readonly fault: Fault }
  /** Everyone was shown out; the shell goes on. */
  | { readonly event: 'ended'; readonly reason: 'share.ended' | 'share.expired' };
