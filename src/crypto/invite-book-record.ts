// An invite book as bytes, for the sharer's disk: what must outlive a restart so that a used
// invite stays used. Knows no files.
import * as v from 'valibot';
import { Reach, StartChoice } from '../protocol/action.ts';
import { Capability } from '../protocol/capability.ts';
import { Bytes, decodeCbor, encodeCbor } from '../protocol/codec.ts';
import { InviteId, Nameplate, PublicKey } from '../protocol/ids.ts';
import { err, ok, type Result } from '../protocol/result.ts';
import { LINK_SECRET_BYTES } from './invite.ts';
import { INVITES_MAX, type InviteBook } from './invite-state.ts';

const Natural = v.pipe(v.number(), v.integer(), v.minValue(0));

const InviteRecord = v.object({
  id: InviteId,
  secret: v.pipe(Bytes, v.length(LINK_SECRET_BYTES)),
  words: v.nullable(v.string()),
  nameplate: v.nullable(Nameplate),
  capabilities: v.array(Capability),
  start: StartChoice,
  reach: Reach,
  madeAt: Natural,
  expiresAt: Natural,
  wrongTries: Natural,
  exchange: v.variant('phase', [
    v.object({ phase: v.literal('none') }),
    v.object({ phase: v.literal('running'), since: Natural }),
  ]),
  phase: v.variant('phase', [
    v.object({ phase: v.literal('open') }),
    v.object({ phase: v.literal('held'), by: PublicKey, heardAt: Natural }),
    v.object({ phase: v.literal('used'), by: PublicKey }),
    v.object({ phase: v.literal('denied'), by: PublicKey }),
    v.object({ phase: v.literal('expired') }),
    v.object({ phase: v.literal('closed') }),
  ]),
});

const BookRecord = v.object({
  invites: v.pipe(v.array(InviteRecord), v.maxLength(INVITES_MAX)),
  wrongTries: Natural,
});

export function encodeInviteBook(book: InviteBook): Uint8Array {
  return encodeCbor({ invites: [...book.invites.values()], wrongTries: book.wrongTries });
}

export function decodeInviteBook(bytes: Uint8Array): Result<InviteBook, 'store.corrupt'> {
  const raw = decodeCbor(bytes);
  if (!raw.ok) return err('store.corrupt');
  const parsed = v.safeParse(BookRecord, raw.value);
  if (!parsed.success) return err('store.corrupt');
  const { invites, wrongTries } = parsed.output;
  return ok({ invites: new Map(invites.map((i) => [i.id, i])), wrongTries });
}
