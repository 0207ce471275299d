// The people of the handshake stories, and a wire on which a test may read, keep and alter.
import { createHash } from 'node:crypto';
import type { Fault } from '../../../src/protocol/faults.ts';
import { encodeHandshake, decodeHandshake } from '../../../src/protocol/handshake.ts';
import type { HandshakeMessage } from '../../../src/protocol/handshake.ts';
import { idOf, InviteId, Nameplate } from '../../../src/protocol/ids.ts';
import type { Entropy } from '../../../src/protocol/ports.ts';
import { ok } from '../../../src/protocol/result.ts';
import {
  sharerHandshake,
  startSharerHandshake,
  startViewerHandshake,
  viewerHandshake,
  type Proven,
  type SharerHandshake,
  type SharerHandshakeEffect,
  type SharerHandshakeInput,
  type SharerSecrets,
  type ViewerDoor,
  type ViewerHandshake,
} from '../../../src/crypto/handshake.ts';
import { newIdentity, sessionIdOf } from '../../../src/crypto/identity.ts';
import { newRedialKey } from '../../../src/crypto/redial-key.ts';
import * as v from 'valibot';

/** Bytes that differ for every seed and every call, and are the same in every run. */
export function entropyOf(seed: string): Entropy {
  let calls = 0;
  return (count) => {
    const blocks: number[] = [];
    while (blocks.length < count) {
      blocks.push(...createHash('sha512').update(`${seed}/${calls++}`).digest());
    }
    return Uint8Array.from(blocks.slice(0, count));
  };
}

export const alice = newIdentity(entropyOf('alice'));
export const bob = newIdentity(entropyOf('bob'));
export const mallory = newIdentity(entropyOf('mallory'));
export const session = sessionIdOf(alice.publicBytes);
export const redial = newRedialKey(entropyOf('redial'));

export const invite = idOf(InviteId, entropyOf('invite')(8));
export const secret = entropyOf('secret')(16);
export const token = entropyOf('token')(32);
export const nameplate = v.parse(Nameplate, '4271');
export const words = 'apple-tiger';

export const DOORS = {
  link: { door: 'link', invite, secret, session },
  code: { door: 'code', nameplate, words, session },
  app: { door: 'app', token, session },
  redial: { door: 'redial', session, redialKey: redial.publicKey },
} as const satisfies { readonly [D in ViewerDoor['door']]: ViewerDoor };

export function aliceSecrets(changed: Partial<SharerSecrets> = {}): SharerSecrets {
  return {
    session: alice,
    redial,
    link: (asked) => (asked === invite ? secret : null),
    code: () => ok(words),
    app: () => token,
    ...changed,
  };
}

/** A visitor's machine and what it said. */
export class Visitor {
  state: ViewerHandshake;
  readonly said: HandshakeMessage[] = [];

  constructor(door: ViewerDoor, identity = bob, entropy = entropyOf('bob at the door')) {
    const [state, effects] = startViewerHandshake(door, identity, entropy);
    this.state = state;
    this.said.push(...effects.map((e) => onTheWire(e.message)));
  }

  hear(message: HandshakeMessage): HandshakeMessage[] {
    const [state, effects] = viewerHandshake(this.state, message);
    this.state = state;
    const said = effects.map((e) => onTheWire(e.message));
    this.said.push(...said);
    return said;
  }

  get hello(): HandshakeMessage {
    return first(this.said);
  }
}

/** The sharer's machine for one visitor, what it did and what it said. */
export class Host {
  state: SharerHandshake = startSharerHandshake();
  readonly did: SharerHandshakeEffect[] = [];
  readonly said: HandshakeMessage[] = [];
  private readonly secrets: SharerSecrets;
  private readonly entropy: Entropy;

  constructor(secrets = aliceSecrets(), entropy = entropyOf('alice answers')) {
    this.secrets = secrets;
    this.entropy = entropy;
  }

  feed(input: SharerHandshakeInput): HandshakeMessage[] {
    const [state, effects] = sharerHandshake(this.state, input, this.secrets, this.entropy);
    this.state = state;
    this.did.push(...effects);
    const said = effects.flatMap((e) => (e.do === 'send' ? [onTheWire(e.message)] : []));
    this.said.push(...said);
    return said;
  }

  hear(message: HandshakeMessage): HandshakeMessage[] {
    return this.feed({ on: 'message', message });
  }

  /** What it did beside sending. */
  get deeds(): string[] {
    return this.did.filter((e) => e.do !== 'send').map((e) => e.do);
  }
}

/** Every message goes through its encoding, as between two processes. */
function onTheWire(message: HandshakeMessage): HandshakeMessage {
  const decoded = decodeHandshake(encodeHandshake(message));
  if (!decoded.ok) throw new Error(`not decodable: ${decoded.fault}`);
  return decoded.value;
}

export function first<T>(list: readonly T[]): T {
  const [head] = list;
  if (head === undefined) throw new Error('nothing was said');
  return head;
}

/** Hello, reply and confirm, up to where the sharer must decide. */
export function untilJudging(visitor: Visitor, host: Host): void {
  const confirm = visitor.hear(first(host.hear(visitor.hello)));
  for (const message of confirm) host.hear(message);
}

/** The whole handshake. */
export function meet(
  door: ViewerDoor,
  secrets = aliceSecrets(),
  names = { viewer: 'bob at the door', sharer: 'alice answers' },
): { viewer: Proven; sharer: Proven } {
  const visitor = new Visitor(door, bob, entropyOf(names.viewer));
  const host = new Host(secrets, entropyOf(names.sharer));
  untilJudging(visitor, host);
  for (const message of host.feed({ on: 'accept' })) visitor.hear(message);
  return { viewer: provenOf(visitor.state), sharer: provenOf(host.state) };
}

export function provenOf(state: ViewerHandshake | SharerHandshake): Proven {
  if (state.phase !== 'proven') throw new Error(`not proven but ${JSON.stringify(state.phase)}`);
  return state.proven;
}

export function faultOf(state: ViewerHandshake | SharerHandshake): Fault | 'none' {
  return state.phase === 'failed' ? state.fault : 'none';
}
