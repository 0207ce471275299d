// The session document as it should read now: size, participants, grants, the queue, the agents.
import type { Participant, QueuedCommand, SessionDocument } from '../protocol/document.ts';
import type { SignedGrant } from '../protocol/grant.ts';
import type { PublicKey } from '../protocol/ids.ts';
import type { AgentChoice } from '../protocol/thread.ts';
import { may } from '../session/grants.ts';
import { looksAt } from '../session/sharer-looks.ts';
import type { SharerState } from '../session/sharer-state.ts';

export interface RosterOptions {
  readonly state: SharerState;
  readonly signed: ReadonlyMap<PublicKey, SignedGrant>;
  readonly size: { readonly cols: number; readonly rows: number };
  readonly queue: readonly QueuedCommand[];
  readonly shell: SessionDocument['shell'];
  readonly agents: readonly AgentChoice[];
}

export function sessionDocument(options: RosterOptions): SessionDocument {
  const { state, signed, size, queue, shell, agents } = options;
  const present = new Set(
    [...state.links.values()].filter((l) => l.phase === 'in').map((l) => l.key),
  );
  const profile = state.profiles.get(state.sharer) ?? { name: 'The sharer', hue: 0 };
  const own: Participant = { key: state.sharer, ...profile, role: 'sharer', present: true };
  const roster: Participant[] = [own];
  const grants: Record<PublicKey, SignedGrant> = {};
  for (const [key, grant] of state.grants) {
    const statement = signed.get(key);
    if (statement !== undefined) grants[key] = statement;
    const profile = state.profiles.get(key);
    if (profile === undefined || !may(grant.capabilities, 'view')) continue;
    roster.push({ key, ...profile, role: 'viewer', present: present.has(key) });
  }
  const looked = looksAt(state);
  const looks = looked === undefined ? {} : { looksAt: looked };
  return { ...size, roster, grants, queue, shell, agents, ...looks };
}
