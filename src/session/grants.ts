// Who may do what: the sharer's own table of grants, and nothing else, decides. Knows no
// links, no signatures; a grant it writes is signed by whoever performs the effect.
import type { StartChoice } from '../protocol/action.ts';
import { CAPABILITIES, type Capabilities, type Capability } from '../protocol/capability.ts';
import type { Grant } from '../protocol/grant.ts';
import type { PublicKey, SessionId } from '../protocol/ids.ts';

/** The latest grant of each participant. */
export type GrantTable = ReadonlyMap<PublicKey, Grant>;

/** What `key` may do at `now`: a capability whose end has passed counts for nothing. [CP4] */
export function capabilitiesOf(table: GrantTable, key: PublicKey, now: number): Capabilities {
  const grant = table.get(key);
  return grant === undefined ? {} : lastingAt(grant.capabilities, now);
}

export function may(capabilities: Capabilities, needed: Capability): boolean {
  return capabilities[needed] !== undefined;
}

/** [CP1] The next grant for `to`: its number is one above the last. */
export function nextGrant(
  table: GrantTable,
  of: {
    readonly session: SessionId;
    readonly to: PublicKey;
    readonly start: number;
    readonly capabilities: Capabilities;
    readonly at: number;
  },
): Grant {
  return { ...of, number: (table.get(of.to)?.number ?? 0) + 1 };
}

export function withGrant(table: GrantTable, grant: Grant): GrantTable {
  return new Map(table).set(grant.to, grant);
}

/** [CP5] The grants to write because an end time has passed: the same, without what ended. */
export function lapsed(table: GrantTable, now: number): Grant[] {
  const next: Grant[] = [];
  for (const grant of table.values()) {
    const left = lastingAt(grant.capabilities, now);
    if (Object.keys(left).length < Object.keys(grant.capabilities).length) {
      next.push(nextGrant(table, { ...grant, capabilities: left, at: now }));
    }
  }
  return next;
}

/**
 * [CP6] Whether a holder of `manage` may grant this: only what it holds itself, no longer than
 * its own, never to itself, never `manage`, and never to or from the sharer or another manager.
 */
export function mayGrant(by: {
  readonly granter: PublicKey;
  readonly held: Capabilities;
  readonly to: PublicKey;
  readonly toHolds: Capabilities;
  readonly given: Capabilities;
}): boolean {
  if (!may(by.held, 'manage') || by.to === by.granter) return false;
  if (may(by.given, 'manage') || may(by.toHolds, 'manage')) return false;
  return CAPABILITIES.every((name) => {
    const until = by.given[name];
    if (until === undefined) return true;
    const own = by.held[name];
    if (own === undefined) return false;
    return own === null || (until !== null && until <= own);
  });
}

/**
 * [CP8] Where one whom a holder of `manage` lets in begins to see: never before the holder's own
 * first block, `own`. What is on screen may be from before that; so may a past block.
 */
export function startBy(own: number, wished: StartChoice, nextBlock: number): StartChoice {
  if (own === 0) return wished;
  const first = wished.from === 'all' ? own : wished.from === 'block' ? wished.block : nextBlock;
  return { from: 'block', block: Math.max(own, first) };
}

function lastingAt(capabilities: Capabilities, now: number): Capabilities {
  const left: Capabilities = {};
  for (const name of CAPABILITIES) {
    const until = capabilities[name];
    if (until === null || (until !== undefined && until > now)) left[name] = until;
  }
  return left;
}
