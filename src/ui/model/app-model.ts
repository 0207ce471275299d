// The sharer's app: which terminals there are, which one is looked at, and what stands open
// over it. Knows no DOM and no network.
import { batch, computed, signal, type ReadonlySignal } from '@preact/signals-core';
import type { SessionCard } from '../../protocol/app.ts';
import { faultWords } from '../../protocol/faults.ts';
import type { SessionId, ThreadId } from '../../protocol/ids.ts';
import { noticeList, type NoticeList } from './notice-list.ts';
import type { AppState, Ports } from './ports.ts';
import { sessionModel, type SessionModel } from './session-model.ts';

export interface AppModel {
  readonly state: ReadonlySignal<AppState>;
  readonly tabs: ReadonlySignal<readonly SessionCard[]>;
  readonly active: ReadonlySignal<SessionId | null>;
  /** The session looked at. */
  readonly session: ReadonlySignal<SessionModel | null>;
  /** Knocks and requests in all sessions. */
  readonly waiting: ReadonlySignal<number>;
  readonly look: (session: SessionId) => void;
  readonly step: (by: 1 | -1) => void;
  readonly newSession: () => void;
  /** In a new terminal that nobody else sees. */
  readonly signIn: (thread: ThreadId, way: number) => void;
  /** What is said while no terminal is open; else the one looked at says it. */
  readonly said: NoticeList;
  readonly retry: () => void;
  readonly close: () => void;
}

const NO_TABS: readonly SessionCard[] = [];

export function appModel(ports: Ports, token: string): AppModel {
  const client = ports.openApp(token);
  const state = signal(client.state());
  const active = signal<SessionId | null>(null);
  const said = noticeList(ports.clock.after);
  const models = new Map<SessionId, SessionModel>();
  let expecting = false;

  /** What is on screen stays while the process is away. */
  const tabs = signal(NO_TABS);
  const take = (next: AppState): void => {
    batch(() => {
      state.value = next;
      if (next.phase !== 'entered') return;
      const before = tabs.value;
      tabs.value = next.sessions;
      forget(next.sessions);
      active.value = activeAfter(active.value, before, next.sessions, expecting);
      if (next.sessions.length > before.length) expecting = false;
    });
  };
  const forget = (sessions: readonly SessionCard[]): void => {
    for (const [id, model] of models) {
      if (sessions.some((card) => card.id === id)) continue;
      model.close();
      models.delete(id);
    }
  };
  const unwatch = client.watch(take);
  take(client.state());

  const session = computed(() => {
    const id = active.value;
    if (id === null) return null;
    const known = models.get(id);
    if (known !== undefined) return known;
    const model = sessionModel(client.viewer(id), ports.clock);
    models.set(id, model);
    return model;
  });

  const unhear = client.onFailed((fault) => {
    expecting = false;
    (session.peek() ?? said).say(faultWords(fault).mine, 'fault');
  });

  return {
    state,
    tabs,
    active,
    session,
    waiting: computed(() => tabs.value.reduce((sum, card) => sum + card.waiting, 0)),
    look(id) {
      active.value = id;
    },
    step(by) {
      const all = tabs.value;
      const at = all.findIndex((card) => card.id === active.value);
      const next = all[(at + by + all.length) % Math.max(1, all.length)];
      if (next !== undefined) active.value = next.id;
    },
    newSession() {
      expecting = true;
      client.newSession();
    },
    signIn(thread, way) {
      if (active.value === null) return;
      expecting = true;
      client.signIn(active.value, thread, way);
    },
    said,
    retry: client.retry,
    close() {
      unwatch();
      unhear();
      for (const model of models.values()) model.close();
    },
  };
}

/** A terminal just asked for is looked at when it comes; a closed one gives way to its neighbour. */
export function activeAfter(
  active: SessionId | null,
  before: readonly SessionCard[],
  after: readonly SessionCard[],
  expecting: boolean,
): SessionId | null {
  const come = after.find((card) => !before.some((known) => known.id === card.id));
  if (expecting && before.length > 0 && come !== undefined) return come.id;
  if (active !== null && after.some((card) => card.id === active)) return active;
  const at = Math.max(
    0,
    before.findIndex((card) => card.id === active),
  );
  return (after[Math.min(at, after.length - 1)] ?? null)?.id ?? null;
}
