// The running app: its lock, its page, its sessions. `meshell` and `meshell share` both are one.
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openAutomerge } from '../crdt/automerge-node.ts';
import { takeLock } from '../crdt/lock.ts';
import { openFileStore } from '../crdt/store-files.ts';
import { sessionIdOf } from '../crypto/identity.ts';
import { nodeVerifier } from '../crypto/signer-node.ts';
import { rtcDialer } from '../peer/webrtc.ts';
import { nodeRtc } from '../peer/webrtc-node.ts';
import type { Reach, StartChoice } from '../protocol/action.ts';
import type { SessionCard, ToApp } from '../protocol/app.ts';
import { toText, utf8 } from '../protocol/bytes.ts';
import type { Capability } from '../protocol/capability.ts';
import type { Fault } from '../protocol/faults.ts';
import { err, ok, type Result } from '../protocol/result.ts';
import type { Profile } from '../session/sharer-state.ts';
import { lanAddresses } from './addresses.ts';
import { openAppServer, type AppSocket } from './app-server.ts';
import { nodeClock, nodeEntropy, nodeRandom } from './clock-node.ts';
import { removeControl, writeControl } from './control-file.ts';
import { openListeners } from './listeners.ts';
import type { HostedSession, SessionOptions } from './hosted-session.ts';
import { openSession } from './session.ts';
import { keepSecrets, keptSecrets, newSessionSecrets } from './session-secrets.ts';
import type { ShellCommand } from './shell.ts';
import { openTokens } from './tokens.ts';

export interface AppOptions {
  readonly dataFolder: string;
  readonly pageFolder: string;
  /** Null: the preferred one or the next free. */
  readonly port: number | null;
  readonly sharer: Profile;
  readonly signal: string | null;
  readonly iceServers: SessionOptions['iceServers'];
  readonly command: ShellCommand;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly size: { readonly cols: number; readonly rows: number };
  readonly reach: Reach;
  readonly start: StartChoice;
  readonly autoAdmit: readonly Capability[] | null;
  readonly agents: SessionOptions['agents'];
  /** The first session's output, for a terminal that shows it where the process runs. */
  readonly output?: (bytes: Uint8Array) => void;
  /** Do not go on with sessions of before. */
  readonly fresh: boolean;
  /** `meshell stop` was called. */
  readonly stopped: () => void;
}

export interface App {
  readonly port: number;
  /** Why nobody can come through a service; null where they can. */
  readonly lacks: Fault | null;
  /** What became of sessions of before that do not go on, or not with all that they held. */
  readonly losses: readonly Fault[];
  /** A link that opens the app's page once. */
  readonly link: () => string;
  readonly sessions: () => readonly HostedSession[];
  readonly newSession: () => Promise<Result<HostedSession, Fault>>;
  readonly close: () => Promise<void>;
}

/** What a terminal is started with, and where. */
type Place = Pick<AppOptions, 'env' | 'cwd'>;
type SignIn = Extract<ToApp, { type: 'signIn' }>;

/** Terminals open at once: each is a shell, an emulator and a log. */
const SESSIONS_MAX = 32;

const CORRUPT: Fault = 'store.corrupt';

export async function openApp(options: AppOptions): Promise<Result<App, Fault>> {
  const lock = takeLock(options.dataFolder);
  if (!lock.ok) return lock;
  await openAutomerge();
  const rtc = await nodeRtc(nodeClock);
  const tokens = openTokens(nodeEntropy);
  const listeners = openListeners({
    pageFolder: options.pageFolder,
    clock: nodeClock,
    entropy: nodeEntropy,
    verify: nodeVerifier,
  });
  const sessions = new Map<string, HostedSession>();
  const pages = new Set<AppSocket>();
  const losses: Fault[] = [];
  /** Those that no page has been told of. */
  let untold: readonly Fault[] = [];
  /** The cards that all pages have. */
  let shown = '';
  const folder = join(options.dataFolder, 'sessions');
  mkdirSync(folder, { recursive: true, mode: 0o700 });

  const secret = toText(nodeEntropy(32));
  const server = await openAppServer({
    port: options.port,
    pageFolder: options.pageFolder,
    clock: nodeClock,
    control: secret,
    enter: (token) => tokens.enter(token) !== null,
    entered(page) {
      pages.add(page);
      page.onClosed(() => void pages.delete(page));
      const addresses = lanAddresses();
      const reaches: Reach[] = ['local', ...(addresses.length > 0 ? (['lan'] as const) : [])];
      if (options.signal !== null) reaches.push('signal');
      const { signal, sharer } = options;
      const token = toText(tokens.kept);
      page.send({ type: 'entered', token, ...sharer, reaches, addresses, signal });
      page.send({ type: 'sessions', sessions: cards() });
      for (const fault of untold) page.send({ type: 'failed', fault });
      untold = [];
    },
    asked(message, page) {
      const making = message.type === 'signIn' ? signIn(message) : newSession();
      void making.then((made) => {
        if (!made.ok) page.send({ type: 'failed', fault: made.fault });
      });
    },
    hasSession: (id) => sessions.has(id),
    session(id, socket) {
      const session = sessions.get(id);
      session?.takeOwner(socket);
      return session !== undefined;
    },
    controlled(order) {
      if (order === 'link') return link();
      options.stopped();
      return 'stopping';
    },
  });
  if (!server.ok) {
    lock.value.release();
    return server;
  }
  const { port } = server.value;
  lock.value.serveAt(port);
  writeControl(options.dataFolder, { port, secret });

  function link(): string {
    return `http://127.0.0.1:${port}/#token=${tokens.opening()}`;
  }

  function cards(): SessionCard[] {
    return [...sessions.values()].map((session) => session.card());
  }

  /** Whatever happens in a session asks for this, each key as well: only news is sent. */
  function showSessions(): void {
    const now = cards();
    const text = JSON.stringify(now);
    if (text === shown) return;
    shown = text;
    for (const page of pages) page.send({ type: 'sessions', sessions: now });
  }

  async function begin(
    name: string,
    made = newSessionSecrets(nodeEntropy),
    place: Place = options,
  ): Promise<Result<HostedSession, Fault>> {
    const store = openFileStore(join(folder, name));
    if (!store.ok) return store;
    const kept = keptSecrets(store.value);
    if (!kept.ok) return kept;
    const secrets = kept.value ?? made;
    if (kept.value === null) {
      const written = keepSecrets(store.value, made);
      if (!written.ok) return written;
    }
    const { output, ...others } = options;
    const isFirst = sessions.size === 0 && output !== undefined;
    const session = await openSession({
      ...others,
      env: place.env,
      cwd: place.cwd,
      ...(isFirst ? { output } : {}),
      secrets,
      store: store.value,
      token: tokens.kept,
      listeners,
      rtc: rtc.ok ? rtcDialer(nodeClock, rtc.value.wrtc) : null,
      clock: nodeClock,
      random: nodeRandom,
      entropy: nodeEntropy,
    });
    if (!session.ok) return session;
    enter(session.value);
    return session;
  }

  function enter(session: HostedSession): void {
    sessions.set(session.id, session);
    session.onCard(showSessions);
    session.onEvent((event) => {
      if (event.event !== 'ended' || event.reason !== 'session.closed') return;
      sessions.delete(session.id);
      void session.close().then(() => {
        rmSync(join(folder, session.id), { recursive: true, force: true });
      });
      showSessions();
    });
    showSessions();
  }

  async function newSession(place?: Place): Promise<Result<HostedSession, Fault>> {
    if (sessions.size >= SESSIONS_MAX) return { ok: false, fault: 'terminal.tooMany' };
    const made = newSessionSecrets(nodeEntropy);
    const name = sessionIdOf(made.identity.publicBytes);
    const begun = await begin(name, made, place);
    // The next start would take what is left of it for a terminal.
    if (!begun.ok) rmSync(join(folder, name), { recursive: true, force: true });
    return begun;
  }

  /** [AP5] With the variables that the agent is started with: they say where it keeps its keys. */
  async function signIn(of: SignIn): Promise<Result<HostedSession, Fault>> {
    const start = sessions.get(of.session)?.signIn(of.thread, of.way) ?? null;
    if (start === null) return err('agent.signInGone');
    const env = { ...options.env, ...start.env };
    const made = await newSession({ env, cwd: start.directory });
    if (made.ok) void begins(made.value, start.line);
    return made;
  }

  /** A shell without marks takes no commands, but it can be typed into. */
  async function begins(session: HostedSession, run: string): Promise<void> {
    const outcome = await session.order({ type: 'command.run', text: run });
    if (!outcome.ok) session.type(utf8(`${run}\r`));
  }

  const known = options.fresh ? [] : keptSessions(folder);
  for (const name of known.slice(0, SESSIONS_MAX)) {
    const begun = await begin(name);
    if (!begun.ok) losses.push(begun.fault);
    else if (begun.value.desk().notices.some(({ fault }) => fault === CORRUPT))
      losses.push(CORRUPT);
  }
  untold = losses;
  if (sessions.size === 0) {
    const first = await newSession();
    if (!first.ok) {
      await close();
      return first;
    }
  }

  async function close(): Promise<void> {
    removeControl(options.dataFolder);
    await Promise.all([...sessions.values()].map((session) => session.close()));
    await listeners.close();
    if (server.ok) await server.value.close();
    if (rtc.ok) rtc.value.cleanup();
    if (lock.ok) lock.value.release();
  }

  return ok({
    port,
    lacks: rtc.ok ? null : rtc.fault,
    losses,
    link,
    sessions: () => [...sessions.values()],
    newSession: () => newSession(),
    close,
  });
}

/** In the order in which they were begun: a share's own terminal is its first. */
function keptSessions(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => /^[\w-]{22}$/.test(name))
    .map((name) => ({ name, begun: statSync(join(folder, name)).birthtimeMs }))
    .toSorted((a, b) => a.begun - b.begun)
    .map(({ name }) => name);
}
