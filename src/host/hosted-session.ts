// What a session of the sharer's process is given, and what may be asked of it.
import type { SessionStore } from '../crdt/store.ts';
import type { RtcDialer } from '../peer/dialing.ts';
import type { IceServer } from '../peer/ice.ts';
import type { BinarySocket } from '../peer/socket.ts';
import type { Action, Reach, StartChoice } from '../protocol/action.ts';
import type { SessionCard } from '../protocol/app.ts';
import type { Capability } from '../protocol/capability.ts';
import type { SessionDocument } from '../protocol/document.ts';
import type { PublicKey, SessionId, ThreadId } from '../protocol/ids.ts';
import type { Outcome } from '../protocol/message.ts';
import type { Clock, Entropy, Random } from '../protocol/ports.ts';
import type { Segment } from '../protocol/thread.ts';
import type { Profile, SharerEvent } from '../session/sharer-state.ts';
import type { Desk } from '../session/viewer-state.ts';
import type { Emulator } from '../terminal/emulator.ts';
import type { AgentOffers } from './agent-offers.ts';
import type { AgentsOptions, SignInStart } from './agents.ts';
import type { Listeners } from './listeners.ts';
import type { LiveSecrets } from './live-secrets.ts';
import type { SessionSecrets } from './session-secrets.ts';
import type { ShellCommand } from './shell.ts';

export interface SessionOptions {
  readonly secrets: SessionSecrets;
  readonly store: SessionStore;
  readonly command: ShellCommand;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly size: { readonly cols: number; readonly rows: number };
  readonly sharer: Profile;
  /** The app's kept token, 32 bytes: the secret of the app door. */
  readonly token: Uint8Array;
  readonly listeners: Listeners;
  readonly signal: string | null;
  readonly rtc: RtcDialer | null;
  /** As they are set; null where they are not. */
  readonly iceServers: readonly IceServer[] | null;
  /** How invites are reached where the order does not say. */
  readonly reach: Reach;
  readonly start: StartChoice;
  readonly autoAdmit: readonly Capability[] | null;
  /** Which agents may be had, how they are run, what is hidden of what they say. */
  readonly agents: Pick<AgentsOptions, 'open' | 'moments' | 'masking' | 'limits'> & {
    readonly offers: AgentOffers;
    /** What is hidden of blocks too. */
    readonly secrets: LiveSecrets;
  };
  /** Output from the first byte on, for a terminal that shows this session where the process runs. */
  readonly output?: (bytes: Uint8Array) => void;
  readonly clock: Clock;
  readonly random: Random;
  readonly entropy: Entropy;
}

export type SessionEvent =
  | SharerEvent
  | { readonly event: 'ended'; readonly reason: 'shell.exited' | 'session.closed' };

export interface HostedSession {
  readonly id: SessionId;
  /** The sharer's. */
  readonly key: PublicKey;
  /** The sharer's own process acts. */
  readonly order: (action: Action) => Promise<Outcome>;
  /** The returned function ends it. */
  readonly onEvent: (tell: (event: SessionEvent) => void) => () => void;
  /** What waits for an answer, and the invites. */
  readonly desk: () => Desk;
  /** Names of those who are in, the sharer's own devices not counted. */
  readonly here: () => readonly string[];
  /** Whether someone is here, may come back, or has an invite. */
  readonly isShared: () => boolean;
  /** The shell's screen as it is now; all that it shows has been told as output. */
  readonly emulator: () => Emulator;
  /** Keys from the terminal where the process runs. */
  readonly type: (keys: Uint8Array) => void;
  readonly resize: (cols: number, rows: number) => void;
  /** A page of the sharer's own, on its socket. */
  readonly takeOwner: (socket: BinarySocket) => void;
  readonly card: () => SessionCard;
  readonly onCard: (changed: () => void) => void;
  /** Who is here, and which agents there are. */
  readonly document: () => SessionDocument;
  /** Segments of agent threads, in order of number: the same objects while they are unchanged. */
  readonly threads: () => readonly Segment[];
  /** [AP5] What begins a way to sign in that a thread's agent named; null where it is not known. */
  readonly signIn: (thread: ThreadId, way: number) => SignInStart | null;
  /** When they were written anew; the returned function ends it. */
  readonly onThreads: (changed: () => void) => () => void;
  readonly close: () => Promise<void>;
}
