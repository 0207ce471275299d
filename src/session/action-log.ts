// Numbers of actions: each is carried out at most once, and a repeat is answered with what the
// first one got. Also the rate a participant may act at. Knows no action's meaning.
import type { DeviceId, PublicKey } from '../protocol/ids.ts';
import type { Outcome } from '../protocol/message.ts';

/** Devices of one participant that are remembered; the least recently heard gives way. */
const DEVICES_MAX = 8;
/** Outcomes kept per device: a client never has more unanswered actions in flight. */
const OUTCOMES_MAX = 64;
/** A held key is 30/s; past this, actions are refused with a word. */
const ACTIONS_PER_SECOND = 100;

interface DeviceLog {
  readonly device: DeviceId;
  readonly highest: number;
  /** What the process before had taken: what came of it is not known. */
  readonly before: number;
  /** Newest last. */
  readonly outcomes: readonly (readonly [n: number, outcome: Outcome])[];
}

export interface ActionLog {
  /** Per author: its devices, least recently heard first. */
  readonly devices: ReadonlyMap<PublicKey, readonly DeviceLog[]>;
  /** Per author: tokens left, as of a monotonic time in ms. */
  readonly rates: ReadonlyMap<PublicKey, { readonly tokens: number; readonly at: number }>;
}

export const emptyActionLog: ActionLog = { devices: new Map(), rates: new Map() };

/** Where an action stands in its device's count. */
export type Turn =
  | { readonly turn: 'new' }
  /** [AC3] Taken already; `outcome` is null while it is being carried out, or is forgotten. */
  | { readonly turn: 'repeat'; readonly outcome: Outcome | null };

const UNSURE: Outcome = { ok: false, fault: 'action.unsure' };

export function turnOf(log: ActionLog, author: PublicKey, device: DeviceId, n: number): Turn {
  const known = log.devices.get(author)?.find((d) => d.device === device);
  if (known === undefined || n > known.highest) return { turn: 'new' };
  const outcome = known.outcomes.find(([m]) => m === n)?.[1] ?? null;
  return { turn: 'repeat', outcome: outcome === null && n <= known.before ? UNSURE : outcome };
}

export function highestOf(log: ActionLog, author: PublicKey, device: DeviceId): number {
  return log.devices.get(author)?.find((d) => d.device === device)?.highest ?? 0;
}

export function took(log: ActionLog, author: PublicKey, device: DeviceId, n: number): ActionLog {
  const list = log.devices.get(author) ?? [];
  const known = list.find((d) => d.device === device) ?? {
    device,
    highest: 0,
    before: 0,
    outcomes: [],
  };
  const others = list.filter((d) => d.device !== device).slice(-(DEVICES_MAX - 1));
  const next = { ...known, highest: Math.max(known.highest, n) };
  return { ...log, devices: new Map(log.devices).set(author, [...others, next]) };
}

/** [AC3] The same after the process was ended: numbers are on disk, what came of them is not. */
export function restoredLog(log: ActionLog): ActionLog {
  const devices = [...log.devices].map(
    ([author, list]) => [author, list.map((d) => ({ ...d, before: d.highest }))] as const,
  );
  return { ...log, devices: new Map(devices) };
}

export function answered(
  log: ActionLog,
  author: PublicKey,
  device: DeviceId,
  n: number,
  outcome: Outcome,
): ActionLog {
  const list = log.devices.get(author) ?? [];
  const next = list.map((d) =>
    d.device === device
      ? { ...d, outcomes: [...d.outcomes.slice(-(OUTCOMES_MAX - 1)), [n, outcome] as const] }
      : d,
  );
  return { ...log, devices: new Map(log.devices).set(author, next) };
}

/** [AC5] Takes one of the author's tokens; null when there is none left. `at` is monotonic, in ms. */
export function spend(log: ActionLog, author: PublicKey, at: number): ActionLog | null {
  const rate = log.rates.get(author) ?? { tokens: ACTIONS_PER_SECOND, at };
  const grown = rate.tokens + ((at - rate.at) * ACTIONS_PER_SECOND) / 1000;
  const tokens = Math.min(ACTIONS_PER_SECOND, grown);
  if (tokens < 1) return null;
  return { ...log, rates: new Map(log.rates).set(author, { tokens: tokens - 1, at }) };
}
