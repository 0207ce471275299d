// Agents that say what a test has them say: no process, no protocol. What they are asked to do is
// written down.
import { NO_LIMITS } from '../../../src/agent/prompt-limits.ts';
import type { AgentEvent, AgentLaunch, OpenAgent } from '../../../src/agent/agent-event.ts';
import { openMasking } from '../../../src/agent/masking.ts';
import { openSharedMoments } from '../../../src/agent/shared-moments.ts';
import { nodeClock } from '../../../src/host/clock-node.ts';
import { openLiveSecrets } from '../../../src/host/live-secrets.ts';
import type { SessionOptions } from '../../../src/host/hosted-session.ts';

export interface StagedAgent {
  readonly launch: AgentLaunch;
  readonly prompts: readonly string[];
  /** Everything else, as `cancel`, `answer 1 once`, `configure mode act`, `close`. */
  readonly asked: readonly string[];
  readonly tell: (event: AgentEvent) => void;
}

export interface StagedAgents {
  readonly agents: SessionOptions['agents'];
  /** In the order in which they were started. */
  readonly opened: readonly StagedAgent[];
}

/** `shy` asks before it acts, `daring` does not, `absent` is not on this computer. */
export function stageAgents(secrets: readonly string[] = []): StagedAgents {
  const opened: StagedAgent[] = [];
  const start = { command: 'staged', args: [], env: { STAGED_HOME: '/keys' } };
  const open: OpenAgent = (launch, tell) => {
    const prompts: string[] = [];
    const asked: string[] = [];
    opened.push({ launch, prompts, asked, tell });
    const ready: AgentEvent = {
      on: 'ready',
      name: 'Staged',
      version: '1',
      session: `session-${opened.length}`,
      resumed: launch.resume !== null,
      options: [],
      actsAlone: launch.command === 'daring',
    };
    queueMicrotask(() => tell(ready));
    return {
      prompt: (text) => void prompts.push(text),
      cancel: () => void asked.push('cancel'),
      answer: (request, option) => void asked.push(`answer ${request} ${option}`),
      withdraw: (request) => void asked.push(`withdraw ${request}`),
      configure: (option, value) => void asked.push(`configure ${option} ${value}`),
      close() {
        asked.push('close');
        return Promise.resolve();
      },
    };
  };
  const card = (id: string) => ({ id, name: `The ${id} one`, kind: 'agent' as const });
  const offers = [
    { card: card('shy'), state: 'found' as const, actsAlone: false, start },
    {
      card: card('daring'),
      state: 'found' as const,
      actsAlone: true,
      start: { ...start, command: 'daring' },
    },
    { card: card('absent'), state: 'missing' as const, actsAlone: false, start: null },
  ];
  return {
    opened,
    agents: {
      moments: openSharedMoments(nodeClock),
      offers: { in: () => offers, onBroken: () => {} },
      open,
      masking: openMasking({ secrets, home: null }),
      secrets: openLiveSecrets({}),
      limits: { person: NO_LIMITS, thread: NO_LIMITS },
    },
  };
}
