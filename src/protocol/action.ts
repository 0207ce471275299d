// Actions: what a participant asks of the sharer, each said once, and what each one needs.
// Signing and numbering are in crypto/action.ts; whether it is allowed is for session/.
import * as v from 'valibot';
import { CAPABILITIES, Capabilities, Capability } from './capability.ts';
import { Bytes, decodeCbor, encodeCbor } from './codec.ts';
import { DeviceId, InviteId, KnockId, PublicKey, SessionId } from './ids.ts';
import {
  COLS_MAX,
  COMMAND_BYTES_MAX,
  KEYS_BYTES_MAX,
  NAME_CHARS_MAX,
  ROWS_MAX,
  VIEWER_MESSAGE_BYTES_MAX,
} from './limits.ts';
import { err, ok, type Result } from './result.ts';

/** A name people read: no controls, no bidi overrides, not blank. Colours are hues in degrees. */
export const PersonName = v.pipe(
  v.string(),
  v.trim(),
  v.minLength(1),
  v.maxLength(NAME_CHARS_MAX),
  v.regex(/^[^\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]*$/u),
);
export const Hue = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(359));

/** Where a viewer's sight begins: everything, nothing yet, the rows now visible, or a block. */
export const StartChoice = v.variant('from', [
  v.object({ from: v.literal('all') }),
  v.object({ from: v.literal('none') }),
  v.object({ from: v.literal('screen') }),
  v.object({ from: v.literal('block'), block: v.pipe(v.number(), v.integer(), v.minValue(0)) }),
]);
export type StartChoice = v.InferOutput<typeof StartChoice>;

/** Who can reach a share. */
export const Reach = v.picklist(['local', 'lan', 'signal']);
export type Reach = v.InferOutput<typeof Reach>;

const Command = v.pipe(v.string(), v.maxBytes(COMMAND_BYTES_MAX));
const Keys = v.pipe(Bytes, v.minLength(1), v.maxLength(KEYS_BYTES_MAX));

export const Action = v.variant('type', [
  /** Run exactly this text, between a prompt and Enter; queued while something runs. */
  v.object({ type: v.literal('command.run'), text: Command }),
  /** Take a queued command out again; `id` is the queue entry's number. */
  v.object({ type: v.literal('command.cancel'), id: v.pipe(v.number(), v.integer()) }),
  /** Bytes for the running program, or for the prompt. */
  v.object({ type: v.literal('keys.type'), keys: Keys }),
  /** Ask the sharer for capabilities; a second request replaces the first. */
  v.object({
    type: v.literal('access.request'),
    capabilities: v.pipe(v.array(Capability), v.maxLength(CAPABILITIES.length)),
  }),
  v.object({ type: v.literal('access.withdraw') }),
  v.object({ type: v.literal('profile.set'), name: PersonName, hue: Hue }),
  /** Answers a knock. `capabilities` must include view. */
  v.object({ type: v.literal('knock.admit'), knock: KnockId, capabilities: Capabilities }),
  v.object({ type: v.literal('knock.deny'), knock: KnockId }),
  /** Sets exactly these capabilities; answers an open request of theirs. Revoking is granting less. */
  v.object({ type: v.literal('grant.set'), to: PublicKey, capabilities: Capabilities }),
  v.object({ type: v.literal('request.deny'), from: PublicKey }),
  v.object({ type: v.literal('participant.remove'), key: PublicKey }),
  v.object({
    type: v.literal('invite.make'),
    reach: v.optional(Reach),
    start: v.optional(StartChoice),
    capabilities: v.optional(v.array(Capability)),
  }),
  v.object({ type: v.literal('invite.close'), invite: InviteId }),
  /** The sharer's own page or terminal: its grid is the terminal's size. In cells. */
  v.object({
    type: v.literal('terminal.resize'),
    cols: v.pipe(v.number(), v.integer(), v.minValue(2), v.maxValue(COLS_MAX)),
    rows: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(ROWS_MAX)),
  }),
  /** A new shell where the old one has exited. */
  v.object({ type: v.literal('terminal.restart') }),
  /** End the share for everyone; the shell goes on for the sharer. */
  v.object({ type: v.literal('share.end') }),
  /** End the session and its shell. */
  v.object({ type: v.literal('session.close') }),
]);
export type Action = v.InferOutput<typeof Action>;
export type ActionType = Action['type'];

/**
 * What a sender needs. 'owner' is a device of the sharer's own. An action missing here does
 * not compile. keys.type at a prompt needs `run` too: session/ adds that, as it depends on the shell.
 */
export const NEEDS: { readonly [T in ActionType]: Capability | 'owner' } = {
  'command.run': 'run',
  'command.cancel': 'run',
  'keys.type': 'type',
  'access.request': 'view',
  'access.withdraw': 'view',
  'profile.set': 'view',
  'knock.admit': 'manage',
  'knock.deny': 'manage',
  'grant.set': 'manage',
  'request.deny': 'manage',
  'participant.remove': 'manage',
  'invite.make': 'manage',
  'invite.close': 'manage',
  'terminal.resize': 'owner',
  'terminal.restart': 'run',
  'share.end': 'owner',
  'session.close': 'owner',
};

/** Sent again after a lost link, so that each is done exactly once. Keys are not: late keys are wrong keys. */
export function isRepeated(type: ActionType): boolean {
  return type !== 'keys.type' && type !== 'terminal.resize';
}

/** An action on the wire: the body is CBOR of an Action, the signature covers its hash. */
export const SignedAction = v.object({
  session: SessionId,
  author: PublicKey,
  device: DeviceId,
  /** Counts from 1 per author and device. */
  n: v.pipe(v.number(), v.integer(), v.minValue(1)),
  body: v.pipe(Bytes, v.maxLength(VIEWER_MESSAGE_BYTES_MAX)),
  signature: v.pipe(Bytes, v.length(64)),
});
export type SignedAction = v.InferOutput<typeof SignedAction>;

export function encodeAction(action: Action): Uint8Array {
  return encodeCbor(action);
}

export function decodeAction(body: Uint8Array): Result<Action, 'message.malformed'> {
  const raw = decodeCbor(body);
  if (!raw.ok) return raw;
  const parsed = v.safeParse(Action, raw.value);
  return parsed.success ? ok(parsed.output) : err('message.malformed');
}
