// What a viewer knows, as plain values: the page and the terminal viewer are functions of it.
// How it comes about is in session/viewer.ts.
import type { Action } from '../protocol/action.ts';
import type { Block, SessionDocument } from '../protocol/document.ts';
import type { Fault } from '../protocol/faults.ts';
import type { Grant } from '../protocol/grant.ts';
import type { PublicKey, SessionId } from '../protocol/ids.ts';
import type { Outcome, ToViewer } from '../protocol/message.ts';
import type { Segment } from '../protocol/thread.ts';

/** How a viewer is connected. A field exists only in the phase that has it. */
export type Connection =
  /** Looking for the sharer through signaling or at its address. */
  | { readonly phase: 'reaching'; readonly attempt: number }
  /** The handshake runs: both sides prove that they hold the invite. */
  | { readonly phase: 'proving' }
  /** WebRTC (or a direct socket) is being dialled. */
  | { readonly phase: 'connecting'; readonly attempt: number }
  /** The knock stands; `words` are the four check words that the sharer sees too. */
  | { readonly phase: 'knocking'; readonly words: string; readonly sharer: string }
  | { readonly phase: 'live'; readonly path: Path; readonly rttMs: number | null }
  /** The link is lost; what is on screen stays. */
  | { readonly phase: 'away'; readonly fault: Fault; readonly attempt: number }
  | { readonly phase: 'over'; readonly fault: Fault };

/** The words for a live connection: WebRTC across networks or within one, a socket, this process. */
export type Path = 'webrtc' | 'websocket' | 'loopback';

export type Place = Omit<Extract<ToViewer, { type: 'place' }>, 'type'>;
export type Desk = Omit<Extract<ToViewer, { type: 'desk' }>, 'type'>;

export interface Me {
  readonly key: PublicKey;
  readonly name: string;
  readonly hue: number;
  /** A device of the sharer's own. */
  readonly owner: boolean;
}

export interface ViewerState {
  readonly connection: Connection;
  readonly session: SessionId | null;
  readonly me: Me;
  readonly grant: Grant | null;
  readonly document: SessionDocument | null;
  /** In order of number; the running one last. Only what this viewer may have. */
  readonly blocks: readonly Block[];
  /** Of agent threads, in order of number. Only what this viewer may have. */
  readonly segments: readonly Segment[];
  /** How many blocks and segments the catalog names that are not here yet. */
  readonly blocksToCome: number;
  readonly place: Place | null;
  /** For holders of `manage`. */
  readonly desk: Desk | null;
  /** Our own request for more capabilities. */
  readonly request: 'none' | 'open' | 'denied';
}

/** Where terminal bytes go: xterm.js in the page, a headless emulator in the terminal viewer. */
export interface ScreenSink {
  /** An empty emulator of this size, then `bytes`. Resolves when they are parsed. */
  readonly screen: (cols: number, rows: number, bytes: Uint8Array) => Promise<void>;
  /** Bytes that follow on. Resolves when they are parsed. */
  readonly bytes: (bytes: Uint8Array) => Promise<void>;
}

/** A running viewer, as the page and the terminal viewer hold it. */
export interface Viewer {
  readonly state: () => ViewerState;
  /** Calls back after each change; the returned function ends that. */
  readonly watch: (changed: (state: ViewerState) => void) => () => void;
  /** Where the screen goes; the sharer is asked for a whole one. */
  readonly attach: (sink: ScreenSink) => void;
  /** Ask to be let in. Only while knocking is possible; else it waits for the link. */
  readonly knock: (name: string, hue: number) => void;
  /** Signs and sends; the outcome is the sharer's. Sent again after a lost link, but for keys. */
  readonly act: (action: Action) => Promise<Outcome>;
  /** Blocks and segments scrolled into view, by number, to be fetched first: the newest of them first. */
  readonly want: (numbers: readonly number[]) => void;
  /** The whole of what a part shows cut; null where the sharer keeps it no longer. */
  readonly whole: (number: number, part: number, content: number | null) => Promise<string | null>;
  /** Dial now instead of waiting. */
  readonly retry: () => void;
  readonly leave: () => void;
}
