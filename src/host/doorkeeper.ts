// Who comes to a session, before there is a link: which secrets open it, and what the sharer's
// machine says to one who has proved that it has one. Decides nothing itself.
import { codeWords, linkSecret } from '../crypto/invite-book.ts';
import type { ArrivalPorts, Arrived } from '../peer/arrival.ts';
import type { Clock, Entropy } from '../protocol/ports.ts';
import type { Refusal, SharerEffect, SharerInput, SharerState } from '../session/sharer-state.ts';
import type { SessionSecrets } from './session-secrets.ts';

export interface DoorkeeperOptions {
  readonly secrets: SessionSecrets;
  /** The app's kept token: the secret of the app door. */
  readonly token: Uint8Array;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly feed: (input: SharerInput) => void;
  readonly state: () => SharerState;
  readonly arrived: (arrived: Arrived) => void;
}

export interface Doorkeeper {
  /** By invite or by key: wherever others reach this process. */
  readonly guests: ArrivalPorts;
  /** By the app's token. */
  readonly owners: ArrivalPorts;
  /** The machine's word on the attempt that it is being asked about. */
  readonly verdict: (effect: Extract<SharerEffect, { do: 'verdict' }>) => void;
}

export function openDoorkeeper(options: DoorkeeperOptions): Doorkeeper {
  const { clock, feed, state } = options;
  const verdicts = new Map<number, 'accept' | Refusal>();
  let nextAttempt = 1;

  const guests: ArrivalPorts = {
    clock,
    entropy: options.entropy,
    secrets: {
      session: options.secrets.identity,
      redial: options.secrets.redial,
      link: (invite) => linkSecret(state().book, invite),
      code: (nameplate) => codeWords(state().book, nameplate, clock.now()),
      app: () => null,
    },
    judge(by, viewer) {
      const attempt = nextAttempt++;
      feed({ on: 'proved', attempt, by, viewer, at: clock.now() });
      const verdict = verdicts.get(attempt) ?? 'invite.expired';
      verdicts.delete(attempt);
      return verdict;
    },
    tried(effect) {
      const at = clock.now();
      if (effect.do === 'wrong') {
        if (effect.by.door === 'code') {
          const { nameplate } = effect.by;
          feed({ on: 'book', input: { on: 'tryWrong', nameplate, at } });
        }
        return;
      }
      feed({ on: 'book', input: { on: effect.do, nameplate: effect.nameplate, at } });
    },
    arrived: options.arrived,
  };

  return {
    guests,
    // [AP3] The app's token opens this session only on the app's own sockets.
    owners: {
      ...guests,
      secrets: { ...guests.secrets, app: () => options.token, link: () => null },
    },
    verdict: ({ attempt, verdict }) => void verdicts.set(attempt, verdict),
  };
}
