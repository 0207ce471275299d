// One session at work in the sharer's process: the machine that decides, and the rims that carry
// out: its shell, its documents, its links. Wires them to each other; decides nothing itself.
import { deflateNode } from '../crdt/deflate-node.ts';
import { sessionIdOf } from '../crypto/identity.ts';
import { liveInvites, nameplatesAt } from '../crypto/invite-state.ts';
import { nodeSigner } from '../crypto/signer-node.ts';
import { receiveDirect } from '../peer/arrival.ts';
import { openTextSocket } from '../peer/socket-node.ts';
import { lasting } from '../protocol/capability.ts';
import type { SessionDocument } from '../protocol/document.ts';
import type { Fault } from '../protocol/faults.ts';
import { ok, unreachable, type Result } from '../protocol/result.ts';
import { drive, type Driver } from '../protocol/step.ts';
import { mayPrompt } from '../session/agent-rights.ts';
import { capabilitiesOf, may } from '../session/grants.ts';
import { sharer } from '../session/sharer.ts';
import { deskOf } from '../session/sharer-step.ts';
import type { SharerInput, SharerState } from '../session/sharer-state.ts';
import { counts, here, isShared } from '../session/sharer-view.ts';
import { lanAddresses } from './addresses.ts';
import { openAdmission } from './admission.ts';
import { choicesOf } from './agent-offers.ts';
import { openAgents } from './agents.ts';
import { openAudience, type Audience } from './audience.ts';
import { openDoorkeeper } from './doorkeeper.ts';
import { openGrantSignatures } from './grant-signatures.ts';
import type { HostedSession, SessionEvent, SessionOptions } from './hosted-session.ts';
import { openLibrary, type LibraryEvent } from './library.ts';
import { openOrders } from './orders.ts';
import { openReachability } from './reachability.ts';
import { sessionDocument } from './roster.ts';
import { openSessionLinks } from './session-links.ts';
import { compacted, restore, type StateRecord } from './session-records.ts';
import { resumeSession } from './session-resume.ts';
import { openSharerEffects } from './sharer-effects.ts';
import { openShell } from './shell.ts';
import { openShellWork } from './shell-work.ts';
import { openStateLog } from './state-log.ts';
import { openStoreGuard } from './store-guard.ts';
import { openWaysIn } from './ways-in.ts';

/** Once a second: end times, signs of life. */
const TICK_MS = 1000;

export async function openSession(options: SessionOptions): Promise<Result<HostedSession, Fault>> {
  const { secrets, store, clock, entropy } = options;
  const { identity } = secrets;
  const id = sessionIdOf(identity.publicBytes);
  const signer = nodeSigner(identity.seed);
  const { publicKey } = identity;
  const { sharer: profile } = options;
  const resumed = await resumeSession({ id, publicKey, signer, store, profile, clock, entropy });
  const { author, finished, epoch } = resumed;
  const grants = await openGrantSignatures(signer, resumed.state.grants.values());

  const feed = (input: SharerInput): void => {
    if (mayTake(input)) machine.feed(input);
  };
  const state = (): SharerState => machine.state();
  let cardChanged: () => void = () => {};
  const listeners = new Set<(event: SessionEvent) => void>();
  const threadListeners = new Set<() => void>();
  const orders = openOrders((order, action) => {
    feed({ on: 'order', order, action, at: clock.now() });
  });

  const log = openStateLog({
    store,
    compact: (records) => compacted(restore(id, publicKey, records)),
    full: storeFull,
  });
  function keep(record: StateRecord): void {
    log.keep(record);
    if (record.type === 'grant' && !may(record.grant.capabilities, 'run')) {
      work.withoutRun(record.grant.to);
    }
  }
  function storeFull(): void {
    feed({ on: 'notice', fault: 'store.full', at: clock.now() });
  }

  const library = openLibrary({
    clock,
    author,
    store,
    finished,
    unfinished: resumed.unfinished,
    keep: (entry) => keep({ type: 'document', entry }),
    tell: (event) => (event.on === 'storeFull' ? storeFull() : publish(event, audience)),
  });
  options.agents.secrets.add(options.env);
  const masking = options.agents.secrets.masking(null);
  const work = openShellWork({
    clock,
    library,
    masking,
    feed,
    audience: () => audience,
    shell: () => shell,
    changed: roster,
    directory: (path) => keep({ type: 'directory', path }),
    exited: () => emit({ event: 'ended', reason: 'shell.exited' }),
    output: options.output ?? (() => {}),
  });
  const { command, env, size } = options;
  const started = openShell(
    { command, env, clock, entropy, tell: work.take },
    { ...size, cwd: resumed.directory ?? options.cwd, nextBlock: resumed.state.nextBlock },
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
    wholeOf: ({ number, part, content }) => agents.whole(number, part, content),
  });

  /** Where the shell is, or was started. */
  function directory(): string {
    return work.directory() ?? options.cwd;
  }

  function document(): SessionDocument {
    const terminal = shell.terminal();
    return sessionDocument({
      state: state(),
      signed: grants.all(),
      size: terminal.size(),
      queue: work.queue(),
      shell: terminal.placed().shell,
      agents: choicesOf(options.agents.offers.in(directory()), agents.needsSignIn),
    });
  }

  function roster(): void {
    library.setSession(document());
  }

  const agents = openAgents({
    ...options.agents,
    clock,
    entropy,
    sharer: publicKey,
    mayPrompt: (author, alone) =>
      author === publicKey || mayPrompt(capabilitiesOf(state().grants, author, clock.now()), alone),
    count: work.count,
    directory,
    segments: resumed.segments,
    kept: resumed.threads,
    keep: (records) => records.forEach(keep),
    offersChanged: roster,
    write: library.setSegment,
    settled: library.settled,
    answer: (actor, outcome) => feed({ on: 'outcome', actor, outcome }),
    changed() {
      for (const tell of threadListeners) tell();
      cardChanged();
    },
  });
  const { atPrompt } = work;
  const links = openSessionLinks({
    clock,
    feed,
    state,
    audience: () => audience,
    atPrompt,
    agents: () => agents.facts,
  });
  const { token } = options;
  const arrived = links.take;
  const doorkeeper = openDoorkeeper({ secrets, token, clock, entropy, feed, state, arrived });
  const reachability = openReachability({
    session: id,
    signer,
    clock,
    random: options.random,
    listeners: options.listeners,
    signal: options.signal,
    socket: openTextSocket,
    rtc: options.rtc,
    iceServers: options.iceServers,
    addresses: lanAddresses,
    nameplates: (reach) => nameplatesAt(state().book, reach),
    arrival: doorkeeper.guests,
  });
  reachability.onNameplateLost((nameplate) =>
    feed({ on: 'book', input: { on: 'nameplateLost', nameplate, at: clock.now() } }),
  );
  const waysIn = openWaysIn({
    session: id,
    restored: resumed.reaches,
    reachability,
    reach: options.reach,
    start: options.start,
    open: () => liveInvites(state().book),
    keep,
    notice: (fault) => feed({ on: 'notice', fault, at: clock.now() }),
    shown: (cards) => feed({ on: 'cards', cards }),
    clock,
    entropy,
  });
  const mayTake = openStoreGuard({ log, state, answer: orders.answer, send: links.send });
  const effects = openSharerEffects({
    clock,
    agents,
    feed,
    state,
    keep,
    grants,
    links,
    admit: openAdmission({
      clock,
      state,
      links,
      grants,
      library,
      work,
      audience,
      roster,
      redialKey: secrets.redial.publicKey,
      epoch,
    }),
    doorkeeper,
    waysIn,
    work,
    roster,
    answer: orders.answer,
    tell: emit,
    closed: () => emit({ event: 'ended', reason: 'session.closed' }),
  });
  const machine: Driver<SharerState, SharerInput> = drive(
    resumed.state,
    (before, input: SharerInput) => sharer(before, input),
    effects.perform,
    () => cardChanged(),
  );

  function emit(event: SessionEvent): void {
    if (event.event === 'knock' && options.autoAdmit !== null) {
      const capabilities = lasting(options.autoAdmit, null);
      void orders.give({ type: 'knock.admit', knock: event.knock.id, capabilities });
    }
    for (const tell of listeners) tell(event);
  }

  let cancelTick = clock.after(TICK_MS, tick);
  function tick(): void {
    cancelTick = clock.after(TICK_MS, tick);
    feed({ on: 'tick', at: clock.now() });
    log.tend();
    if (waysIn.areIdle() && !isShared(state())) waysIn.end();
  }

  options.agents.offers.onBroken(() =>
    feed({ on: 'notice', fault: 'settings.broken', at: clock.now() }),
  );
  roster();
  waysIn.reopen();
  if (!resumed.isWhole) feed({ on: 'notice', fault: 'store.corrupt', at: clock.now() });

  return ok({
    id,
    key: publicKey,
    order: orders.give,
    onEvent(tell) {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    desk() {
      const { type: _, ...desk } = deskOf(state());
      return desk;
    },
    here: () => here(state()),
    isShared: () => isShared(state()),
    emulator() {
      shell.terminal().flush();
      return shell.terminal().emulator;
    },
    type: (keys) => void shell.terminal().type(publicKey, keys),
    resize: (cols, rows) => shell.terminal().resize(cols, rows),
    takeOwner: (socket) => receiveDirect(socket, doorkeeper.owners),
    card() {
      const { viewers, waiting } = counts(state());
      return { id, title: work.title(), viewers, waiting: waiting + agents.waiting() };
    },
    onCard: (changed) => {
      cardChanged = changed;
    },
    document,
    threads: agents.segments,
    signIn: agents.signIn,
    onThreads(changed) {
      threadListeners.add(changed);
      return () => threadListeners.delete(changed);
    },
    async close() {
      cancelTick();
      // Not 'ended': those who are here may come back when the process does.
      await links.close();
      waysIn.close();
      await agents.close();
      shell.close();
      await effects.settled();
      await library.close();
    },
  });
}

/** What was written, to those who may have it. */
function publish(event: Exclude<LibraryEvent, { on: 'storeFull' }>, audience: Audience): void {
  switch (event.on) {
    case 'opened':
      return audience.opened(event.entry);
    case 'frames':
      return audience.frames(event.written);
    case 'closed':
      return audience.closed(event.id);
    default:
      return unreachable(event);
  }
}
