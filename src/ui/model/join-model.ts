// Joining, as the visitor's page goes through it: what was typed, who one is, and each step
// until one is in. Knows no DOM and no network.
import { computed, effect, signal, type ReadonlySignal } from '@preact/signals-core';
import * as v from 'valibot';
import { Hue, PersonName } from '../../protocol/action.ts';
import { faultWords } from '../../protocol/faults.ts';
import type { Connection } from '../../session/viewer-state.ts';
import { KEPT, keptWay, type Entry } from './entry.ts';
import { joinTarget } from './join-text.ts';
import type { JoinWay, Person, Ports } from './ports.ts';
import { sessionModel, type SessionModel } from './session-model.ts';

export type JoinStage =
  /** A code or link is wanted; `fault` says what was wrong with the last. */
  | { readonly stage: 'invite'; readonly fault: string | null }
  /** A name is wanted. */
  | { readonly stage: 'person'; readonly way: JoinWay }
  /** Under way, or in: the session says where. */
  | { readonly stage: 'session'; readonly way: JoinWay; readonly session: SessionModel };

export interface JoinModel {
  readonly stage: ReadonlySignal<JoinStage>;
  readonly person: ReadonlySignal<Person>;
  /** Whether the browser keeps nothing: a reload then loses the place. */
  readonly forgetful: ReadonlySignal<boolean>;
  /** Whether this visitor has been let in, now or before. */
  readonly inside: ReadonlySignal<boolean>;
  readonly giveInvite: (text: string) => void;
  readonly givePerson: (person: Person) => boolean;
  readonly again: () => void;
  readonly close: () => void;
}

const KeptPerson = v.object({ name: PersonName, hue: Hue });

export function joinModel(
  ports: Ports,
  entry: Exclude<Entry, { page: 'app' }>,
  origin: string,
): JoinModel {
  const stage = signal<JoinStage>({ stage: 'invite', fault: null });
  const forgetful = signal(false);
  const inside = signal(false);
  const person = signal(keptPerson(ports));
  let unfollow: (() => void) | null = null;

  const begin = (way: JoinWay, knock: boolean): void => {
    if (way.by !== 'key') keep(KEPT.join, keptWay(way));
    const session = sessionModel(ports.openViewer(way), ports.clock, ports.tab);
    stage.value = { stage: 'session', way, session };
    if (knock) session.viewer.knock(person.value.name, person.value.hue);
    unfollow = follow(session);
  };
  const keep = (key: string, value: string): void => {
    if (!ports.tab.set(key, value)) forgetful.value = true;
  };
  const follow = (session: SessionModel): (() => void) =>
    effect(() => {
      const { phase } = session.connection.value;
      if (phase === 'over') ports.tab.remove(KEPT.join);
      if (phase !== 'live' || inside.peek()) return;
      inside.value = true;
      ports.tab.remove(KEPT.join);
      const id = session.viewer.state().session;
      if (id !== null) ports.readdress(`/s/${id}`);
    });

  if (entry.page === 'join') {
    const known = entry.resumed && person.value.name !== '';
    if (entry.way.by === 'key') begin(entry.way, false);
    else if (known) begin(entry.way, true);
    else stage.value = { stage: 'person', way: entry.way };
    if (entry.way.by !== 'key') keep(KEPT.join, keptWay(entry.way));
  }

  const leave = (): void => {
    unfollow?.();
    unfollow = null;
    const at = stage.peek();
    if (at.stage === 'session') {
      at.session.viewer.leave();
      at.session.close();
    }
  };

  return {
    stage,
    person,
    forgetful,
    inside: computed(() => inside.value),
    giveInvite(text) {
      const target = joinTarget(text, { origin, looksUpCodes: true, signal: null });
      if (!target.ok) stage.value = { stage: 'invite', fault: faultWords(target.fault).mine };
      else if (target.value.go === 'there') ports.go(target.value.url, 'here');
      else stage.value = { stage: 'person', way: target.value.way };
    },
    givePerson(given) {
      const parsed = v.safeParse(KeptPerson, given);
      const at = stage.value;
      if (!parsed.success || at.stage !== 'person') return false;
      person.value = parsed.output;
      if (!ports.browser.set(KEPT.person, JSON.stringify(parsed.output))) forgetful.value = true;
      begin(at.way, true);
      return true;
    },
    again() {
      leave();
      inside.value = false;
      ports.tab.remove(KEPT.join);
      ports.readdress('/');
      stage.value = { stage: 'invite', fault: null };
    },
    close: leave,
  };
}

function keptPerson(ports: Ports): Person {
  const nobody = { name: '', hue: Math.floor(ports.clock.now() % 360) };
  const kept = ports.browser.get(KEPT.person);
  if (kept === null) return nobody;
  try {
    const parsed = v.safeParse(KeptPerson, JSON.parse(kept));
    return parsed.success ? parsed.output : nobody;
  } catch {
    return nobody; // not ours: ask again
  }
}

export type StepState = 'done' | 'now' | 'to come';
export interface JoinStep {
  readonly words: string;
  readonly state: StepState;
}

/** The steps of joining in words, with how far they have got. */
export function joinSteps(
  connection: Connection,
  sharer: string,
  coming: boolean,
): readonly JoinStep[] {
  const order = ['reaching', 'proving', 'connecting', 'knocking'] as const;
  const words = [
    'Reaching the sharer',
    coming ? 'Proving who you are' : 'Proving the invite, both ways',
    'Making a direct, encrypted connection',
    `Waiting for ${sharer} to let you in`,
  ];
  const at = order.findIndex((phase) => phase === connection.phase);
  const steps = coming ? words.slice(0, 3) : words;
  const tries =
    'attempt' in connection && connection.attempt > 1 ? ` (try ${connection.attempt})` : '';
  return steps.map((says, index) => ({
    words: index === at ? says + tries : says,
    state: stepState(index, at),
  }));
}

function stepState(index: number, at: number): StepState {
  if (index < at) return 'done';
  return index === at ? 'now' : 'to come';
}
