// The viewer's side of the handshake: hello, confirm, and the check that the one who answers is
// the session's owner. Knows no sockets; what door it came by was read by invite.ts.
import { concat } from '../protocol/bytes.ts';
import type { Fault } from '../protocol/faults.ts';
import { decodeNegotiation, type HandshakeMessage } from '../protocol/handshake.ts';
import { idOf, PublicKey, type InviteId, type Nameplate, type SessionId } from '../protocol/ids.ts';
import { PROTOCOL_VERSION } from '../protocol/limits.ts';
import type { Entropy } from '../protocol/ports.ts';
import { err, ok, unreachable, type Result } from '../protocol/result.ts';
import type { Step } from '../protocol/step.ts';
import { agree, newAgreementKey, type AgreementKey } from './agreement.ts';
import { cpaceKey, cpaceStart, type CpaceContext, type CpaceSecret } from './cpace.ts';
import { sign, verify } from './ed25519.ts';
import { sessionIdOf, type Identity } from './identity.ts';
import { proven, type Proven } from './proven.ts';
import { open, seal } from './seal.ts';
import {
  cpaceContext,
  keyFor,
  openingHash,
  openingRoot,
  sharerStatement,
  viewerStatement,
  type HelloBy,
  type Reply,
  type Root,
} from './transcript.ts';

/** By what the viewer proves itself. `session` is whom it expects: of a code, the room named. */
export type ViewerDoor =
  | {
      readonly door: 'link';
      readonly invite: InviteId;
      readonly secret: Uint8Array;
      readonly session: SessionId;
    }
  | {
      readonly door: 'code';
      readonly nameplate: Nameplate;
      readonly words: string;
      readonly session: SessionId;
    }
  | { readonly door: 'app'; readonly token: Uint8Array; readonly session: SessionId }
  | { readonly door: 'redial'; readonly session: SessionId; readonly redialKey: Uint8Array };

/** What makes the door's secret once the reply is there. */
type DoorKey =
  | { readonly by: 'secret'; readonly secret: Uint8Array }
  | { readonly by: 'cpace'; readonly context: CpaceContext; readonly own: CpaceSecret }
  | { readonly by: 'redial'; readonly redialKey: Uint8Array };

interface Greeting {
  readonly phase: 'greeting';
  readonly session: SessionId;
  readonly identity: Identity;
  readonly by: HelloBy;
  readonly ephemeral: AgreementKey;
  readonly key: DoorKey;
}

interface Confirming {
  readonly phase: 'confirming';
  readonly session: SessionId;
  readonly identity: Identity;
  readonly by: HelloBy;
  readonly opening: Uint8Array;
  readonly root: Root;
}

export type ViewerHandshake =
  | Greeting
  | Confirming
  | { readonly phase: 'proven'; readonly proven: Proven }
  | { readonly phase: 'failed'; readonly fault: Fault };

export interface ViewerHandshakeEffect {
  readonly do: 'send';
  readonly message: HandshakeMessage;
}

type ViewerStep = Step<ViewerHandshake, ViewerHandshakeEffect>;

export function startViewerHandshake(
  door: ViewerDoor,
  identity: Identity,
  entropy: Entropy,
): ViewerStep {
  const ephemeral = newAgreementKey(entropy);
  const [by, key] = entrance(door, ephemeral.publicKey, entropy);
  const state: Greeting = {
    phase: 'greeting',
    session: door.session,
    identity,
    by,
    ephemeral,
    key,
  };
  const message: HandshakeMessage = {
    type: 'hello',
    version: PROTOCOL_VERSION,
    by,
    ephemeral: ephemeral.publicKey,
  };
  return [state, [{ do: 'send', message }]];
}

export function viewerHandshake(state: ViewerHandshake, message: HandshakeMessage): ViewerStep {
  switch (state.phase) {
    case 'greeting':
      if (message.type === 'refused') return failed(message.fault);
      return message.type === 'reply' ? replied(state, message) : failed('link.protocol');
    case 'confirming':
      if (message.type === 'refused') return failed(message.fault);
      if (message.type === 'welcome') return welcomed(state, message.box);
      return message.type === 'sealed' ? refused(state, message.box) : failed('link.protocol');
    case 'proven':
    case 'failed':
      return [state, []]; // [HS8] it is over: what else comes is not for it
    default:
      return unreachable(state);
  }
}

function entrance(
  door: ViewerDoor,
  ephemeral: Uint8Array,
  entropy: Entropy,
): readonly [HelloBy, DoorKey] {
  switch (door.door) {
    case 'link':
      return [
        { door: 'link', invite: door.invite },
        { by: 'secret', secret: door.secret },
      ];
    case 'code': {
      const { nameplate } = door;
      const context = cpaceContext(door.session, nameplate, door.words, ephemeral);
      const own = cpaceStart(context, entropy);
      return [
        { door: 'code', nameplate, share: own.share },
        { by: 'cpace', context, own },
      ];
    }
    case 'app':
      return [{ door: 'app' }, { by: 'secret', secret: door.token }];
    case 'redial':
      return [
        { door: 'redial', session: door.session },
        { by: 'redial', redialKey: door.redialKey },
      ];
    default:
      return unreachable(door);
  }
}

function replied(state: Greeting, reply: Reply): ViewerStep {
  const secret = doorSecret(state, reply);
  const shared = agree(state.ephemeral.secretKey, reply.ephemeral);
  if (!secret.ok || !shared.ok) return failed('link.protocol');
  const { session, identity, by } = state;
  const opening = openingHash(session, { by, ephemeral: state.ephemeral.publicKey }, reply);
  const root = openingRoot(opening, secret.value, shared.value);
  const signature = sign(identity.seed, viewerStatement(opening));
  const box = seal(keyFor(root, 'confirm'), 0, concat(identity.publicBytes, signature));
  return [
    { phase: 'confirming', session, identity, by, opening, root },
    [{ do: 'send', message: { type: 'confirm', box } }],
  ];
}

function doorSecret(state: Greeting, reply: Reply): Result<Uint8Array, 'link.protocol'> {
  const { key, ephemeral } = state;
  if ((key.by === 'cpace') !== (reply.share !== undefined)) return err('link.protocol');
  switch (key.by) {
    case 'secret':
      return ok(key.secret);
    case 'redial':
      return agree(ephemeral.secretKey, key.redialKey);
    case 'cpace': {
      const share = reply.share ?? new Uint8Array(0);
      return cpaceKey(
        key.context,
        key.own,
        share,
        { share: key.own.share, ad: ephemeral.publicKey },
        { share, ad: reply.ephemeral },
      );
    }
    default:
      return unreachable(key);
  }
}

/** Opens the welcome: session key 32 ‖ redial key 32 ‖ signature 64. */
function welcomed(state: Confirming, box: Uint8Array): ViewerStep {
  const plain = open(keyFor(state.root, 'welcome'), 0, box);
  if (!plain.ok || plain.value.length !== 128) return failed('sharer.unproven');
  const sessionBytes = plain.value.slice(0, 32);
  const redialKey = plain.value.slice(32, 64);
  const statement = sharerStatement(state.opening, state.identity.publicBytes, redialKey);
  // [HS7] The key must be the one whose hash the invite named, and must have signed this opening.
  const isOwner =
    sessionIdOf(sessionBytes) === state.session &&
    verify(sessionBytes, statement, plain.value.slice(64));
  if (!isOwner) return failed('sharer.unproven');
  const who = {
    role: 'viewer' as const,
    door: state.by.door,
    session: state.session,
    sessionKey: idOf(PublicKey, sessionBytes),
    viewer: state.identity.publicKey,
    redialKey,
  };
  return [{ phase: 'proven', proven: proven(who, state.opening, state.root) }, []];
}

/** A no for the one who holds the secret, sealed so that nobody else can say or read it. */
function refused(state: Confirming, box: Uint8Array): ViewerStep {
  const plain = open(keyFor(state.root, 'refusal'), 0, box);
  if (!plain.ok) return failed('sharer.unproven');
  const negotiation = decodeNegotiation(plain.value);
  return negotiation.ok && negotiation.value.type === 'no'
    ? failed(negotiation.value.fault)
    : failed('link.protocol');
}

function failed(fault: Fault): ViewerStep {
  return [{ phase: 'failed', fault }, []];
}
