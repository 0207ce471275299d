// Whether what an agent tells begins a part behind what it is saying, as far as its own events show
// it. Where that is wrong a part is begun too often, or a last word comes late: no text is shown that
// was not masked in one piece, whatever is answered here. Pure but for what it remembers.
import type { AgentOption, PlanEntry } from '../protocol/thread.ts';
import type { AgentEvent } from './agent-event.ts';
import { CALL_CHARS_MAX, THREAD_PARTS_MAX } from './parts-state.ts';

/** Names of messages we do not know, of one turn. */
const UNKNOWN_MAX = 256;

/** What the newest turn's parts are about. */
interface Seen {
  readonly calls: Set<string>;
  readonly unknown: Set<string>;
  /** Who keeps its plan; null while it has none. */
  plan: string | null;
  isCompacting: boolean;
}

export function openSpeechBreaks(): (event: AgentEvent) => boolean {
  let seen = nothingSeen();
  /** Also of the turn before: what is the same again makes no part. */
  let entries = '[]';
  let values = '';

  function isNews(known: Set<string>, name: string, most: number): boolean {
    if (known.has(name) || known.size >= most) return false;
    known.add(name);
    return true;
  }

  function isNewCall(call: string): boolean {
    return isNews(seen.calls, call.slice(0, CALL_CHARS_MAX), THREAD_PARTS_MAX);
  }

  function isNewPlan(keeper: string, plan: readonly PlanEntry[]): boolean {
    const next = JSON.stringify(plan);
    if (next === entries) return false;
    entries = next;
    const isOther = seen.plan !== keeper;
    seen.plan = keeper;
    return isOther;
  }

  function isNewValue(options: readonly AgentOption[]): boolean {
    const next = JSON.stringify(options.map(({ id, value }) => [id, value]));
    if (next === values) return false;
    values = next;
    return true;
  }

  return (event) => {
    switch (event.on) {
      case 'tool': {
        const isNew = isNewCall(event.call);
        const { plan } = event.patch;
        return (plan !== undefined && isNewPlan('todo', plan)) || isNew;
      }
      case 'output':
        return isNewCall(event.call);
      case 'plan':
        return isNewPlan(`plan ${event.plan ?? ''}`, event.entries);
      case 'unknown':
        return isNews(seen.unknown, event.name, UNKNOWN_MAX);
      case 'compaction': {
        const isNew = !seen.isCompacting;
        seen.isCompacting = event.state === 'running';
        return isNew;
      }
      case 'permission':
        if (event.call !== null) isNewCall(event.call);
        return true;
      case 'notice':
        return true;
      case 'options':
        return isNewValue(event.options);
      case 'ready':
        isNewValue(event.options);
        seen = nothingSeen();
        return true;
      case 'turnEnded':
      case 'turnFailed':
      case 'exited':
      case 'failed':
        seen = nothingSeen();
        return true;
      // They say nothing in between: a word may go on after them.
      case 'answer':
      case 'thought':
      case 'outputEnd':
      case 'signIn':
      case 'permissionGone':
      case 'context':
      case 'counted':
      case 'title':
      case 'commands':
        return false;
      default:
        return event satisfies never;
    }
  };
}

function nothingSeen(): Seen {
  return { calls: new Set(), unknown: new Set(), plan: null, isCompacting: false };
}
