// A sharer's machine on a stage: named people, links that stand, actions signed by hand.
import { encodeAction, type Action, type StartChoice } from '../../../src/protocol/action.ts';
import { lasting, type Capability } from '../../../src/protocol/capability.ts';
import { toText } from '../../../src/protocol/bytes.ts';
import { DeviceId, idOf, InviteId, PublicKey, SessionId } from '../../../src/protocol/ids.ts';
import type { ToSharer, ToViewer } from '../../../src/protocol/message.ts';
import { NO_AGENTS, type AgentFacts } from '../../../src/session/agent-rights.ts';
import { sharer } from '../../../src/session/sharer.ts';
import {
  newSharerState,
  type SharerEffect,
  type SharerInput,
  type SharerState,
} from '../../../src/session/sharer-state.ts';

export const session = idOf(SessionId, new Uint8Array(16).fill(7));
export const keyOf = (n: number) => idOf(PublicKey, new Uint8Array(32).fill(n));
export const deviceOf = (n: number) => idOf(DeviceId, new Uint8Array(8).fill(n));
export const SHARER = keyOf(1);
export const ALICE = keyOf(2);
export const BOB = keyOf(3);
export const EVE = keyOf(4);
const INVITE = (n: number) => idOf(InviteId, new Uint8Array(8).fill(n));

export function startState(): SharerState {
  return { ...newSharerState(session, SHARER), nextBlock: 5 };
}

export interface Stage {
  readonly state: () => SharerState;
  /** Feeds an input and gives back what it caused. */
  readonly feed: (input: SharerInput) => readonly SharerEffect[];
  /** Someone opens an invite's link, knocks and is admitted with these capabilities. */
  readonly bring: (key: PublicKey, link: number, capabilities: readonly Capability[]) => void;
  /** The sharer's own page opens. */
  readonly ownPage: (key: PublicKey, link: number) => void;
  readonly invite: (
    n: number,
    capabilities?: readonly Capability[],
    start?: StartChoice,
  ) => InviteId;
  /** What the host says when it has made an invite. */
  readonly makes: (n: number) => { readonly id: InviteId; readonly input: SharerInput };
  /** Another process goes on with what was kept. */
  readonly restart: () => void;
  readonly act: (
    key: PublicKey,
    link: number,
    action: Action,
    change?: {
      readonly n?: number;
      readonly verified?: boolean;
      readonly session?: SessionId;
      readonly author?: PublicKey;
      readonly device?: DeviceId;
      readonly atPrompt?: boolean;
      readonly agents?: AgentFacts;
    },
  ) => readonly SharerEffect[];
  readonly say: (
    link: number,
    message: Exclude<ToSharer, { type: 'action' }>,
  ) => readonly SharerEffect[];
  readonly pass: (ms: number) => readonly SharerEffect[];
  readonly now: () => number;
}

export function openStage(): Stage {
  let state = startState();
  let now = 1_000_000;
  const counts = new Map<PublicKey, number>();

  function feed(input: SharerInput): readonly SharerEffect[] {
    const [next, effects] = sharer(state, input);
    state = next;
    return effects;
  }

  function makes(
    n: number,
    capabilities: readonly Capability[] = ['view'],
    start: StartChoice = { from: 'none' },
  ): { readonly id: InviteId; readonly input: SharerInput } {
    const id = INVITE(n);
    const input: SharerInput = {
      on: 'inviteMade',
      actor: { kind: 'process', order: n },
      card: {
        id,
        state: 'open',
        typed: null,
        code: null,
        place: null,
        link: `http://127.0.0.1/#${toText(new Uint8Array([n]))}`,
        reach: 'local',
        expiresAt: now + 600_000,
        wrongTries: 0,
      },
      input: {
        on: 'make',
        id,
        secret: new Uint8Array(16).fill(n),
        words: null,
        capabilities,
        start,
        reach: 'local',
        at: now,
      },
    };
    return { id, input };
  }

  function invite(n: number, capabilities?: readonly Capability[], start?: StartChoice): InviteId {
    const { id, input } = makes(n, capabilities, start);
    feed(input);
    return id;
  }

  const stage: Stage = {
    state: () => state,
    feed,
    makes,
    invite,
    restart() {
      const { book, grants, profiles, log, endsAt } = state;
      state = { ...startState(), book, grants, profiles, log, endsAt };
    },
    now: () => now,
    bring(key, link, capabilities) {
      const by = { door: 'link' as const, invite: invite(link + 100) };
      feed({ on: 'proved', attempt: link, by, viewer: key, at: now });
      feed({ on: 'linked', link, by, viewer: key, words: 'a b c d', at: now });
      stage.say(link, { type: 'knock', name: `P${link}`, hue: 10, device: deviceOf(link) });
      const knock = [...state.links.values()].find((l) => l.phase === 'knocking' && l.key === key);
      if (knock?.phase !== 'knocking') throw new Error('no knock');
      feed({
        on: 'order',
        order: 1,
        at: now,
        action: {
          type: 'knock.admit',
          knock: knock.knock.id,
          capabilities: lasting(capabilities, null),
        },
      });
    },
    ownPage(key, link) {
      feed({ on: 'linked', link, by: { door: 'app' }, viewer: key, words: '', at: now });
      stage.say(link, { type: 'back', device: deviceOf(link), have: [] });
    },
    act(key, link, action, change = {}) {
      const n = change.n ?? (counts.get(key) ?? 0) + 1;
      counts.set(key, n);
      return feed({
        on: 'action',
        link,
        verified: change.verified ?? true,
        at: now,
        monotonic: now,
        atPrompt: change.atPrompt ?? false,
        agents: change.agents ?? NO_AGENTS,
        signed: {
          session: change.session ?? session,
          author: change.author ?? key,
          device: change.device ?? deviceOf(link),
          n,
          body: encodeAction(action),
          signature: new Uint8Array(64),
        },
      });
    },
    say: (link, message) => feed({ on: 'message', link, message, at: now }),
    pass(ms) {
      now += ms;
      return feed({ on: 'tick', at: now });
    },
  };
  return stage;
}

/** What a link was sent, of one type. */
export function sent<T extends ToViewer['type']>(
  effects: readonly SharerEffect[],
  link: number,
  type: T,
): Extract<ToViewer, { type: T }>[] {
  return effects.flatMap((e) =>
    e.do === 'send' && e.link === link && isType(e.message, type) ? [e.message] : [],
  );
}

function isType<T extends ToViewer['type']>(
  message: ToViewer,
  type: T,
): message is Extract<ToViewer, { type: T }> {
  return message.type === type;
}

/** The outcome that a link was told. */
export function told(effects: readonly SharerEffect[], link: number) {
  return sent(effects, link, 'result').at(-1)?.outcome ?? null;
}
