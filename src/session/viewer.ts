// A running viewer: the browser tab, the terminal viewer and the sharer's own page all are one.
// It drives the redial machine, keeps the replica fed and hands what arrives to the view. It
// knows no DOM, no sockets and no terminal: those come in by the ports.
import { signAction } from '../crypto/action.ts';
import type { Entrance, Reached, Reaching } from '../peer/reach.ts';
import { firstDial, redial, type RedialInput } from '../peer/redial.ts';
import type { Action } from '../protocol/action.ts';
import { FAULTS, type Fault } from '../protocol/faults.ts';
import type { SessionId } from '../protocol/ids.ts';
import { encodeMessage, LANE_TO_SHARER, type Outcome, type ToSharer } from '../protocol/message.ts';
import { unreachable } from '../protocol/result.ts';
import { drive } from '../protocol/step.ts';
import { openInbox } from './viewer-inbox.ts';
import { openPendingActions } from './pending-actions.ts';
import { openWholeAsks } from './whole-asks.ts';
import type { Membership, ViewerPorts } from './viewer-ports.ts';
import type { Me, Viewer, ViewerState } from './viewer-state.ts';
import { startView, view, type ViewInput } from './view.ts';

/** How a viewer begins: by an invite, as the sharer's own device, or by an older membership. */
export type Beginning =
  | { readonly by: 'invite'; readonly door: Extract<Entrance, { door: 'link' | 'code' }> }
  | { readonly by: 'app'; readonly door: Extract<Entrance, { door: 'app' }> }
  | { readonly by: 'membership'; readonly membership: Membership };

/** Asked for while there is no link: a person waits after a few. */
const HELD_MAX = 16;

interface Held {
  readonly action: Action;
  readonly settle: (outcome: Outcome) => void;
}

export function openViewer(beginning: Beginning, ports: ViewerPorts): Viewer {
  let state = startView(meAtFirst(beginning, ports));
  let membership: Membership | null = beginning.by === 'membership' ? beginning.membership : null;
  /** What one asked to be called, before or while knocking. */
  let asked: { readonly name: string; readonly hue: number } | null = null;
  let current: Reached | null = null;
  let attempt: Reaching | null = null;
  let cancelWake = () => {};
  const pending = openPendingActions();
  const wholes = openWholeAsks((asked) => {
    if (state.connection.phase === 'live') send({ type: 'whole', ...asked });
  });
  let held: readonly Held[] = [];
  const watchers = new Set<(state: ViewerState) => void>();

  const inbox = openInbox(ports, {
    show,
    admitted(link, message) {
      pending.heard(message.lastAction);
      const name = state.me.name;
      const { session, sessionKey, redialKey } = link;
      membership = { session, sessionKey, redialKey, name, hue: state.me.hue };
      if (beginning.by !== 'app') ports.remember(membership);
      for (const signed of pending.again()) send({ type: 'action', signed });
    },
    result: (n, outcome) => pending.result(n, outcome),
    waiting: (words, sharer) => show({ on: 'knocked', words, sharer }),
    whole: (message) => wholes.take(message),
    ended: (fault) => end(fault),
    send,
    state: () => state,
  });

  function show(input: ViewInput): void {
    const next = view(state, input);
    if (next === state) return;
    state = next;
    for (const changed of watchers) changed(state);
    if (input.on !== 'live') return;
    sendHeld(input.session);
    wholes.again();
  }

  function send(message: ToSharer): void {
    current?.link.send(LANE_TO_SHARER[message.type], encodeMessage(message));
  }

  const line = drive(
    firstDial[0],
    (phase, input: RedialInput) => redial(phase, input, ports.random),
    (effect) => {
      switch (effect.do) {
        case 'dial':
          dial();
          break;
        case 'wakeLater':
          cancelWake();
          cancelWake = ports.clock.after(effect.afterMs, () => line.feed({ on: 'wake' }));
          break;
        case 'dontWake':
          cancelWake();
          break;
        case 'switch':
          break; // `arrive` has gone over to the new link already
        case 'stop':
          attempt?.cancel();
          break;
        default:
          unreachable(effect);
      }
    },
  );

  function door(): Entrance {
    if (beginning.by === 'app') return beginning.door;
    if (membership !== null) {
      return { door: 'redial', session: membership.session, redialKey: membership.redialKey };
    }
    if (beginning.by === 'invite') return beginning.door;
    return {
      door: 'redial',
      session: beginning.membership.session,
      redialKey: beginning.membership.redialKey,
    };
  }

  function dial(): void {
    const mine = ports.reach(door(), (now) => show({ on: 'step', now }));
    attempt = mine;
    void mine.reached.then((reached) => {
      if (attempt === mine) attempt = null;
      if (state.connection.phase === 'over') {
        if (reached.ok) reached.value.link.close();
        return;
      }
      if (reached.ok) arrive(reached.value);
      else failed(reached.fault);
    });
  }

  function failed(fault: Fault): void {
    if (!FAULTS[fault].retry) {
      end(fault);
      return;
    }
    line.feed({ on: 'failed' });
    show({ on: 'lost', fault, attempt: attemptOf() });
  }

  function attemptOf(): number {
    const phase = line.state();
    return 'attempt' in phase ? phase.attempt + 1 : 1;
  }

  function arrive(reached: Reached): void {
    const before = current;
    current = reached;
    inbox.take(reached);
    reached.link.onSuspect(() => {
      if (current === reached) line.feed({ on: 'suspect' });
    });
    reached.link.onClosed((fault) => {
      if (current !== reached) return;
      current = null;
      show({ on: 'lost', fault, attempt: 1 });
      if (state.connection.phase !== 'over') line.feed({ on: 'lost' });
    });
    line.feed({ on: 'opened' });
    before?.link.close();
    greet();
  }

  function greet(): void {
    if (beginning.by !== 'invite' || membership !== null) {
      send({ type: 'back', device: ports.device, have: inbox.have() });
      return;
    }
    show({ on: 'step', now: 'connecting' });
    if (asked !== null) send({ type: 'knock', ...asked, device: ports.device });
  }

  function end(fault: Fault): void {
    show({ on: 'over', fault });
    line.feed({ on: 'refused' });
    cancelWake();
    attempt?.cancel();
    pending.end({ ok: false, fault });
    wholes.end();
    for (const { settle } of held) settle({ ok: false, fault });
    held = [];
    if (FAULTS[fault].exit === 3 || fault === 'share.ended') ports.remember(null);
    const link = current?.link;
    current = null;
    link?.close();
  }

  async function act(action: Action): Promise<Outcome> {
    if (state.connection.phase === 'over') return { ok: false, fault: state.connection.fault };
    if (current !== null && state.connection.phase === 'live' && state.session !== null) {
      return await sendNow(state.session, action);
    }
    // Keys are for what was on screen when they were pressed: late ones are wrong ones.
    if (action.type === 'keys.type') return { ok: false, fault: 'link.silent' };
    const others = held.filter((one) => one.action.type !== 'terminal.resize');
    if (action.type === 'terminal.resize') {
      // Only the last size matters.
      for (const one of held) if (!others.includes(one)) one.settle({ ok: true });
      held = others;
    }
    if (held.length >= HELD_MAX) return { ok: false, fault: 'action.tooMany' };
    return await new Promise((settle) => {
      held = [...held, { action, settle }];
    });
  }

  /** What was asked for while there was no link. */
  function sendHeld(session: SessionId): void {
    const all = held;
    held = [];
    for (const { action, settle } of all) void sendNow(session, action).then(settle);
  }

  async function sendNow(session: SessionId, action: Action): Promise<Outcome> {
    const n = pending.take();
    if (n === null) return { ok: false, fault: 'action.tooMany' };
    const signed = await signNext(session, n, action);
    return await new Promise((settle) => {
      pending.sent(action, signed, settle);
      send({ type: 'action', signed });
      if (action.type === 'access.request') show({ on: 'request', request: 'open' });
      if (action.type === 'access.withdraw') show({ on: 'request', request: 'none' });
    });
  }

  /** Signing takes its turn, so that actions leave in the order of their numbers. */
  let signing: Promise<unknown> = Promise.resolve();
  function signNext(session: SessionId, n: number, action: Action) {
    const next = signing.then(() =>
      signAction({ session, device: ports.device, n, action }, ports.signer),
    );
    signing = next;
    return next;
  }

  show({ on: 'dialing', attempt: 1 });
  dial();
  const stopRtt = every(ports, 1000, () => {
    if (current !== null) show({ on: 'rtt', ms: current.link.stats().rttMs });
  });

  return {
    state: () => state,
    watch(changed) {
      watchers.add(changed);
      return () => watchers.delete(changed);
    },
    attach: (sink) => {
      inbox.attach(sink);
      if (state.connection.phase === 'live') send({ type: 'redraw' });
    },
    knock(name, hue) {
      asked = { name, hue };
      show({ on: 'named', name, hue });
      if (current !== null && membership === null) {
        send({ type: 'knock', name, hue, device: ports.device });
      }
    },
    act,
    want: (numbers) => inbox.want(numbers),
    async whole(number, part, content) {
      if (state.connection.phase === 'over') return null;
      return await wholes.ask({ number, part, content });
    },
    retry: () => line.feed({ on: 'nudge' }),
    leave() {
      send({ type: 'leave' });
      stopRtt();
      end('share.ended');
    },
  };
}

function meAtFirst(beginning: Beginning, ports: ViewerPorts): Me {
  const known = beginning.by === 'membership' ? beginning.membership : null;
  return {
    key: ports.identity.publicKey,
    name: known?.name ?? '',
    hue: known?.hue ?? 0,
    owner: beginning.by === 'app',
  };
}

function every(ports: ViewerPorts, everyMs: number, run: () => void): () => void {
  let cancel = ports.clock.after(everyMs, again);
  function again(): void {
    run();
    cancel = ports.clock.after(everyMs, again);
  }
  return () => cancel();
}
