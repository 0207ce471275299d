// A running viewer: the browser tab, the terminal viewer and the sharer's own page all are one.
// It drives the redial machine, keeps the replica fed and hands what arrives to the view. It
// knows no DOM, no sockets and no terminal: those come in by the ports.
import type { Entrance, Reached, Reaching } from '../peer/reach.ts';
import { firstDial, redial, type RedialInput } from '../peer/redial.ts';
import { FAULTS, type Fault } from '../protocol/faults.ts';
import { encodeMessage, LANE_TO_SHARER, type ToSharer } from '../protocol/message.ts';
import { unreachable } from '../protocol/result.ts';
import { drive } from '../protocol/step.ts';
import { openViewerActions } from './viewer-actions.ts';
import { openInbox } from './viewer-inbox.ts';
import { openWholeAsks } from './whole-asks.ts';
import type { Membership, ViewerPorts } from './viewer-ports.ts';
import type { Me, Viewer, ViewerState } from './viewer-state.ts';
import { startView, view, type ViewInput } from './view.ts';

/** How a viewer begins: by an invite, as the sharer's own device, or by an older membership. */
export type Beginning =
  | { readonly by: 'invite'; readonly door: Extract<Entrance, { door: 'link' | 'code' }> }
  | { readonly by: 'app'; readonly door: Extract<Entrance, { door: 'app' }> }
  | { readonly by: 'membership'; readonly membership: Membership };

/** One who has proved an invite, and does not know whether it was let in. */
type Unsure =
  | 'no'
  /** It knocked; the keys are what it would come back by. */
  | { readonly is: 'knocked'; readonly by: Pick<Reached, 'session' | 'sessionKey' | 'redialKey'> }
  /** The invite is used: by this very knock, if its key opens the door. */
  | 'byKey';

export function openViewer(beginning: Beginning, ports: ViewerPorts): Viewer {
  let state = startView(meAtFirst(beginning, ports));
  let membership: Membership | null = beginning.by === 'membership' ? beginning.membership : null;
  /** What one asked to be called, before or while knocking. */
  let asked: { readonly name: string; readonly hue: number } | null = null;
  let current: Reached | null = null;
  let attempt: Reaching | null = null;
  let cancelWake = () => {};
  let unsure: Unsure = 'no';
  const actions = openViewerActions({
    ports,
    send,
    asked(action) {
      if (action.type === 'access.request') show({ on: 'request', request: 'open' });
      if (action.type === 'access.withdraw') show({ on: 'request', request: 'none' });
    },
  });
  const wholes = openWholeAsks((asked) => {
    if (state.connection.phase === 'live') send({ type: 'whole', ...asked });
  });
  const watchers = new Set<(state: ViewerState) => void>();

  const inbox = openInbox(ports, {
    show,
    admitted(link, message) {
      unsure = 'no';
      const name = state.me.name;
      const { session, sessionKey, redialKey } = link;
      membership = { session, sessionKey, redialKey, name, hue: state.me.hue };
      if (beginning.by !== 'app') ports.remember(membership);
      actions.live(session, message.lastAction);
    },
    result: actions.result,
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
    if (input.on === 'live') wholes.again();
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
    const reached = mine.reached.then((result) => {
      if (attempt === mine) attempt = null;
      if (state.connection.phase === 'over') {
        if (result.ok) result.value.link.close();
        return;
      }
      if (result.ok) arrive(result.value);
      else failed(result.fault);
    });
    // A bug in here costs this link; the process, and what its person sees, stay.
    reached.catch(broken);
  }

  function broken(): void {
    const link = current?.link;
    current = null;
    link?.close();
    if (state.connection.phase === 'over') return;
    lost('link.broken', 1);
    // Whether a dial or a link was the last it knew of.
    line.feed({ on: 'failed' });
    line.feed({ on: 'lost' });
  }

  /** [RD4] A dial beside a link that may be dead loses nothing when it fails. */
  function lost(fault: Fault, attempt: number): void {
    if (current !== null) return;
    show({ on: 'lost', fault, attempt });
    actions.lost();
  }

  function failed(fault: Fault): void {
    if (fault === 'invite.used' && typeof unsure === 'object') {
      // [RD7] It may have been used by letting us in, over a link that was dead by then.
      const { name, hue } = state.me;
      membership = { ...unsure.by, name, hue };
      unsure = 'byKey';
    } else if (!FAULTS[fault].retry) {
      end(unsure === 'byKey' && fault === 'grant.none' ? 'invite.used' : fault);
      return;
    }
    line.feed({ on: 'failed' });
    lost(fault, attemptOf());
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
      lost(fault, 1);
      if (state.connection.phase !== 'over') line.feed({ on: 'lost' });
    });
    line.feed({ on: 'opened' });
    before?.link.close();
    greet();
  }

  function greet(): void {
    if (beginning.by !== 'invite' || membership !== null) {
      send({ type: 'back', device: ports.device, have: inbox.have() });
      actions.again();
      return;
    }
    show({ on: 'step', now: 'connecting' });
    sendKnock();
  }

  function sendKnock(): void {
    if (current === null || asked === null) return;
    const { session, sessionKey, redialKey } = current;
    unsure = { is: 'knocked', by: { session, sessionKey, redialKey } };
    send({ type: 'knock', ...asked, device: ports.device });
  }

  function end(fault: Fault): void {
    show({ on: 'over', fault });
    line.feed({ on: 'refused' });
    cancelWake();
    attempt?.cancel();
    actions.end(fault);
    wholes.end();
    if (FAULTS[fault].exit === 3 || fault === 'share.ended') ports.remember(null);
    const link = current?.link;
    current = null;
    link?.close();
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
      if (membership === null) sendKnock();
    },
    act: actions.act,
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
