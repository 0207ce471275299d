// Signing an action and checking a signed one. Whether its author may do that, and whether it
// was done before, is for session/.
import { sha256 } from '@noble/hashes/sha2.js';
import * as v from 'valibot';
import {
  decodeAction,
  encodeAction,
  type Action,
  type ActionType,
  type SignedAction,
} from '../protocol/action.ts';
import { toText } from '../protocol/bytes.ts';
import { encodeCbor } from '../protocol/codec.ts';
import { idBytes, PublicKey, type DeviceId, type SessionId } from '../protocol/ids.ts';
import type { Signer, Verifier } from '../protocol/ports.ts';
import { TAGS, tagged } from './tags.ts';

/** What an action's signature covers. An audit keeps this where it may not keep the body. */
export interface ActionStatement {
  readonly session: SessionId;
  readonly author: PublicKey;
  readonly device: DeviceId;
  readonly n: number;
  readonly type: ActionType;
  /** Whom or what it is about, '' where that is the session itself. */
  readonly target: string;
  /** SHA-256 of the body, 32 bytes. */
  readonly bodyHash: Uint8Array;
}

export async function signAction(
  action: {
    readonly session: SessionId;
    readonly device: DeviceId;
    /** Counts from 1 per author and device. */
    readonly n: number;
    readonly action: Action;
  },
  signer: Signer,
): Promise<SignedAction> {
  const author = authorOf(signer);
  const { session, device, n } = action;
  const body = encodeAction(action.action);
  const statement = statementOf({ session, author, device, n, body }, action.action);
  return { session, author, device, n, body, signature: await signer.sign(signedBytes(statement)) };
}

const authors = new WeakMap<Signer, PublicKey>();

/** Said once per signer: who types signs thirty times a second. */
function authorOf(signer: Signer): PublicKey {
  const known = authors.get(signer);
  if (known !== undefined) return known;
  const author = v.parse(PublicKey, toText(signer.publicKey));
  authors.set(signer, author);
  return author;
}

/** [GR5] False as well where the body is no action: nobody can have meant to sign that. */
export async function verifyAction(signed: SignedAction, verify: Verifier): Promise<boolean> {
  const action = decodeAction(signed.body);
  if (!action.ok) return false;
  const message = signedBytes(statementOf(signed, action.value));
  return await verify(idBytes(signed.author), message, signed.signature);
}

/** The same for a statement whose body was not kept. */
export async function verifyStatement(
  statement: ActionStatement,
  signature: Uint8Array,
  verify: Verifier,
): Promise<boolean> {
  return await verify(idBytes(statement.author), signedBytes(statement), signature);
}

export function statementOf(
  signed: Omit<SignedAction, 'signature'>,
  action: Action,
): ActionStatement {
  const { session, author, device, n, body } = signed;
  return {
    session,
    author,
    device,
    n,
    type: action.type,
    target: targetOf(action),
    bodyHash: sha256(body),
  };
}

/** [GR4] ('meshell/action/1', 00, CBOR of the list of all fields in this order). */
function signedBytes(statement: ActionStatement): Uint8Array {
  const { session, author, device, n, type, target, bodyHash } = statement;
  return tagged(TAGS.action, encodeCbor([session, author, device, n, type, target, bodyHash]));
}

function targetOf(action: Action): string {
  switch (action.type) {
    case 'command.cancel':
      return String(action.id);
    case 'knock.admit':
    case 'knock.deny':
      return action.knock;
    case 'grant.set':
      return action.to;
    case 'request.deny':
      return action.from;
    case 'participant.remove':
      return action.key;
    case 'invite.close':
      return action.invite;
    default:
      return '';
  }
}
