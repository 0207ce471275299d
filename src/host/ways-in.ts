// The ways by which others reach a session: opened for an invite, kept so that a restart opens
// them again by the same ports, shut when nobody is left to come.
import type { Invite } from '../crypto/invite-state.ts';
import type { Room } from '../peer/signal-room.ts';
import type { Action, Reach, StartChoice } from '../protocol/action.ts';
import type { Fault } from '../protocol/faults.ts';
import type { Nameplate, SessionId } from '../protocol/ids.ts';
import type { InviteCard } from '../protocol/message.ts';
import type { Clock, Entropy } from '../protocol/ports.ts';
import { err, ok, type Result } from '../protocol/result.ts';
import { inviteCard, makeInvite, type MadeInvite } from './invites.ts';
import type { Place, Reachability } from './reachability.ts';
import type { StateRecord } from './session-records.ts';

export interface WaysInOptions {
  readonly session: SessionId;
  /** As they were at the end of the process before. */
  readonly restored: ReadonlyMap<Reach, number | null>;
  readonly reachability: Reachability;
  /** How invites are reached, and from where they show, where the order does not say. */
  readonly reach: Reach;
  readonly start: StartChoice;
  /** Invites that are open. */
  readonly open: () => readonly Invite[];
  readonly keep: (record: StateRecord) => void;
  /** What the sharer is to know of a way. */
  readonly notice: (fault: Fault) => void;
  /** Open invites of the process before, as they are reached now. */
  readonly shown: (cards: readonly InviteCard[]) => void;
  readonly clock: Clock;
  readonly entropy: Entropy;
}

export interface WaysIn {
  readonly invite: (
    wish: Extract<Action, { type: 'invite.make' }>,
    by: 'sharer' | 'guest',
  ) => Promise<Result<MadeInvite, Fault>>;
  /** What is being made is not wanted any more. */
  readonly stopMaking: () => void;
  readonly dropNameplate: (nameplate: Nameplate) => void;
  /** [SG26] Those who were here find the way back by which they came. */
  readonly reopen: () => void;
  /** They are open and nothing is made by them. */
  readonly areIdle: () => boolean;
  /** Nobody comes in any more, nor after a restart. */
  readonly end: () => void;
  /** Shut while the process is away; open again after it. */
  readonly close: () => void;
}

export function openWaysIn(options: WaysInOptions): WaysIn {
  const { reachability, keep, clock, entropy, session } = options;
  const ports = new Map<Reach, number | null>(options.restored);
  const watched = new Set<Room>();
  /** By which the sharer has invited last. */
  let inUse: Reach = [...ports.keys()].at(-1) ?? options.reach;
  /** Invites that are being made: the ways stay for them. */
  let making = 0;
  /** Counts how often what is being made was given up. */
  let era = 1;

  async function make(order: {
    readonly reach: Reach;
    readonly wish: Extract<Action, { type: 'invite.make' }>;
  }): Promise<Result<MadeInvite, Fault>> {
    const { reach, wish } = order;
    const begun = era;
    const place = await reachability.open(reach, ports.get(reach) ?? null);
    if (begun !== era) return err('share.ended');
    if (!place.ok) return place;
    stands(place.value);
    const start = wish.start ?? options.start;
    const capabilities = wish.capabilities ?? ['view'];
    const made = await makeInvite({ session, reach, start, capabilities }, place.value, {
      clock,
      entropy,
    });
    if (begun === era) return ok(made);
    if (made.nameplate !== null) place.value.room.dropNameplate(made.nameplate);
    return err('share.ended');
  }

  /** It is there: its port is kept, and its room watched. */
  function stands({ reach, port, room }: Place): void {
    if (!ports.has(reach) || ports.get(reach) !== port) {
      ports.set(reach, port);
      keep({ type: 'reach', reach, port });
    }
    watch(room);
  }

  /** [SG26] Once for each time that it is away. */
  function watch(room: Room): void {
    if (watched.has(room)) return;
    watched.add(room);
    let isAway = false;
    const look = (): void => {
      const { phase } = room.phase();
      if (phase === 'over') watched.delete(room);
      if (phase === 'away' && !isAway) options.notice('signal.away');
      if (phase !== 'reaching') isAway = phase === 'away';
    };
    room.watch(look);
    look();
  }

  async function again(reach: Reach, port: number | null): Promise<void> {
    const place = await reachability.reopen(reach, port);
    if (!place.ok) {
      if (place.fault !== 'share.ended') options.notice(place.fault);
      return;
    }
    stands(place.value);
    const invites = options.open().filter((invite) => invite.reach === reach);
    options.shown(invites.map((invite) => inviteCard(place.value, session, invite)));
  }

  function stopMaking(): void {
    era++;
  }

  return {
    async invite(wish, by) {
      // [CP9] Which networks can reach the share is the sharer's choice, and not a guest's.
      const reach = by === 'guest' ? inUse : (wish.reach ?? options.reach);
      making++;
      try {
        const made = await make({ reach, wish });
        if (made.ok && inUse !== reach) {
          inUse = reach;
          keep({ type: 'reach', reach, port: ports.get(reach) ?? null });
        }
        return made;
      } finally {
        making--;
      }
    },
    stopMaking,
    dropNameplate: reachability.dropNameplate,
    reopen() {
      for (const [reach, port] of ports) void again(reach, port);
    },
    areIdle: () => making === 0 && reachability.places().length > 0,
    end() {
      reachability.shut();
      ports.clear();
      keep({ type: 'shared', until: null });
    },
    close() {
      stopMaking();
      reachability.shut();
    },
  };
}
