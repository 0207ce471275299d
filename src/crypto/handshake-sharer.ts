// The sharer's side of the handshake with one visitor. Until the visitor's confirmation opens
// and verifies, nothing made from the door's secret leaves it. Whether a proven visitor may come
// in is for the invite book and the grants: it waits for their `accept` or `refuse`.
import { concat } from '../protocol/bytes.ts';
import type { Fault } from '../protocol/faults.ts';
import {
  encodeNegotiation,
  type HandshakeMessage,
  type Negotiation,
} from '../protocol/handshake.ts';
import { idOf, PublicKey, type InviteId, type Nameplate } from '../protocol/ids.ts';
import { PROTOCOL_VERSION } from '../protocol/limits.ts';
import type { Entropy } from '../protocol/ports.ts';
import { ok, unreachable, type Result } from '../protocol/result.ts';
import type { Step } from '../protocol/step.ts';
import { agree, newAgreementKey } from './agreement.ts';
import { cpaceKey, cpaceStart } from './cpace.ts';
import { sign, verify } from './ed25519.ts';
import { sessionIdOf, type Identity } from './identity.ts';
import { LINK_SECRET_BYTES } from './invite.ts';
import { proven, type Proven } from './proven.ts';
import type { RedialKey } from './redial-key.ts';
import { open, seal } from './seal.ts';
import {
  cpaceContext,
  keyFor,
  openingHash,
  openingRoot,
  sharerStatement,
  viewerStatement,
  type Hello,
  type HelloBy,
  type Root,
} from './transcript.ts';

/** What the sharer can prove visitors by. Asked once each, when their hello comes. */
export interface SharerSecrets {
  readonly session: Identity;
  readonly redial: RedialKey;
  /** 16 bytes, also for an invite that has ended; null for one that never was. */
  readonly link: (invite: InviteId) => Uint8Array | null;
  /** The two words with a dash, or what to tell the visitor. */
  readonly code: (nameplate: Nameplate) => Result<string, 'invite.unavailable' | 'join.busy'>;
  /** 32 bytes; null where no page of the sharer's own may come. */
  readonly app: () => Uint8Array | null;
}

export type SealedRefusal = Extract<Negotiation, { type: 'no' }>['fault'];

interface Replied {
  readonly phase: 'replied';
  readonly by: HelloBy;
  readonly opening: Uint8Array;
  readonly root: Root;
}

interface Judging {
  readonly phase: 'judging';
  readonly by: HelloBy;
  readonly opening: Uint8Array;
  readonly root: Root;
  readonly viewer: PublicKey;
  readonly viewerBytes: Uint8Array;
}

export type SharerHandshake =
  | { readonly phase: 'waiting' }
  | Replied
  | Judging
  | { readonly phase: 'proven'; readonly proven: Proven }
  | { readonly phase: 'failed'; readonly fault: Fault };

export type SharerHandshakeInput =
  | { readonly on: 'message'; readonly message: HandshakeMessage }
  | { readonly on: 'accept' }
  | { readonly on: 'refuse'; readonly fault: SealedRefusal }
  /** The visitor's line is gone, or has been silent too long. */
  | { readonly on: 'lost' };

export type SharerHandshakeEffect =
  | { readonly do: 'send'; readonly message: HandshakeMessage }
  /** Yb leaves with this reply: until it is given back, a try of this code is spent. */
  | { readonly do: 'tryTaken'; readonly nameplate: Nameplate }
  | { readonly do: 'tryReturned'; readonly nameplate: Nameplate }
  /** A wrong confirmation, or none: the secret was not known. */
  | { readonly do: 'wrong'; readonly by: HelloBy }
  | { readonly do: 'proven'; readonly by: HelloBy; readonly viewer: PublicKey };

interface DoorSecret {
  readonly secret: Uint8Array;
  /** Yb; null but for the code. */
  readonly share: Uint8Array | null;
}

type SharerStep = Step<SharerHandshake, SharerHandshakeEffect>;
type Refusal = Extract<HandshakeMessage, { type: 'refused' }>['fault'];

export function startSharerHandshake(): SharerHandshake {
  return { phase: 'waiting' };
}

export function sharerHandshake(
  state: SharerHandshake,
  input: SharerHandshakeInput,
  secrets: SharerSecrets,
  entropy: Entropy,
): SharerStep {
  switch (state.phase) {
    case 'waiting':
      if (input.on === 'lost') return failed('link.broken');
      if (input.on !== 'message') return [state, []];
      return input.message.type === 'hello' ? greeted(input.message, secrets, entropy) : broken();
    case 'replied':
      if (input.on === 'lost') return failed('link.broken', guessed(state.by));
      if (input.on !== 'message') return [state, []];
      return input.message.type === 'confirm'
        ? confirmed(state, input.message.box)
        : broken(guessed(state.by));
    case 'judging':
      switch (input.on) {
        case 'accept':
          return accepted(state, secrets);
        case 'refuse':
          return refused(state, input.fault);
        case 'lost':
          return failed('link.broken');
        case 'message':
          return broken();
        default:
          return unreachable(input);
      }
    case 'proven':
    case 'failed':
      return [state, []]; // [HS8]
    default:
      return unreachable(state);
  }
}

function greeted(hello: Hello, secrets: SharerSecrets, entropy: Entropy): SharerStep {
  if (hello.version !== PROTOCOL_VERSION) return turnedAway('peer.version', 'peer.version');
  const ephemeral = newAgreementKey(entropy);
  const shared = agree(ephemeral.secretKey, hello.ephemeral);
  if (!shared.ok) return broken();
  const door = doorSecret(hello, ephemeral.publicKey, secrets, entropy);
  if (!door.ok) {
    return door.fault === 'link.protocol' ? broken() : turnedAway(door.fault, door.fault);
  }
  const reply =
    door.value.share === null
      ? { type: 'reply' as const, ephemeral: ephemeral.publicKey }
      : { type: 'reply' as const, ephemeral: ephemeral.publicKey, share: door.value.share };
  const opening = openingHash(sessionIdOf(secrets.session.publicBytes), hello, reply);
  const root = openingRoot(opening, door.value.secret, shared.value);
  const { by } = hello;
  const taken: readonly SharerHandshakeEffect[] =
    by.door === 'code' ? [{ do: 'tryTaken', nameplate: by.nameplate }] : [];
  return [{ phase: 'replied', by, opening, root }, [...taken, { do: 'send', message: reply }]];
}

/** The door's secret and, for the code, Yb. What nobody knows stands in for what is not there. */
function doorSecret(
  hello: Hello,
  ephemeral: Uint8Array,
  secrets: SharerSecrets,
  entropy: Entropy,
): Result<DoorSecret, 'invite.unavailable' | 'join.busy' | 'link.protocol'> {
  const { by } = hello;
  switch (by.door) {
    case 'link': // [HS6] unknown and wrong must look alike until the confirmation
      return ok({ secret: secrets.link(by.invite) ?? entropy(LINK_SECRET_BYTES), share: null });
    case 'app':
      return ok({ secret: secrets.app() ?? entropy(32), share: null });
    case 'redial': {
      const secret = agree(secrets.redial.secretKey, hello.ephemeral);
      return secret.ok ? ok({ secret: secret.value, share: null }) : secret;
    }
    case 'code': {
      const words = secrets.code(by.nameplate);
      if (!words.ok) return words;
      const session = sessionIdOf(secrets.session.publicBytes);
      const context = cpaceContext(session, by.nameplate, words.value, hello.ephemeral);
      const own = cpaceStart(context, entropy);
      const secret = cpaceKey(
        context,
        own,
        by.share,
        { share: by.share, ad: hello.ephemeral },
        { share: own.share, ad: ephemeral },
      );
      return secret.ok ? ok({ secret: secret.value, share: own.share }) : secret;
    }
    default:
      return unreachable(by);
  }
}

/** Opens the confirmation: viewer's public key 32 ‖ signature 64. */
function confirmed(state: Replied, box: Uint8Array): SharerStep {
  const { by, opening, root } = state;
  const plain = open(keyFor(root, 'confirm'), 0, box);
  if (!plain.ok || plain.value.length !== 96) return wrong(by);
  const viewerBytes = plain.value.slice(0, 32);
  if (!verify(viewerBytes, viewerStatement(opening), plain.value.slice(32))) return wrong(by);
  const viewer = idOf(PublicKey, viewerBytes);
  const returned: readonly SharerHandshakeEffect[] =
    by.door === 'code' ? [{ do: 'tryReturned', nameplate: by.nameplate }] : [];
  return [
    { phase: 'judging', by, opening, root, viewer, viewerBytes },
    [...returned, { do: 'proven', by, viewer }],
  ];
}

function accepted(state: Judging, secrets: SharerSecrets): SharerStep {
  const { session } = secrets;
  const redialKey = secrets.redial.publicKey;
  const statement = sharerStatement(state.opening, state.viewerBytes, redialKey);
  const plain = concat(session.publicBytes, redialKey, sign(session.seed, statement));
  const box = seal(keyFor(state.root, 'welcome'), 0, plain);
  const who = {
    role: 'sharer' as const,
    door: state.by.door,
    session: sessionIdOf(session.publicBytes),
    sessionKey: session.publicKey,
    viewer: state.viewer,
    redialKey,
  };
  return [
    { phase: 'proven', proven: proven(who, state.opening, state.root) },
    [{ do: 'send', message: { type: 'welcome', box } }],
  ];
}

function refused(state: Judging, fault: SealedRefusal): SharerStep {
  const plain = encodeNegotiation({ type: 'no', fault });
  const box = seal(keyFor(state.root, 'refusal'), 0, plain);
  return failed(fault, [{ do: 'send', message: { type: 'sealed', box } }]);
}

function wrong(by: HelloBy): SharerStep {
  const fault = by.door === 'code' ? 'code.wrong' : 'invite.unavailable';
  return turnedAway(fault, fault, [{ do: 'wrong', by }]);
}

/** Silence, or nonsense, after Yb is a wrong guess; behind other doors there is nothing to guess. */
function guessed(by: HelloBy): readonly SharerHandshakeEffect[] {
  return by.door === 'code' ? [{ do: 'wrong', by }] : [];
}

/** [HS8] The other side does not speak this protocol: no more is said than that it ends. */
function broken(effects: readonly SharerHandshakeEffect[] = []): SharerStep {
  return turnedAway('link.protocol', 'invite.unavailable', effects);
}

function turnedAway(
  fault: Fault,
  said: Refusal,
  effects: readonly SharerHandshakeEffect[] = [],
): SharerStep {
  return failed(fault, [...effects, { do: 'send', message: { type: 'refused', fault: said } }]);
}

function failed(fault: Fault, effects: readonly SharerHandshakeEffect[] = []): SharerStep {
  return [{ phase: 'failed', fault }, effects];
}
