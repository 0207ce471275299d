// What the page asks of the browser and of the wire, so that every model and part runs without
// either: src/ui/net fills these for a real page, test/ui-fixtures for a pretended one.
import type { SessionCard } from '../../protocol/app.ts';
import type { Reach } from '../../protocol/action.ts';
import type { Fault } from '../../protocol/faults.ts';
import type { SessionId, ThreadId } from '../../protocol/ids.ts';
import type { Clock } from '../../protocol/ports.ts';
import type { Viewer } from '../../session/viewer-state.ts';

export interface Person {
  readonly name: string;
  /** Degrees. */
  readonly hue: number;
}

/** How someone comes in: by a link's fragment (`m1.…`), a typed code, or the key of an earlier visit. */
export type JoinWay =
  | { readonly by: 'link'; readonly invite: string }
  | { readonly by: 'code'; readonly code: string }
  | { readonly by: 'key'; readonly session: SessionId };

/** What the sharer's page knows of its process. A field exists only in the phase that has it. */
export type AppState =
  | { readonly phase: 'entering' }
  | {
      readonly phase: 'entered';
      readonly me: Person;
      /** Ways a share can be reached from here; never empty. */
      readonly reaches: readonly Reach[];
      /** LAN addresses found, for people to recognise. */
      readonly addresses: readonly string[];
      /** The signaling service's address, where one is set. */
      readonly signal: string | null;
      readonly sessions: readonly SessionCard[];
    }
  /** The process does not answer; `attempt` counts the tries to reach it again. */
  | { readonly phase: 'away'; readonly attempt: number }
  | { readonly phase: 'refused'; readonly fault: Fault };

/** The socket /app, and one viewer for each session behind it. */
export interface AppClient {
  readonly state: () => AppState;
  /** Calls back after each change; the returned function ends that. */
  readonly watch: (changed: (state: AppState) => void) => () => void;
  /** Something asked for did not work; the returned function ends that. */
  readonly onFailed: (hear: (fault: string) => void) => () => void;
  readonly newSession: () => void;
  /** A new terminal that begins with a way to sign in, by its place, of a thread's agent. */
  readonly signIn: (session: SessionId, thread: ThreadId, way: number) => void;
  /** The viewer of a session; the same one each time it is asked for. */
  readonly viewer: (session: SessionId) => Viewer;
  readonly retry: () => void;
}

/** sessionStorage or localStorage, either of which a browser may refuse. */
export interface Shelf {
  readonly get: (key: string) => string | null;
  /** False where the browser refuses to keep it. */
  readonly set: (key: string, value: string) => boolean;
  readonly remove: (key: string) => void;
}

export interface Ports {
  /** `token` opens the app; the client keeps the lasting one under `KEPT.token`. */
  readonly openApp: (token: string) => AppClient;
  /** Dials at once; a newcomer's viewer then waits for `knock`. */
  readonly openViewer: (way: JoinWay) => Viewer;
  readonly clock: Clock;
  /** Lives as long as the tab. */
  readonly tab: Shelf;
  /** Lives as long as the browser keeps it. */
  readonly browser: Shelf;
  /** False where the browser would not; the text is then shown selected. */
  readonly copy: (text: string) => Promise<boolean>;
  /** Replaces what the address bar shows. */
  readonly readdress: (path: string) => void;
  /** Leaves for another page, in this tab or a new one. */
  readonly go: (url: string, where: 'here' | 'newTab') => void;
}
