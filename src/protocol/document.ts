// What stands in the replica's documents, as plain values. How they live in Automerge, and
// how frames carry them, is for crdt/.
import * as v from 'valibot';
import type { SignedGrant } from './grant.ts';
import type { PublicKey, ThreadId } from './ids.ts';
import type { AgentChoice } from './thread.ts';

const DOCUMENT_KINDS = ['session', 'block', 'segment'] as const;
export const DocumentKind = v.picklist(DOCUMENT_KINDS);
export type DocumentKind = v.InferOutput<typeof DocumentKind>;

/** A run of cells in one style. `s` is the number of characters; absent style = default. */
export interface StyleRun {
  readonly length: number;
  /** -1 default; 0–255 palette; 0x1000000 + rgb for true colour. */
  readonly fg: number;
  readonly bg: number;
  /** Bits: 1 bold, 2 dim, 4 italic, 8 underline, 16 blink, 32 inverse, 64 hidden, 128 strike, 256 overline. */
  readonly flags: number;
}

/** One row of terminal text, trailing blanks cut. `wrapped`: it goes on from the row before. */
export interface Row {
  readonly text: string;
  readonly wrapped: boolean;
  /** Covers `text` from the left, in UTF-16 units; what is left over is in the default style. */
  readonly runs: readonly StyleRun[];
}

export interface Block {
  readonly number: number;
  /** Whose action ran it; null where it was typed at the prompt by several or unknown hands. */
  readonly author: PublicKey | null;
  readonly command: string;
  readonly directory: string;
  readonly branch: string | null;
  /** ms since 1970. */
  readonly startedAt: number;
  readonly endedAt: number | null;
  /** null while it runs, and where the shell did not say. */
  readonly exit: number | null;
  readonly state: 'running' | 'done' | 'interrupted';
  /** The absolute number of its first row on the terminal of its epoch. */
  readonly firstRow: number;
  readonly head: readonly Row[];
  /** Rows counted but not kept, between head and tail. */
  readonly omitted: number;
  readonly tail: readonly Row[];
}

export interface Participant {
  readonly key: PublicKey;
  readonly name: string;
  /** Degrees. */
  readonly hue: number;
  readonly role: 'sharer' | 'viewer';
  readonly present: boolean;
}

export interface QueuedCommand {
  readonly id: number;
  readonly author: PublicKey;
  readonly text: string;
}

export interface SessionDocument {
  readonly cols: number;
  readonly rows: number;
  readonly roster: readonly Participant[];
  /** The latest grant of each participant, checkable by everyone. */
  readonly grants: Readonly<Record<PublicKey, SignedGrant>>;
  readonly queue: readonly QueuedCommand[];
  /** The shell's state; 'plain' is a shell without marks. */
  readonly shell: 'starting' | 'prompt' | 'running' | 'plain' | 'exited';
  /** Whom one may start a conversation with. */
  readonly agents?: readonly AgentChoice[];
  /** What the sharer's page looks at, null being the terminal; absent while no page of theirs says so. */
  readonly looksAt?: ThreadId | null;
}
