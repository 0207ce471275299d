// A sharer's session in this process: a real shell, a store in memory, viewers over wires in
// memory. Guests come by invites and by their keys; what their links deliver is written down.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { removeFolder } from '../../remove-folder.ts';
import { secretsOf } from '../../../src/agent/masking.ts';
import { openAutomerge } from '../../../src/crdt/automerge-node.ts';
import { deflateNode } from '../../../src/crdt/deflate-node.ts';
import { openReplica } from '../../../src/crdt/replica.ts';
import type { SessionStore } from '../../../src/crdt/store.ts';
import { openMemoryStore, type MemoryCells } from '../../../src/crdt/store-memory.ts';
import { newIdentity } from '../../../src/crypto/identity.ts';
import { parseInvite } from '../../../src/crypto/invite.ts';
import { nodeSigner, nodeVerifier } from '../../../src/crypto/signer-node.ts';
import { nodeClock, nodeEntropy, nodeRandom } from '../../../src/host/clock-node.ts';
import { openListeners, type Listeners } from '../../../src/host/listeners.ts';
import { newSessionSecrets, type SessionSecrets } from '../../../src/host/session-secrets.ts';
import type { HostedSession, SessionEvent } from '../../../src/host/hosted-session.ts';
import { openSession } from '../../../src/host/session.ts';
import type { Link } from '../../../src/peer/link.ts';
import { memoryWires } from '../../../src/peer/memory.ts';
import { reach } from '../../../src/peer/reach.ts';
import type { BinarySocket } from '../../../src/peer/socket.ts';
import type { Wire } from '../../../src/peer/wire.ts';
import type { StartChoice } from '../../../src/protocol/action.ts';
import { utf8 } from '../../../src/protocol/bytes.ts';
import { lasting, type Capability } from '../../../src/protocol/capability.ts';
import { DeviceId, idBytes, idOf } from '../../../src/protocol/ids.ts';
import {
  encodeMessage,
  LANE_TO_SHARER,
  type Lane,
  type ToSharer,
} from '../../../src/protocol/message.ts';
import type { Result } from '../../../src/protocol/result.ts';
import type { Block } from '../../../src/protocol/document.ts';
import { openViewer, type Beginning } from '../../../src/session/viewer.ts';
import type { Membership } from '../../../src/session/viewer-ports.ts';
import type { Viewer } from '../../../src/session/viewer-state.ts';
import { openEmulator } from '../../../src/terminal/emulator.ts';
import { openSanitizer } from '../../../src/terminal/sanitizer.ts';
import { stageAgents, type StagedAgents } from './staged-agents.ts';
import { openPlaintextTap, viewText, type PlaintextTap } from './plaintext-tap.ts';

/** For what a shell has to do on a busy computer. */
const WITHIN_MS = 15_000;

export interface Guest {
  readonly viewer: Viewer;
  readonly tap: PlaintextTap;
  /** The rows of the screen it shows. */
  readonly shown: () => string;
  /** Straight onto the link, past the viewer's machine. */
  readonly say: (message: ToSharer) => void;
  readonly sayBytes: (lane: Lane, bytes: Uint8Array) => void;
  /** Onto the wire under the link, sealed by nothing. */
  readonly wireBytes: (bytes: Uint8Array) => void;
  /** How often it has been given a link. */
  readonly links: () => number;
  /** The link is lost; it comes back by its key. */
  readonly lose: () => Promise<void>;
  readonly shows: (text: string) => Promise<void>;
  readonly block: (number: number) => Promise<Block>;
}

export interface SessionRig {
  readonly session: HostedSession;
  /** The app's. */
  readonly token: Uint8Array;
  /** The way in for guests: a socket on the listener of the share. */
  readonly takeGuest: (socket: BinarySocket) => void;
  readonly owner: Guest;
  readonly events: readonly SessionEvent[];
  readonly agents: StagedAgents;
  readonly run: (text: string) => Promise<void>;
  /** Runs it and waits for its end. */
  readonly done: (text: string) => Promise<Block>;
  readonly type: (keys: string) => void;
  readonly join: (
    name: string,
    start: StartChoice,
    capabilities?: readonly Capability[],
  ) => Promise<Guest>;
  readonly until: (what: string, holds: () => boolean) => Promise<void>;
  readonly close: () => Promise<void>;
}

export async function until(what: string, holds: () => boolean): Promise<void> {
  await vi.waitFor(
    () => {
      if (!holds()) throw new Error(`waited in vain for ${what}`);
    },
    { timeout: WITHIN_MS, interval: 10 },
  );
}

export interface RigOptions {
  readonly rc?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What another rig has left behind. */
  readonly secrets?: SessionSecrets;
  readonly cells?: MemoryCells;
  /** Where the shell begins; a folder that goes with the rig where none is said. */
  readonly cwd?: string;
  /** The store as this rig's disk lets it be. */
  readonly disk?: (store: SessionStore) => SessionStore;
}

export async function openSessionRig(options: RigOptions = {}): Promise<SessionRig> {
  await openAutomerge();
  const home = mkdtempSync(join(tmpdir(), 'meshell-host-'));
  const pageFolder = join(home, 'page');
  mkdirSync(pageFolder);
  writeFileSync(join(home, '.bashrc'), options.rc ?? "PS1='> '\n");
  const real = openListeners({
    pageFolder,
    clock: nodeClock,
    entropy: nodeEntropy,
    verify: nodeVerifier,
  });
  let takeGuest: (socket: BinarySocket) => void = () => {};
  const listeners: Listeners = {
    ...real,
    serve(session, take) {
      takeGuest = (socket) => take(socket, () => {});
      real.serve(session, take);
    },
  };
  const token = nodeEntropy(32);
  const staged = stageAgents(secretsOf(options.env ?? {}));
  const opened = await openSession({
    secrets: options.secrets ?? newSessionSecrets(nodeEntropy),
    store: (options.disk ?? ((store) => store))(openMemoryStore(options.cells)),
    command: { kind: 'shell', shell: '/bin/bash' },
    // A history would be written while the folder is deleted.
    env: {
      PATH: process.env['PATH'],
      HOME: home,
      LANG: 'C.UTF-8',
      HISTFILE: '/dev/null',
      ...options.env,
    },
    cwd: options.cwd ?? home,
    size: { cols: 80, rows: 24 },
    sharer: { name: 'Alice', hue: 210 },
    token,
    listeners,
    signal: null,
    rtc: null,
    iceServers: null,
    reach: 'local',
    start: { from: 'none' },
    autoAdmit: null,
    agents: staged.agents,
    clock: nodeClock,
    random: nodeRandom,
    entropy: nodeEntropy,
  });
  if (!opened.ok) throw new Error(opened.fault);
  const session = opened.value;
  const events: SessionEvent[] = [];
  session.onEvent((event) => events.push(event));
  const guests: Guest[] = [];

  function open(beginning: Beginning, take: (socket: BinarySocket) => void): Guest {
    const guest = openGuest(beginning, take);
    guests.push(guest);
    return guest;
  }

  const owner = open(
    { by: 'app', door: { door: 'app', session: session.id, token } },
    session.takeOwner,
  );
  await until('the first prompt', () => owner.viewer.state().place?.shell === 'prompt');

  async function run(text: string): Promise<void> {
    const outcome = await session.order({ type: 'command.run', text });
    if (!outcome.ok) throw new Error(outcome.fault);
  }

  return {
    session,
    token,
    takeGuest: (socket) => takeGuest(socket),
    owner,
    events,
    agents: staged,
    until,
    run,
    async done(text) {
      // What still runs would take the number that is looked for.
      await until('a prompt before it', () => owner.viewer.state().place?.shell === 'prompt');
      const next = owner.viewer.state().place?.block ?? 1;
      await run(text);
      const block = await owner.block(next);
      await until('the prompt after it', () => owner.viewer.state().place?.block === next + 1);
      await until('a prompt', () => owner.viewer.state().place?.shell === 'prompt');
      return block;
    },
    type: (keys) => session.type(utf8(keys)),
    async join(name, start, capabilities = ['view']) {
      const made = await session.order({ type: 'invite.make', start });
      if (!made.ok || made.invite === undefined) throw new Error('no invite');
      const invite = parseInvite(made.invite.link);
      if (!invite.ok || invite.value.kind !== 'link') throw new Error('no link');
      const { kind: _, origin: __, ...door } = invite.value;
      const guest = open({ by: 'invite', door: { door: 'link', ...door } }, takeGuest);
      guest.viewer.knock(name, 10);
      await until(`${name}'s knock`, () => knockOf(events, name) !== undefined);
      const knock = knockOf(events, name);
      if (knock === undefined) throw new Error('no knock');
      const admitted = await session.order({
        type: 'knock.admit',
        knock,
        capabilities: lasting(capabilities, null),
      });
      if (!admitted.ok) throw new Error(admitted.fault);
      await until(`${name} to be in`, () => guest.viewer.state().connection.phase === 'live');
      await until(`${name}'s documents`, () => guest.viewer.state().document !== null);
      return guest;
    },
    async close() {
      for (const guest of guests) guest.viewer.leave();
      await session.close();
      await real.close();
      await removeFolder(home);
    },
  };
}

function knockOf(events: readonly SessionEvent[], name: string) {
  for (const event of events) {
    if (event.event === 'knock' && event.knock.name === name) return event.knock.id;
  }
  return undefined;
}

/** A wire as the socket that a sharer is reached by. */
export function socketOf(wire: Wire): BinarySocket {
  return {
    send: wire.send,
    buffered: wire.buffered,
    onBytes: wire.onMessage,
    onClosed: wire.onClosed,
    close: wire.close,
  };
}

function openGuest(beginning: Beginning, take: (socket: BinarySocket) => void): Guest {
  const identity = newIdentity(nodeEntropy);
  const tap = openPlaintextTap();
  const emulator = openEmulator({ cols: 80, rows: 24, answers: false });
  const sanitizer = openSanitizer({ cols: 80, rows: 24 });
  let membership: Membership | null = null;
  let link: Link | null = null;
  let links = 0;
  let cut = (): void => {};
  let wireBytes: (bytes: Uint8Array) => void = () => {};

  const viewer = openViewer(beginning, {
    clock: nodeClock,
    random: nodeRandom,
    identity,
    signer: nodeSigner(identity.seed),
    verify: nodeVerifier,
    device: idOf(DeviceId, nodeEntropy(8)),
    inflate: deflateNode.inflate,
    remember: (next) => {
      membership = next;
    },
    openReplica: (sessionKey) =>
      Promise.resolve(
        openReplica({
          sessionPublic: idBytes(sessionKey),
          verify: nodeVerifier,
          inflate: deflateNode.inflate,
        }),
      ),
    reach(entrance, step) {
      const reaching = reach(
        entrance,
        [{ by: 'socket', url: 'ws://sharer/direct/', signal: null }],
        {
          clock: nodeClock,
          entropy: nodeEntropy,
          identity,
          textSocket: () => Promise.resolve({ ok: false, fault: 'signal.unreachable' }),
          binarySocket() {
            const [mine, theirs] = memoryWires({ clock: nodeClock });
            cut = mine.close;
            wireBytes = mine.send;
            take(socketOf(theirs));
            return Promise.resolve({ ok: true, value: socketOf(mine) });
          },
          rtc: null,
          iceServers: [],
        },
        step,
      );
      return { cancel: reaching.cancel, reached: reaching.reached.then(tapped) };
    },
  });

  function tapped<T extends Result<{ readonly link: Link }>>(reached: T): T {
    if (!reached.ok) return reached;
    link = tap.around(reached.value.link);
    links++;
    return { ...reached, value: { ...reached.value, link } };
  }

  viewer.attach({
    screen(cols, rows, bytes) {
      sanitizer.resize(cols, rows);
      emulator.reset(cols, rows);
      emulator.write(bytes);
      return Promise.resolve();
    },
    bytes(bytes) {
      emulator.write(sanitizer.push(bytes).forEmulator);
      return Promise.resolve();
    },
  });

  const shown = (): string => viewText(emulator);
  const finished = (number: number): Block | undefined =>
    viewer.state().blocks.find((block) => block.number === number && block.state !== 'running');

  return {
    viewer,
    tap,
    shown,
    say: (message) => link?.send(LANE_TO_SHARER[message.type], encodeMessage(message)),
    sayBytes: (lane, bytes) => link?.send(lane, bytes),
    wireBytes: (bytes) => wireBytes(bytes),
    links: () => links,
    async lose() {
      const before = link;
      cut();
      await until('another link', () => link !== before);
      await until('to be back', () => viewer.state().connection.phase === 'live');
      if (membership === null) throw new Error('came back without a membership');
    },
    async shows(text) {
      try {
        await until(text, () => shown().includes(text));
      } catch {
        throw new Error(`waited in vain for ${text}; shown:\n${shown()}`);
      }
    },
    async block(number) {
      await until(`block ${number}`, () => finished(number) !== undefined);
      const block = finished(number);
      if (block === undefined) throw new Error('unreachable');
      return block;
    },
  };
}
