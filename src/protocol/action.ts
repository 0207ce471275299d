// Actions: what a participant asks of the sharer, each said once, and what each one needs.
// Signing and numbering are in crypto/action.ts; whether it is allowed is for session/.
import * as v from 'valibot';
import { CAPABILITIES, Capabilities, Capability } from './capability.ts';
import { Bytes, decodeCbor, encodeCbor } from './codec.ts';
import { DeviceId, InviteId, KnockId, PublicKey, SessionId, ThreadId } from './ids.ts';
import {
  COLS_MAX,
  COMMAND_BYTES_MAX,
  KEYS_BYTES_MAX,
  NAME_CHARS_MAX,
  ROWS_MAX,
  VIEWER_MESSAGE_BYTES_MAX,
} from './limits.ts';
import { err, ok, type Result } from './result.ts';
import { PROMPT_BYTES_MAX } from './thread.ts';

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
const Prompt = v.pipe(v.string(), v.minLength(1), v.maxBytes(PROMPT_BYTES_MAX));
const Choice = v.pipe(v.string(), v.minLength(1), v.maxLength(256));
const Natural = v.pipe(v.number(), v.integer(), v.minValue(0));
const thread = ThreadId;
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
  /** A conversation with the agent of this name, and its first prompt where there is one. */
  v.object({
    type: v.literal('thread.start'),
    agent: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
    prompt: v.optional(Prompt),
  }),
  /** Exactly this text; queued while a turn runs. */
  v.object({ type: v.literal('thread.prompt'), thread, text: Prompt }),
  /** Ends the running turn. */
  v.object({ type: v.literal('thread.stop'), thread }),
  /** The last prompt once more, after a turn that failed or was cut off. */
  v.object({ type: v.literal('thread.retry'), thread }),
  /** Its agent's process anew. */
  v.object({ type: v.literal('thread.restart'), thread }),
  v.object({
    type: v.literal('thread.rename'),
    thread,
    title: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(120)),
  }),
  /** Ends it and its agent; the transcript stays. */
  v.object({ type: v.literal('thread.close'), thread }),
  /** One's own queued prompt; the sharer's devices any. `id` is the entry's number. */
  v.object({ type: v.literal('queue.edit'), thread, id: Natural, text: Prompt }),
  v.object({ type: v.literal('queue.remove'), thread, id: Natural }),
  /** To this place in the queue, 0 being the next to be sent. */
  v.object({ type: v.literal('queue.move'), thread, id: Natural, to: Natural }),
  /** Ends the running turn and sends this one next. */
  v.object({ type: v.literal('queue.sendNow'), thread, id: Natural }),
  /** `part` is the permission's part; the first entitled answer wins. */
  v.object({ type: v.literal('permission.answer'), thread, part: Natural, option: Choice }),
  /** An option of the agent's menu: mode, model, effort. */
  v.object({ type: v.literal('thread.configure'), thread, option: Choice, value: Choice }),
  /** What this page of the sharer's looks at, for those who follow: null is the terminal. */
  v.object({ type: v.literal('view.look'), thread: v.nullable(thread) }),
  /** End the share for everyone; the shell goes on for the sharer. */
  v.object({ type: v.literal('share.end') }),
  /** End the session and its shell. */
  v.object({ type: v.literal('session.close') }),
]);
export type Action = v.InferOutput<typeof Action>;
export type ActionType = Action['type'];
export const ACTION_TYPES = Action.options.map((one) => one.entries.type.literal);

/**
 * What a sender needs. 'owner' is a device of the sharer's own. An action missing here does
 * not compile. What depends on the moment session/ adds: keys.type at a prompt needs `run` too, and
 * an agent that acts without asking `run` and `approve`; 'always' and another's entry are the sharer's.
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
  'thread.start': 'prompt',
  'thread.prompt': 'prompt',
  'thread.stop': 'prompt',
  'thread.retry': 'prompt',
  'thread.restart': 'prompt',
  'thread.rename': 'prompt',
  'thread.close': 'prompt',
  'queue.edit': 'prompt',
  'queue.remove': 'prompt',
  'queue.move': 'prompt',
  'queue.sendNow': 'prompt',
  'permission.answer': 'approve',
  'thread.configure': 'approve',
  'view.look': 'owner',
  'share.end': 'owner',
  'session.close': 'owner',
};

/** For their moment only. Late keys are wrong keys; of sizes and looks the next one counts. */
const MOMENTARY: readonly ActionType[] = ['keys.type', 'terminal.resize', 'view.look'];

/** Sent again after a lost link, so that each is done exactly once. */
export function isRepeated(type: ActionType): boolean {
  return !MOMENTARY.includes(type);
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
