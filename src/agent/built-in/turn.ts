// One turn of a built-in agent, as it tells its client: words, thoughts, plan, tool cards and
// questions for leave. Whatever ends the turn leaves no card open. Knows ACP, decides nothing.
import type {
  AgentContext,
  PermissionOption,
  PlanEntry,
  SessionConfigOption,
  SessionUpdate,
  ToolCallContent,
  ToolCallUpdate,
  ToolKind,
} from '@agentclientprotocol/sdk/unstable';

/** What leave is asked for. */
export type Leave = 'execute' | 'edit' | 'outside' | 'ask';

/** What the client said it can show. */
export interface Showing {
  readonly notices: boolean;
  readonly terminalOutput: boolean;
}

export interface TurnPlace {
  readonly client: AgentContext;
  readonly sessionId: string;
  readonly showing: Showing;
  /** A person wants it to end. */
  readonly signal: AbortSignal;
  readonly stop: () => void;
  /** The session's, in which its commands run. */
  readonly directory: string;
  /** Nothing is asked. */
  readonly actsAlone: () => boolean;
  /** Given for good in this conversation. */
  readonly leaves: Set<Leave>;
  readonly nextCall: () => string;
}

export interface CardOpening {
  readonly title: string;
  readonly kind: ToolKind;
  readonly path?: string;
  readonly input?: unknown;
  readonly content?: ToolCallContent[];
}

export interface Card {
  readonly id: string;
  /** Whether it may go on. Throws when the turn is stopped meanwhile. */
  readonly ask: (leave: Leave) => Promise<boolean>;
  readonly update: (patch: Omit<ToolCallUpdate, 'toolCallId'>) => Promise<void>;
  readonly end: (status: 'completed' | 'failed', content?: ToolCallContent[]) => Promise<void>;
}

export type Turn = ReturnType<typeof openTurn>;

export function openTurn(place: TurnPlace) {
  const { client, sessionId, signal } = place;
  const open = new Set<string>();
  let spoken = 0;

  const tell = (update: SessionUpdate): Promise<void> =>
    client.notify('session/update', { sessionId, update });

  const words =
    (sessionUpdate: 'agent_message_chunk' | 'agent_thought_chunk') =>
    (text: string): Promise<void> => {
      spoken += text.length;
      return tell({ sessionUpdate, content: { type: 'text', text } });
    };
  const say = words('agent_message_chunk');

  async function notice(severity: 'info' | 'warning' | 'error', title: string): Promise<void> {
    if (place.showing.notices) return tell({ sessionUpdate: 'notice', severity, title });
    return say(`\n> ${title}\n\n`);
  }

  async function ask(toolCallId: string, kind: Leave): Promise<boolean> {
    if (place.actsAlone() || place.leaves.has(kind)) return true;
    const asked = client.request(
      'session/request_permission',
      { sessionId, toolCall: { toolCallId }, options: optionsFor(kind) },
      { cancellationSignal: signal, stopWaitingOnCancel: true },
    );
    const { outcome } = await asked;
    // A client may take its questions back before it says that the turn is over.
    if (outcome.outcome === 'cancelled') place.stop();
    signal.throwIfAborted();
    if (outcome.outcome === 'cancelled') return false;
    if (outcome.optionId === 'once') return true;
    if (outcome.optionId !== 'always' || ALWAYS[kind] === null) return false;
    place.leaves.add(kind);
    return true;
  }

  async function card(opening: CardOpening): Promise<Card> {
    signal.throwIfAborted();
    const id = place.nextCall();
    const { title, kind, path, input, content } = opening;
    open.add(id);
    await tell({
      sessionUpdate: 'tool_call',
      toolCallId: id,
      title,
      kind,
      status: 'pending',
      ...(path === undefined ? {} : { locations: [{ path }] }),
      ...(input === undefined ? {} : { rawInput: input }),
      ...(content === undefined ? {} : { content }),
    });
    const update: Card['update'] = (patch) =>
      tell({ sessionUpdate: 'tool_call_update', toolCallId: id, ...patch });
    return {
      id,
      ask: (leave) => ask(id, leave),
      update,
      end: (status, last) => {
        open.delete(id);
        return update(last === undefined ? { status } : { status, content: last });
      },
    };
  }

  return {
    signal,
    directory: place.directory,
    showing: place.showing,
    say,
    think: words('agent_thought_chunk'),
    notice,
    card,
    plan: (entries: PlanEntry[]) => tell({ sessionUpdate: 'plan', entries }),
    options: (configOptions: SessionConfigOption[]) =>
      tell({ sessionUpdate: 'config_option_update', configOptions }),
    title: (title: string) => tell({ sessionUpdate: 'session_info_update', title }),
    context: (used: number, size: number, estimated: boolean) =>
      tell({ sessionUpdate: 'usage_update', used, size, ...(estimated ? ESTIMATED : {}) }),
    /** UTF-16 units of all it said and thought. */
    spoken: () => spoken,
    /** Settles the cards that are still open. */
    close: async (): Promise<void> => {
      for (const toolCallId of open) {
        await tell({ sessionUpdate: 'tool_call_update', toolCallId, status: 'failed' });
      }
      open.clear();
    },
  };
}

/** Beside counts that no model made. */
export const ESTIMATED = { _meta: { meshell: { estimated: true } } };

/** What a person may allow for the rest of a conversation; null: each time anew. */
const ALWAYS: { readonly [L in Leave]: string | null } = {
  execute: 'Always allow commands here',
  edit: 'Always allow changes here',
  /** A file outside of the session's directory. */
  outside: null,
  ask: 'Always allow this here',
};

function optionsFor(leave: Leave): PermissionOption[] {
  const always = ALWAYS[leave];
  return [
    { optionId: 'once', name: 'Allow once', kind: 'allow_once' },
    ...(always === null
      ? []
      : [{ optionId: 'always', name: always, kind: 'allow_always' as const }]),
    { optionId: 'no', name: 'Reject', kind: 'reject_once' },
  ];
}

export function textContent(text: string): ToolCallContent {
  return { type: 'content', content: { type: 'text', text } };
}
