// The port behind which a session is kept: its secrets, what happened to it, its documents'
// frames. Synchronous, so that an effect shows only after it is kept; what only makes it smaller is not. Knows no files.
import * as v from 'valibot';
import { decodeCbor, encodeCbor } from '../protocol/codec.ts';
import type { DocumentId } from '../protocol/ids.ts';
import { Frame } from '../protocol/message.ts';
import type { Result } from '../protocol/result.ts';

/** What was kept, oldest first. With the fault, some of it was lost: what can be read is here. */
export interface Kept<T> {
  readonly records: readonly T[];
  readonly fault: 'store.corrupt' | null;
}

export type Written = Result<null, 'store.full'>;

export interface SessionStore {
  /** The session's secrets, as kept; null where none were. */
  readonly identity: () => Result<unknown, 'store.corrupt'>;
  /** Whole or not at all. */
  readonly keepIdentity: (secrets: unknown) => Written;
  /** What session code appended: grants, invite states, action numbers, participants. */
  readonly state: () => Kept<unknown>;
  /** [ST1] When it returns ok, a killed process has kept it. CBOR values only. */
  readonly append: (record: unknown) => Written;
  /** [ST4] In place of all records so far, whole or not at all. */
  readonly rewrite: (records: readonly unknown[]) => Written;
  readonly documents: () => DocumentId[];
  readonly frames: (id: DocumentId) => Kept<Frame>;
  /** All of them or none. */
  readonly appendFrames: (id: DocumentId, frames: readonly Frame[]) => Written;
  /**
   * [ST4] In place of all its frames so far: a finished block as one snapshot. Until it resolves
   * the older frames are there; nothing may be appended meanwhile.
   */
  readonly rewriteFrames: (id: DocumentId, frames: readonly Frame[]) => Promise<Written>;
  readonly forget: (id: DocumentId) => Written;
  readonly close: () => void;
}

/** Records of a log as values; one that is no CBOR is left out. */
export function valuesOf(records: readonly Uint8Array[], isWhole: boolean): Kept<unknown> {
  const values: unknown[] = [];
  let fault: Kept<unknown>['fault'] = isWhole ? null : 'store.corrupt';
  for (const record of records) {
    const value = decodeCbor(record);
    if (value.ok) values.push(value.value);
    else fault = 'store.corrupt';
  }
  return { records: values, fault };
}

/** Records of a log as frames; one that is none is left out. */
export function framesOf(records: readonly Uint8Array[], isWhole: boolean): Kept<Frame> {
  const kept = valuesOf(records, isWhole);
  const frames: Frame[] = [];
  let fault = kept.fault;
  for (const value of kept.records) {
    const frame = v.safeParse(Frame, value);
    if (frame.success) frames.push(frame.output);
    else fault = 'store.corrupt';
  }
  return { records: frames, fault };
}

export function recordOf(value: unknown): Uint8Array {
  return encodeCbor(value);
}
