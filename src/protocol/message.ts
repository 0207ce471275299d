// What travels over a link once it stands: every message both ways, its lane, its decoding.
// CBOR. How lanes share a channel is for peer/, what a message causes for session/.
import * as v from 'valibot';
import { Hue, PersonName, SignedAction } from './action.ts';
import { Capabilities, Capability } from './capability.ts';
import { Bytes, decodeCbor, encodeCbor } from './codec.ts';
import { DocumentKind } from './document.ts';
import { SignedGrant } from './grant.ts';
import { DeviceId, DocumentId, InviteId, KnockId, PublicKey, ThreadId } from './ids.ts';
import {
  COLS_MAX,
  FRAME_BYTES_MAX,
  MESSAGE_FRAMES_MAX,
  NAME_CHARS_MAX,
  ROWS_MAX,
  SHARER_MESSAGE_BYTES_MAX,
  VIEWER_MESSAGE_BYTES_MAX,
  WHOLE_PIECE_CHARS_MAX,
} from './limits.ts';
import { err, ok, type Result } from './result.ts';

/** In order of priority. `screen`, `replica` and `history` are bulk: they wait for the window. */
export const LANES = ['control', 'screen', 'presence', 'replica', 'history'] as const;
export type Lane = (typeof LANES)[number];

const Natural = v.pipe(v.number(), v.integer(), v.minValue(0));
/** Below 0 where a wider screen took back rows that a narrow one had counted. */
const RowNumber = v.pipe(v.number(), v.safeInteger());
const Bytes32 = v.pipe(Bytes, v.length(32));
/** A SHA-256 hash of an Automerge change. */
const Heads = v.pipe(v.array(Bytes32), v.maxLength(16));

/** Viewer → sharer. */
export const ToSharer = v.variant('type', [
  /** First message of a newcomer: who asks to be let in. */
  v.object({ type: v.literal('knock'), name: PersonName, hue: Hue, device: DeviceId }),
  /** First message of one who was admitted before (redial), or of the sharer's own device (app). */
  v.object({
    type: v.literal('back'),
    device: DeviceId,
    /** What it still holds; the sharer answers with a catalog and what is missing. */
    have: v.pipe(v.array(v.object({ id: DocumentId, heads: Heads })), v.maxLength(500)),
  }),
  v.object({ type: v.literal('action'), signed: SignedAction }),
  /** Documents of the catalog to be sent, most wanted first. */
  v.object({ type: v.literal('want'), ids: v.pipe(v.array(DocumentId), v.maxLength(200)) }),
  /** A document failed its check: send a snapshot. */
  v.object({ type: v.literal('snapshot'), id: DocumentId }),
  /** The emulator lost its way: send a screen. */
  v.object({ type: v.literal('redraw') }),
  /** The whole of what a part shows cut: of its text where `content` is null, else of that piece. */
  v.object({
    type: v.literal('whole'),
    /** Of the segment the part lies in. */
    number: Natural,
    part: Natural,
    content: v.nullable(Natural),
  }),
  v.object({ type: v.literal('leave') }),
]);
export type ToSharer = v.InferOutput<typeof ToSharer>;

export const CatalogEntry = v.object({
  id: DocumentId,
  kind: DocumentKind,
  /** The block's or segment's number; 0 for the session document. */
  number: Natural,
  heads: Heads,
  /** About what it costs to have it. */
  bytes: Natural,
});
export type CatalogEntry = v.InferOutput<typeof CatalogEntry>;

/** A signed piece of the replica: `head` is CBOR of a FrameHead, exactly the bytes signed. */
export const Frame = v.object({
  head: v.pipe(Bytes, v.maxLength(2048)),
  signature: v.pipe(Bytes, v.length(64)),
  body: v.pipe(Bytes, v.maxLength(FRAME_BYTES_MAX)),
});
export type Frame = v.InferOutput<typeof Frame>;

export const ShellState = v.picklist(['starting', 'prompt', 'running', 'plain', 'exited']);

/** An invite as its maker sees it. Never leaves the sharer but to holders of `manage`. */
export const InviteCard = v.object({
  id: InviteId,
  state: v.picklist(['open', 'held', 'used', 'denied', 'expired', 'closed']),
  /** The line to type after `meshell join`, with its place; null when the code is closed. */
  typed: v.nullable(v.string()),
  /** The code alone. */
  code: v.nullable(v.string()),
  /** Where a browser types the code: http://…; null where there is none. */
  place: v.nullable(v.string()),
  /** Other addresses to type behind the code, where the first may not be the right one. */
  others: v.optional(v.array(v.string())),
  link: v.string(),
  reach: v.picklist(['local', 'lan', 'signal']),
  /** ms since 1970. */
  expiresAt: Natural,
  wrongTries: Natural,
});
export type InviteCard = v.InferOutput<typeof InviteCard>;

export const KnockCard = v.object({
  id: KnockId,
  key: PublicKey,
  name: v.string(),
  hue: Hue,
  /** Four check words. */
  words: v.string(),
  at: Natural,
  /** What the invite gives when admitted. */
  capabilities: Capabilities,
});
export type KnockCard = v.InferOutput<typeof KnockCard>;

export const RequestCard = v.object({
  key: PublicKey,
  name: v.string(),
  capabilities: v.array(Capability),
  at: Natural,
});
export type RequestCard = v.InferOutput<typeof RequestCard>;

/** The result of an action, kept per author and device so that a repeat gets the same. */
export const Outcome = v.variant('ok', [
  v.object({
    ok: v.literal(true),
    invite: v.optional(InviteCard),
    queued: v.optional(Natural),
    /** The conversation that was started. */
    thread: v.optional(ThreadId),
  }),
  v.object({
    ok: v.literal(false),
    fault: v.string(),
    /** [TH28] Of a limit that is reached: what was used of what, in a sentence. */
    sum: v.optional(v.pipe(v.string(), v.maxLength(256))),
  }),
]);
export type Outcome = v.InferOutput<typeof Outcome>;

/** Sharer → viewer. */
export const ToViewer = v.variant('type', [
  /** The knock stands; the sharer has been told. */
  v.object({ type: v.literal('waiting'), sharer: v.pipe(v.string(), v.maxLength(NAME_CHARS_MAX)) }),
  /** In. `redialKey` is the sharer's long-term X25519 key, for coming back. */
  v.object({
    type: v.literal('admitted'),
    grant: SignedGrant,
    redialKey: Bytes32,
    /** Of the sharer's process within this session. */
    epoch: Natural,
    /** The sharer's wall clock, so that end times show right. */
    now: Natural,
    /** The highest action number the sharer has from this device. */
    lastAction: Natural,
  }),
  /** What this participant may have; replaces nothing it was told of before, `gone` takes back. */
  v.object({
    type: v.literal('catalog'),
    entries: v.pipe(v.array(CatalogEntry), v.maxLength(500)),
    gone: v.pipe(v.array(DocumentId), v.maxLength(500)),
  }),
  /** In the order in which they are to be taken; of whatever documents. */
  v.object({
    type: v.literal('frames'),
    frames: v.pipe(v.array(Frame), v.minLength(1), v.maxLength(MESSAGE_FRAMES_MAX)),
  }),
  /**
   * The whole screen: terminal bytes, deflated (raw), that put an empty emulator into this state.
   * In parts that follow each other; one that begins anew takes the place of one that is not whole.
   */
  v.object({
    type: v.literal('screen'),
    cols: v.pipe(Natural, v.maxValue(COLS_MAX)),
    rows: v.pipe(Natural, v.maxValue(ROWS_MAX)),
    /** Where this part begins in the deflated bytes. */
    from: Natural,
    data: Bytes,
    /** Another part follows. */
    more: v.boolean(),
  }),
  /** Terminal bytes that follow on what the emulator shows. */
  v.object({ type: v.literal('bytes'), data: Bytes }),
  /** Where things are on the screen as of the bytes before: absolute row numbers. */
  v.object({
    type: v.literal('place'),
    /** Of the screen's top row. */
    top: RowNumber,
    /** The first row of what is live: the running block, or the prompt. */
    from: RowNumber,
    /** The running block's number, or the next one's. */
    block: Natural,
    shell: ShellState,
    /** Whether the alternate screen is shown. */
    alternate: v.boolean(),
    title: v.string(),
  }),
  v.object({ type: v.literal('result'), device: DeviceId, n: Natural, outcome: Outcome }),
  /** For holders of `manage`: everything that waits for an answer. Whole each time. */
  v.object({
    type: v.literal('desk'),
    knocks: v.pipe(v.array(KnockCard), v.maxLength(64)),
    requests: v.pipe(v.array(RequestCard), v.maxLength(64)),
    invites: v.pipe(v.array(InviteCard), v.maxLength(64)),
    /** Fault codes with 'theirs' sentences, newest last, e.g. 'invite.used'. */
    notices: v.pipe(v.array(v.object({ fault: v.string(), at: Natural })), v.maxLength(20)),
  }),
  /** [AC7] Where one's own request for access stands: on coming back, and when that changes. */
  v.object({ type: v.literal('request'), is: v.picklist(['none', 'open', 'denied']) }),
  /** What was asked for by `whole`, in pieces that follow each other. */
  v.object({
    type: v.literal('whole'),
    number: Natural,
    part: Natural,
    content: v.nullable(Natural),
    /** Where this piece begins, in UTF-16 units. */
    from: Natural,
    /** Null where it is not kept, not there or not for this viewer: one word for all. */
    text: v.nullable(v.pipe(v.string(), v.maxLength(WHOLE_PIECE_CHARS_MAX))),
    /** Another piece follows. */
    more: v.boolean(),
  }),
  /** The share is over for this viewer; `fault` says why, from protocol/faults.ts. */
  v.object({ type: v.literal('ended'), fault: v.string() }),
]);
export type ToViewer = v.InferOutput<typeof ToViewer>;

/** The lane of each message. One missing here does not compile. */
export const LANE_TO_SHARER: { readonly [T in ToSharer['type']]: Lane } = {
  knock: 'control',
  back: 'control',
  action: 'control',
  want: 'control',
  snapshot: 'control',
  redraw: 'control',
  whole: 'control',
  leave: 'control',
};
export const LANE_TO_VIEWER: { readonly [T in Exclude<ToViewer['type'], 'frames'>]: Lane } = {
  waiting: 'control',
  admitted: 'control',
  catalog: 'control',
  screen: 'screen',
  bytes: 'screen',
  place: 'screen',
  result: 'control',
  desk: 'control',
  request: 'control',
  whole: 'history',
  ended: 'control',
};

type Malformed = 'message.tooLarge' | 'message.malformed';

export function encodeMessage(message: ToSharer | ToViewer): Uint8Array {
  return encodeCbor(message);
}

export function decodeToSharer(bytes: Uint8Array): Result<ToSharer, Malformed> {
  return decode(ToSharer, bytes, VIEWER_MESSAGE_BYTES_MAX);
}

export function decodeToViewer(bytes: Uint8Array): Result<ToViewer, Malformed> {
  return decode(ToViewer, bytes, SHARER_MESSAGE_BYTES_MAX);
}

function decode<S extends v.GenericSchema>(
  schema: S,
  bytes: Uint8Array,
  bytesMax: number,
): Result<v.InferOutput<S>, Malformed> {
  if (bytes.length > bytesMax) return err('message.tooLarge');
  const raw = decodeCbor(bytes);
  if (!raw.ok) return raw;
  const parsed = v.safeParse(schema, raw.value);
  return parsed.success ? ok(parsed.output) : err('message.malformed');
}
