// The ways by which others reach a session: opened for an invite, kept so that a restart opens
// them again by the same ports, shut when nobody is left to come.
import type { Action, Reach, StartChoice } from '../protocol/action.ts';
import type { Fault } from '../protocol/faults.ts';
import type { SessionId } from '../protocol/ids.ts';
import type { Clock, Entropy } from '../protocol/ports.ts';
import type { Result } from '../protocol/result.ts';
import { makeInvite, type MadeInvite } from './invites.ts';
import type { Reachability } from './reachability.ts';
import type { StateRecord } from './session-records.ts';

export interface WaysInOptions {
  readonly session: SessionId;
  /** As they were at the end of the process before. */
  readonly restored: ReadonlyMap<Reach, number | null>;
  readonly reachability: Reachability;
  /** How invites are reached, and from where they show, where the order does not say. */
  readonly reach: Reach;
  readonly start: StartChoice;
  readonly keep: (record: StateRecord) => void;
  readonly clock: Clock;
  readonly entropy: Entropy;
}

export interface WaysIn {
  readonly invite: (
    wish: Extract<Action, { type: 'invite.make' }>,
  ) => Promise<Result<MadeInvite, Fault>>;
  /** Those who were here find the way back by which they came. */
  readonly reopen: () => void;
  readonly areOpen: () => boolean;
  /** Nobody comes in any more, nor after a restart. */
  readonly end: () => void;
  /** Shut while the process is away; open again after it. */
  readonly close: () => void;
}

export function openWaysIn(options: WaysInOptions): WaysIn {
  const { reachability, keep, clock, entropy, session } = options;
  const ports = new Map<Reach, number | null>(options.restored);

  return {
    async invite(wish) {
      const reach = wish.reach ?? options.reach;
      const place = await reachability.open(reach, ports.get(reach) ?? null);
      if (!place.ok) return place;
      const { port } = place.value;
      if (ports.get(reach) !== port) {
        ports.set(reach, port);
        keep({ type: 'reach', reach, port });
      }
      const start = wish.start ?? options.start;
      const capabilities = wish.capabilities ?? ['view'];
      const order = { session, reach, start, capabilities };
      return await makeInvite(order, place.value, { clock, entropy });
    },
    reopen() {
      for (const [reach, port] of ports) void reachability.open(reach, port);
    },
    areOpen: () => reachability.places().length > 0,
    end() {
      reachability.shut();
      ports.clear();
      keep({ type: 'shared', until: null });
    },
    close: () => reachability.shut(),
  };
}
