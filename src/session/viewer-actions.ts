// What a viewer's person asks of the sharer: held until there is a link, numbered and signed in
// turn, sent, sent again on the next link. Knows no links; whether one is live it is told.
import { signAction } from '../crypto/action.ts';
import { isRepeated, type Action } from '../protocol/action.ts';
import type { Fault } from '../protocol/faults.ts';
import type { SessionId } from '../protocol/ids.ts';
import type { Outcome, ToSharer } from '../protocol/message.ts';
import { openPendingActions } from './pending-actions.ts';
import { openTypedKeys } from './typed-keys.ts';
import type { ViewerPorts } from './viewer-ports.ts';

/** Asked for while there is no link: a person waits after a few. */
const HELD_MAX = 16;

interface Held {
  readonly action: Action;
  readonly settle: (outcome: Outcome) => void;
}

type Line =
  /** Nobody to ask: what is asked waits. */
  | { readonly phase: 'away' }
  | { readonly phase: 'live'; readonly session: SessionId }
  | { readonly phase: 'over'; readonly fault: Fault };

export interface ViewerActions {
  readonly act: (action: Action) => Promise<Outcome>;
  /** On a new link, before anything else is asked on it: what has no result yet. */
  readonly again: () => void;
  /** In: numbers go on after `highest`, which the sharer has, and what was held is sent. */
  readonly live: (session: SessionId, highest: number) => void;
  readonly lost: () => void;
  readonly result: (n: number, outcome: Outcome) => void;
  readonly end: (fault: Fault) => void;
}

export interface ViewerActionsOptions {
  readonly ports: Pick<ViewerPorts, 'clock' | 'device' | 'signer'>;
  readonly send: (message: ToSharer) => void;
  /** This action is on its way. */
  readonly asked: (action: Action) => void;
}

export function openViewerActions({ ports, send, asked }: ViewerActionsOptions): ViewerActions {
  const pending = openPendingActions();
  let line: Line = { phase: 'away' };
  let held: readonly Held[] = [];
  const typed = openTypedKeys(ports.clock, (keys) => now({ type: 'keys.type', keys }));

  async function act(action: Action): Promise<Outcome> {
    if (line.phase === 'over') return { ok: false, fault: line.fault };
    // Keys are for what was on screen when they were pressed: late ones are wrong ones.
    if (action.type === 'keys.type') {
      return line.phase === 'live' ? await typed.type(action.keys) : nobody();
    }
    typed.flush();
    return line.phase === 'live' ? await sendNow(line.session, action) : await hold(action);
  }

  function nobody(): Outcome {
    return { ok: false, fault: 'link.silent' };
  }

  async function now(action: Action): Promise<Outcome> {
    return line.phase === 'live' ? await sendNow(line.session, action) : nobody();
  }

  async function hold(action: Action): Promise<Outcome> {
    if (!isRepeated(action.type)) {
      // Only the last size, and the last look, matters.
      const others = held.filter((one) => one.action.type !== action.type);
      for (const one of held) if (!others.includes(one)) one.settle({ ok: true });
      held = others;
    }
    if (held.length >= HELD_MAX) return { ok: false, fault: 'action.tooMany' };
    return await new Promise((settle) => {
      held = [...held, { action, settle }];
    });
  }

  async function sendNow(session: SessionId, action: Action): Promise<Outcome> {
    const n = pending.take();
    if (n === null) return { ok: false, fault: 'action.tooMany' };
    const signed = await signNext(session, n, action);
    return await new Promise((settle) => {
      pending.sent(action, signed, settle);
      send({ type: 'action', signed });
      asked(action);
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

  return {
    act,
    // [AC9] A number that came after them would make them repeats that were never carried out.
    again() {
      for (const signed of pending.again()) send({ type: 'action', signed });
    },
    live(session, highest) {
      pending.heard(highest);
      if (line.phase === 'over') return;
      line = { phase: 'live', session };
      const all = held;
      held = [];
      for (const { action, settle } of all) void sendNow(session, action).then(settle);
    },
    lost() {
      if (line.phase === 'live') line = { phase: 'away' };
      typed.drop(nobody());
    },
    result: pending.result,
    end(fault) {
      const outcome: Outcome = { ok: false, fault };
      line = { phase: 'over', fault };
      typed.drop(outcome);
      pending.end(outcome);
      for (const { settle } of held) settle(outcome);
      held = [];
    },
  };
}
