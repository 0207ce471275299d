// The small marks of a thread: its agent, that it is no AI, that it acts without asking, how it
// is, and how full its context is.
import { Bot, FlaskConical, Zap } from 'lucide';
import { contextLevel } from '../../agent/usage.ts';
import type { AgentCard, ThreadHead } from '../../protocol/thread.ts';
import { agentBadge, contextShare, contextWords, type StateWords } from '../model/thread-words.ts';
import { Icon } from './icon.tsx';

export function AgentIcon({ agent, size = 16 }: { agent: AgentCard; size?: number }) {
  const isDemo = agent.kind === 'demo';
  return <Icon node={isDemo ? FlaskConical : Bot} size={size} class={isDemo ? 'no-model' : ''} />;
}

export function AgentName({ agent }: { agent: AgentCard }) {
  const badge = agentBadge(agent);
  return (
    <>
      {badge !== agent.name && <span class="agent-name">{agent.name}</span>}
      {badge !== null && <span class="chip">{badge}</span>}
    </>
  );
}

export function ActsAlone() {
  return (
    <span class="chip warn" title="It runs commands and edits files without asking anybody.">
      <Icon node={Zap} size={12} /> acts without asking
    </span>
  );
}

export function StateChip({ state }: { state: StateWords }) {
  return <span class={`chip state ${state.tone}`}>{state.words}</span>;
}

export function ContextBar({ context }: { context: NonNullable<ThreadHead['context']> }) {
  const share = contextShare(context);
  const full = contextLevel(context) !== 'fine';
  const words = `${contextWords(context)} tokens of context used${full ? ', nearly full' : ''}`;
  return (
    <span class={`context ${full ? 'full' : ''}`} title={words}>
      <span
        class="context-bar"
        role="meter"
        aria-label="Context used"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
        aria-valuetext={words}
      >
        <span style={{ width: `${Math.max(2, share * 100)}%` }} />
      </span>
      <span class="context-words">
        {contextWords(context)}
        {full && ' · nearly full'}
      </span>
    </span>
  );
}
