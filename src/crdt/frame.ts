// A frame: one piece of the replica under one signature. Owns the head, what is signed and the
// order in which a frame is believed. Knows nothing of Automerge or of who may have it.
import { sha256 } from '@noble/hashes/sha2.js';
import * as v from 'valibot';
import { sessionIdOf } from '../crypto/identity.ts';
import { TAGS, tagged } from '../crypto/tags.ts';
import { equalBytes } from '../protocol/bytes.ts';
import { Bytes, decodeCbor, encodeCbor } from '../protocol/codec.ts';
import { DocumentId, idBytes, idOf, SessionId } from '../protocol/ids.ts';
import { FRAME_BYTES_MAX, SNAPSHOT_BYTES_MAX, SNAPSHOT_PART_BYTES } from '../protocol/limits.ts';
import type { Frame } from '../protocol/message.ts';
import type { Signer, Verifier } from '../protocol/ports.ts';
import { err, ok, type Result } from '../protocol/result.ts';

/** Of the schema Frame in protocol/message.ts: sixteen heads twice and the counters fit. */
const HEAD_BYTES_MAX = 2048;
/** Frames of one snapshot. */
export const SNAPSHOT_PARTS_MAX = Math.ceil(SNAPSHOT_BYTES_MAX / SNAPSHOT_PART_BYTES);

const Natural = v.pipe(v.number(), v.integer(), v.minValue(0));
const Bytes16 = v.pipe(Bytes, v.length(16));
const Bytes32 = v.pipe(Bytes, v.length(32));
const HeadList = v.pipe(v.array(Bytes32), v.maxLength(16));

/** What a frame says of itself. On the wire a CBOR array in this order, ids as 16 bytes. */
export interface FrameHead {
  readonly session: SessionId;
  /** The life of the sharer's process that signed it. */
  readonly epoch: number;
  /** Changes: counts the document's changes of this epoch from 1. Snapshot: the last one in it. */
  readonly n: number;
  readonly document: DocumentId;
  readonly kind: 'changes' | 'snapshot';
  readonly part: number;
  readonly parts: number;
  /** The heads a receiver must hold for `changes` to follow on; empty for a snapshot. */
  readonly base: readonly Uint8Array[];
  /** The document's heads once this frame (with a snapshot: all its parts) is in. */
  readonly heads: readonly Uint8Array[];
  readonly deflated: boolean;
  /** SHA-256 of the body as it travels. */
  readonly hash: Uint8Array;
}

const WireHead = v.strictTuple([
  Bytes16,
  Natural,
  Natural,
  Bytes16,
  v.picklist([0, 1]),
  Natural,
  v.pipe(Natural, v.minValue(1), v.maxValue(SNAPSHOT_PARTS_MAX)),
  HeadList,
  HeadList,
  v.boolean(),
  Bytes32,
]);

/** A frame whose signature, session and body hash are right. Nothing else is known of it yet. */
export interface OpenedFrame {
  readonly head: FrameHead;
  readonly body: Uint8Array;
}

export type FrameFault = 'frame.malformed' | 'frame.badSignature' | 'message.tooLarge';

/** [FR1] Signs tag ‖ 0 ‖ head; the head carries the body's hash. A body over the limit is a bug. */
export async function signFrame(
  head: Omit<FrameHead, 'hash'>,
  body: Uint8Array,
  signer: Signer,
): Promise<Frame> {
  if (body.length > FRAME_BYTES_MAX) throw new Error(`a frame of ${body.length} bytes`);
  const bytes = encodeHead({ ...head, hash: sha256(body) });
  return { head: bytes, signature: await signer.sign(tagged(TAGS.frame, bytes)), body };
}

/** [FR2] Size, signature, shape, session, body hash: in this order, each before the next. */
export async function openFrame(
  frame: Frame,
  sessionPublic: Uint8Array,
  verify: Verifier,
): Promise<Result<OpenedFrame, FrameFault>> {
  if (frame.head.length > HEAD_BYTES_MAX) return err('message.tooLarge');
  if (frame.body.length > FRAME_BYTES_MAX) return err('message.tooLarge');
  if (frame.signature.length !== 64) return err('frame.badSignature');
  if (!(await verify(sessionPublic, tagged(TAGS.frame, frame.head), frame.signature))) {
    return err('frame.badSignature');
  }
  const head = decodeHead(frame.head);
  if (!head.ok) return head;
  if (head.value.session !== sessionIdOf(sessionPublic)) return err('frame.badSignature');
  if (!equalBytes(head.value.hash, sha256(frame.body))) return err('frame.badSignature');
  return ok({ head: head.value, body: frame.body });
}

/** Reads a head without believing it: for frames from one's own store. */
export function decodeHead(bytes: Uint8Array): Result<FrameHead, 'frame.malformed'> {
  const raw = decodeCbor(bytes);
  if (!raw.ok) return err('frame.malformed');
  const parsed = v.safeParse(WireHead, raw.value);
  if (!parsed.success) return err('frame.malformed');
  const [session, epoch, n, document, kind, part, parts, base, heads, deflated, hash] =
    parsed.output;
  const head: FrameHead = {
    session: idOf(SessionId, session),
    epoch,
    n,
    document: idOf(DocumentId, document),
    kind: kind === 0 ? 'changes' : 'snapshot',
    part,
    parts,
    base,
    heads,
    deflated,
    hash,
  };
  return isConsistent(head) ? ok(head) : err('frame.malformed');
}

function isConsistent(head: FrameHead): boolean {
  if (head.part >= head.parts) return false;
  return head.kind === 'changes'
    ? head.parts === 1 && head.n >= 1
    : head.base.length === 0 && !head.deflated;
}

function encodeHead(head: FrameHead): Uint8Array {
  return encodeCbor([
    idBytes(head.session),
    head.epoch,
    head.n,
    idBytes(head.document),
    head.kind === 'changes' ? 0 : 1,
    head.part,
    head.parts,
    head.base,
    head.heads,
    head.deflated,
    head.hash,
  ]);
}
