// One session at work in the sharer's process: its shell, its documents, its participants. Wires
// the machines to the rims and carries out their effects, one at a time and in order.
import { deflateNode } from '../crdt/deflate-node.ts';
import { openAuthor } from '../crdt/document-author.ts';
import type { SessionStore } from '../crdt/store.ts';
import { signGrant } from '../crypto/grant.ts';
import { sessionIdOf } from '../crypto/identity.ts';
import { codeWords, linkSecret } from '../crypto/invite-book.ts';
import { nodeSigner } from '../crypto/signer-node.ts';
import { receiveDirect, type ArrivalPorts, type Arrived } from '../peer/arrival.ts';
import type { RtcDialer } from '../peer/dialing.ts';
import type { Link } from '../peer/link.ts';
import type { BinarySocket } from '../peer/socket.ts';
import type { Action, Reach, StartChoice } from '../protocol/action.ts';
import type { SessionCard } from '../protocol/app.ts';
import type { Capability } from '../protocol/capability.ts';
import type { Fault } from '../protocol/faults.ts';
import type { Grant, SignedGrant } from '../protocol/grant.ts';
import type { PublicKey, SessionId } from '../protocol/ids.ts';
import {
  encodeMessage,
  LANE_TO_VIEWER,
  type Outcome,
  type ToSharer,
  type ToViewer,
} from '../protocol/message.ts';
import type { Clock, Entropy, Random } from '../protocol/ports.ts';
import { ok, unreachable, type Result } from '../protocol/result.ts';
import { drive } from '../protocol/step.ts';
import { highestOf } from '../session/action-log.ts';
import { may } from '../session/grants.ts';
import { sharer } from '../session/sharer.ts';
import { deskOf, nameOf } from '../session/sharer-step.ts';
import type {
  Actor,
  LinkId,
  Profile,
  Refusal,
  SharerEffect,
  SharerEvent,
  SharerInput,
  SharerState,
} from '../session/sharer-state.ts';
import type { Desk } from '../session/viewer-state.ts';
import type { Emulator } from '../terminal/emulator.ts';
import { openAudience } from './audience.ts';
import { receiveMessages } from './inbox.ts';
import { makeInvite } from './invites.ts';
import { endInterrupted, openLibrary } from './library.ts';
import type { Listeners } from './listeners.ts';
import { openReachability } from './reachability.ts';
import { sessionDocument } from './roster.ts';
import { compacted, recordOf, restore, type StateRecord } from './session-records.ts';
import type { SessionSecrets } from './session-secrets.ts';
import { openShell, type ShellCommand } from './shell.ts';
import { openShellWork } from './shell-work.ts';

export interface SessionOptions {
  readonly secrets: SessionSecrets;
  readonly store: SessionStore;
  readonly command: ShellCommand;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly size: { readonly cols: number; readonly rows: number };
  readonly sharer: Profile;
  /** The app's kept token, 32 bytes: the secret of the app door. */
  readonly token: Uint8Array;
  readonly listeners: Listeners;
  readonly signal: string | null;
  readonly rtc: RtcDialer | null;
  /** How invites are reached where the order does not say. */
  readonly reach: Reach;
  readonly start: StartChoice;
  readonly autoAdmit: readonly Capability[] | null;
  /** Output from the first byte on, for a terminal that shows this session where the process runs. */
  readonly output?: (bytes: Uint8Array) => void;
  readonly clock: Clock;
  readonly random: Random;
  readonly entropy: Entropy;
}

export type SessionEvent =
  | SharerEvent
  | { readonly event: 'ended'; readonly reason: 'shell.exited' | 'session.closed' };

export interface HostedSession {
  readonly id: SessionId;
  /** The sharer's own process acts. */
  readonly order: (action: Action) => Promise<Outcome>;
  /** The returned function ends it. */
  readonly onEvent: (tell: (event: SessionEvent) => void) => () => void;
  /** What waits for an answer, and the invites. */
  readonly desk: () => Desk;
  /** Names of those who are in, the sharer's own devices not counted. */
  readonly here: () => readonly string[];
  /** Whether someone is here, may come back, or has an invite. */
  readonly isShared: () => boolean;
  /** The shell's screen as it is now; all that it shows has been told as output. */
  readonly emulator: () => Emulator;
  /** Keys from the terminal where the process runs. */
  readonly type: (keys: Uint8Array) => void;
  readonly resize: (cols: number, rows: number) => void;
  /** A page of the sharer's own, on its socket. */
  readonly takeOwner: (socket: BinarySocket) => void;
  readonly card: () => SessionCard;
  readonly onCard: (changed: () => void) => void;
  readonly close: () => Promise<void>;
}

/** Once a second: end times, signs of life. */
const TICK_MS = 1000;

export async function openSession(options: SessionOptions): Promise<Result<HostedSession, Fault>> {
  const { secrets, store, clock, entropy } = options;
  const { identity } = secrets;
  const id = sessionIdOf(identity.publicBytes);
  const signer = nodeSigner(identity.seed);
  const restored = restore(id, identity.publicKey, store.state().records);
  const epoch = restored.epoch + 1;
  const author = openAuthor({ session: id, epoch, signer, entropy, deflate: deflateNode });
  const known = new Set(restored.finished.map((entry) => entry.id));
  const interrupted = await endInterrupted(author, store, known, clock.now());
  const finished = [...restored.finished, ...interrupted];
  store.rewrite(compacted({ ...restored, epoch, finished }));

  const reaches = new Map<Reach, number | null>(restored.reaches);
  const signed = new Map<PublicKey, SignedGrant>();
  for (const grant of restored.state.grants.values()) {
    signed.set(grant.to, await signGrant(grant, signer));
  }
  const links = new Map<LinkId, Link>();
  const orders = new Map<number, (outcome: Outcome) => void>();
  const verdicts = new Map<number, 'accept' | Refusal>();
  const listeners = new Set<(event: SessionEvent) => void>();
  let cardChanged: () => void = () => {};
  let nextLink = 1;
  let nextOrder = 1;
  let nextAttempt = 1;

  const keep = (record: StateRecord): void => {
    if (!store.append(record).ok)
      machine.feed({ on: 'notice', fault: 'store.full', at: clock.now() });
  };
  const library = openLibrary({
    clock,
    author,
    store,
    finished,
    keep: (entry) => keep({ type: 'document', entry }),
    tell(event) {
      switch (event.on) {
        case 'opened':
          return audience.opened(event.entry);
        case 'frames':
          return audience.frames(event.id, event.frames);
        case 'closed':
          return audience.closed(event.id);
        case 'storeFull':
          return machine.feed({ on: 'notice', fault: 'store.full', at: clock.now() });
        default:
          return unreachable(event);
      }
    },
  });

  const nextBlock = 1 + Math.max(0, ...finished.map((entry) => entry.number));
  const work = openShellWork({
    library,
    feed: (input) => machine.feed(input),
    audience: () => audience,
    shell: () => shell,
    changed: () => roster(),
    directory: (path) => keep({ type: 'directory', path }),
    exited: () => emit({ event: 'ended', reason: 'shell.exited' }),
    output: options.output ?? (() => {}),
  });
  const started = openShell(
    {
      command: options.command,
      env: options.env,
      clock,
      entropy,
      tell: (event) => work.take(event),
    },
    { ...options.size, cwd: restored.directory ?? options.cwd, nextBlock },
  );
  if (!started.ok) {
    store.close();
    return started;
  }
  const shell = started.value;
  const audience = openAudience({
    clock,
    deflate: deflateNode,
    library,
    stage: () => shell.stage(),
  });

  /** Effects one after the other, also where one has to wait for a signature. */
  let turn: Promise<void> = Promise.resolve();
  const initial: SharerState = {
    ...restored.state,
    nextBlock,
    profiles: new Map(restored.state.profiles).set(identity.publicKey, options.sharer),
  };
  const machine = drive(
    initial,
    (state, input: SharerInput) => sharer(state, input),
    (effect) => {
      if (effect.do === 'verdict') verdicts.set(effect.attempt, effect.verdict);
      else if (effect.do === 'persist') persist(effect);
      else turn = turn.then(() => perform(effect));
    },
    () => cardChanged(),
  );

  function persist(effect: Extract<SharerEffect, { do: 'persist' }>): void {
    const { record } = effect;
    keep(recordOf(record));
    if (record.type === 'grant') turn = turn.then(() => sign(record.grant));
  }

  async function sign(grant: Grant): Promise<void> {
    signed.set(grant.to, await signGrant(grant, signer));
  }

  async function perform(effect: SharerEffect): Promise<void> {
    switch (effect.do) {
      case 'send':
        return send(effect.link, effect.message);
      case 'admit':
        return await admit(effect);
      case 'roster':
        return roster();
      case 'close': {
        const link = links.get(effect.link);
        send(effect.link, { type: 'ended', fault: effect.fault });
        if (link !== undefined) part(link);
        return gone(effect.link);
      }
      case 'perform':
        return await act(effect.actor, effect.author, effect.action);
      case 'dropNameplate':
        return reachability.dropNameplate(effect.nameplate);
      case 'answer':
        orders.get(effect.order)?.(effect.outcome);
        orders.delete(effect.order);
        return;
      case 'tell':
        return emit(effect.event);
      case 'verdict':
      case 'persist':
        return; // carried out at once, above
      default:
        return unreachable(effect);
    }
  }

  function send(link: LinkId, message: ToViewer): void {
    const lane = message.type === 'frame' ? 'replica' : LANE_TO_VIEWER[message.type];
    links.get(link)?.send(lane, encodeMessage(message));
  }

  function roster(): void {
    const terminal = shell.terminal();
    library.setSession(
      sessionDocument({
        state: machine.state(),
        signed,
        size: terminal.size(),
        queue: work.queue(),
        shell: terminal.placed().shell,
      }),
    );
  }

  const entering = new Map<LinkId, Extract<ToSharer, { type: 'back' }>['have']>();

  async function admit(effect: Extract<SharerEffect, { do: 'admit' }>): Promise<void> {
    const link = links.get(effect.link);
    if (link === undefined) return;
    const { grant, device } = effect;
    const statement = signed.get(grant.to) ?? (await signGrant(grant, signer));
    send(effect.link, {
      type: 'admitted',
      grant: statement,
      redialKey: secrets.redial.publicKey,
      epoch,
      now: clock.now(),
      lastAction: highestOf(machine.state().log, grant.to, device),
    });
    // [SP5] One who must not see what was gets a session document without its history.
    const isLate = effect.start !== null && grant.start > 0;
    if (isLate) work.hideQueue();
    roster();
    if (isLate) library.renewSession();
    await library.settled();
    const have = entering.get(effect.link) ?? [];
    entering.delete(effect.link);
    const { link: member, start: choice } = effect;
    audience.enter({ id: member, link, key: grant.to, start: grant.start, choice, have });
  }

  async function act(actor: Actor, author: PublicKey, action: Action): Promise<void> {
    const answer = (outcome: Outcome): void => machine.feed({ on: 'outcome', actor, outcome });
    switch (action.type) {
      case 'invite.make':
        return await invite(actor, action);
      case 'session.close':
        answer({ ok: true });
        return emit({ event: 'ended', reason: 'session.closed' });
      default: {
        const outcome = work.act(author, action, actor.kind === 'process' || actor.owner);
        if (action.type !== 'keys.type' || !outcome.ok) answer(outcome);
      }
    }
  }

  async function invite(
    actor: Actor,
    wish: Extract<Action, { type: 'invite.make' }>,
  ): Promise<void> {
    const reach = wish.reach ?? options.reach;
    const place = await reachability.open(reach, reaches.get(reach) ?? null);
    if (!place.ok) {
      return machine.feed({ on: 'outcome', actor, outcome: { ok: false, fault: place.fault } });
    }
    if (reaches.get(reach) !== place.value.port) {
      reaches.set(reach, place.value.port);
      keep({ type: 'reach', reach, port: place.value.port });
    }
    const made = await makeInvite(
      {
        session: id,
        reach,
        start: wish.start ?? options.start,
        capabilities: wish.capabilities ?? ['view'],
      },
      place.value,
      { clock, entropy },
    );
    if (!made.ok) {
      return machine.feed({ on: 'outcome', actor, outcome: { ok: false, fault: made.fault } });
    }
    const { card, input, nameplate } = made.value;
    machine.feed({ on: 'inviteMade', actor, card, input });
    if (nameplate !== null) {
      machine.feed({ on: 'book', input: { on: 'nameplate', invite: card.id, nameplate } });
    }
    keep({ type: 'shared', until: machine.state().endsAt });
  }

  const arrival: ArrivalPorts = {
    clock,
    entropy,
    secrets: {
      session: identity,
      redial: secrets.redial,
      link: (invite) => linkSecret(machine.state().book, invite),
      code: (nameplate) => codeWords(machine.state().book, nameplate, clock.now()),
      app: () => null,
    },
    judge(by, viewer) {
      const attempt = nextAttempt++;
      machine.feed({ on: 'proved', attempt, by, viewer, at: clock.now() });
      const verdict = verdicts.get(attempt) ?? 'invite.expired';
      verdicts.delete(attempt);
      return verdict;
    },
    tried(effect) {
      const at = clock.now();
      if (effect.do === 'wrong') {
        if (effect.by.door === 'code') {
          const { nameplate } = effect.by;
          machine.feed({ on: 'book', input: { on: 'tryWrong', nameplate, at } });
        }
        return;
      }
      machine.feed({ on: 'book', input: { on: effect.do, nameplate: effect.nameplate, at } });
    },
    arrived: take,
  };
  const reachability = openReachability({
    session: id,
    signer,
    clock,
    random: options.random,
    listeners: options.listeners,
    signal: options.signal,
    rtc: options.rtc,
    arrival,
  });
  reachability.onNameplateLost(() =>
    machine.feed({ on: 'notice', fault: 'code.off', at: clock.now() }),
  );

  /** [AP3] The app's token opens this session only on the app's own sockets. */
  const ownArrival: ArrivalPorts = {
    ...arrival,
    secrets: { ...arrival.secrets, app: () => options.token, link: () => null },
  };

  function take(arrived: Arrived): void {
    const { link, by, viewer, words } = arrived;
    const number = nextLink++;
    links.set(number, link);
    link.onClosed(() => gone(number));
    machine.feed({ on: 'linked', link: number, by, viewer, words, at: clock.now() });
    receiveMessages(link, {
      message: (message) => heard(number, message),
      action: (signed, verified) =>
        machine.feed({
          on: 'action',
          link: number,
          signed,
          verified,
          at: clock.now(),
          monotonic: clock.monotonic(),
          atPrompt: work.atPrompt(),
        }),
      malformed() {
        machine.feed({ on: 'notice', fault: 'message.malformed', at: clock.now() });
        link.close();
        gone(number);
      },
    });
  }

  function heard(link: LinkId, message: Exclude<ToSharer, { type: 'action' }>): void {
    if (message.type === 'back') entering.set(link, message.have);
    machine.feed({ on: 'message', link, message, at: clock.now() });
    if (machine.state().links.get(link)?.phase !== 'in') return;
    if (message.type === 'want') audience.want(link, message.ids);
    if (message.type === 'snapshot') audience.snapshot(link, message.id);
    if (message.type === 'redraw') audience.redraw(link);
  }

  /** Links that still let their last words out. */
  const parting = new Set<Promise<void>>();

  function part(link: Link): void {
    link.close();
    parting.add(link.over);
    void link.over.then(() => parting.delete(link.over));
  }

  function gone(link: LinkId): void {
    if (!links.delete(link)) return;
    entering.delete(link);
    audience.leave(link);
    machine.feed({ on: 'lost', link });
  }

  function emit(event: SessionEvent): void {
    if (event.event === 'knock' && options.autoAdmit !== null) {
      const capabilities = Object.fromEntries(options.autoAdmit.map((name) => [name, null]));
      void order({ type: 'knock.admit', knock: event.knock.id, capabilities });
    }
    for (const tell of listeners) tell(event);
  }

  function order(action: Action): Promise<Outcome> {
    const number = nextOrder++;
    return new Promise((resolve) => {
      orders.set(number, resolve);
      machine.feed({ on: 'order', order: number, action, at: clock.now() });
    });
  }

  let cancelTick = clock.after(TICK_MS, tick);
  function tick(): void {
    cancelTick = clock.after(TICK_MS, tick);
    machine.feed({ on: 'tick', at: clock.now() });
    if (reachability.places().length > 0 && !isShared()) {
      reachability.shut();
      reaches.clear();
      keep({ type: 'shared', until: null });
    }
  }

  /** Someone is here, may come back, or has an invite. */
  function isShared(): boolean {
    const { book, grants, links: known } = machine.state();
    return (
      [...known.values()].some((link) => !link.owner) ||
      [...grants.values()].some((grant) => may(grant.capabilities, 'view')) ||
      [...book.invites.values()].some((i) => i.phase.phase === 'open' || i.phase.phase === 'held')
    );
  }

  roster();
  // Those who were here find the way back by which they came.
  for (const [reach, port] of reaches) void reachability.open(reach, port);

  return ok({
    id,
    order,
    onEvent(tell) {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    desk() {
      const { type: _, ...desk } = deskOf(machine.state());
      return desk;
    },
    here() {
      const state = machine.state();
      const all = [...state.links.values()].filter((l) => l.phase === 'in' && !l.owner);
      return [...new Set(all.map((l) => l.key))].map((key) => nameOf(state, key));
    },
    isShared,
    emulator() {
      shell.terminal().flush();
      return shell.terminal().emulator;
    },
    type: (keys) => void shell.terminal().type(identity.publicKey, keys),
    resize: (cols, rows) => shell.terminal().resize(cols, rows),
    takeOwner: (socket) => receiveDirect(socket, ownArrival),
    card() {
      const state = machine.state();
      const all = [...state.links.values()];
      return {
        id,
        title: work.title(),
        viewers: new Set(all.filter((l) => l.phase === 'in' && !l.owner).map((l) => l.key)).size,
        waiting: all.filter((l) => l.phase === 'knocking').length + state.requests.size,
      };
    },
    onCard: (changed) => {
      cardChanged = changed;
    },
    async close() {
      cancelTick();
      // Not 'ended': those who are here may come back when the process does.
      for (const link of links.values()) part(link);
      await Promise.all(parting);
      reachability.shut();
      shell.close();
      await turn;
      await library.close();
    },
  });
}
