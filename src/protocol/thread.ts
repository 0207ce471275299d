// What stands in an agent thread, as plain values in ACP's shapes. A thread lies in segments, one
// document each; how they live in Automerge is for crdt/, how they come about for agent/.
import * as v from 'valibot';
import { PublicKey, type ThreadId } from './ids.ts';

/** Of one part's text (an answer, a command's output), in UTF-16 units: past it the rest is counted. */
export const PART_TEXT_CHARS_MAX = 512 * 1024;
/**
 * Of one side of a diff or one piece of a tool's content, in bytes of UTF-8: past it the middle is
 * left out. Two sides fit one frame even where every character is escaped.
 */
export const CONTENT_BYTES_MAX = 12 * 1024;
/** Of the whole of something that was cut, as the sharer keeps it: a long log. In UTF-16 units. */
export const WHOLE_CHARS_MAX = 1024 * 1024;
/** Stands where the middle of a text was left out. */
export const LEFT_OUT = '\n… left out here …\n';
/** A part's head or a thread's menu as JSON, in bytes: whoever makes them keeps them below. */
export const HEAD_BYTES_MAX = 24 * 1024;
/** Pieces of content in one tool call, options in one request, entries in one plan. */
export const LIST_ITEMS_MAX = 64;
/** Slash commands an agent offers: 51 were seen. */
export const AGENT_COMMANDS_MAX = 100;
/** Prompts that wait in one thread: more cannot be overlooked by those who share it. */
export const PROMPT_QUEUE_MAX = 16;
/** One prompt, in bytes of UTF-8: it travels in one action. */
export const PROMPT_BYTES_MAX = 32 * 1024;
/** Parts in one segment: past it a document costs its receiver more than two of them. */
export const SEGMENT_PARTS_MAX = 200;

const Natural = v.pipe(v.number(), v.integer(), v.minValue(0));
const Line = v.pipe(v.string(), v.maxLength(2048));
const Content = v.pipe(v.string(), v.maxBytes(CONTENT_BYTES_MAX));
const listOf = <S extends v.GenericSchema>(item: S) =>
  v.pipe(v.array(item), v.maxLength(LIST_ITEMS_MAX));

export const ToolKind = v.picklist([
  'read',
  'edit',
  'delete',
  'move',
  'search',
  'execute',
  'think',
  'fetch',
  'switch_mode',
  'other',
]);
export type ToolKind = v.InferOutput<typeof ToolKind>;

export const ToolStatus = v.picklist(['pending', 'in_progress', 'completed', 'failed', 'stopped']);
export type ToolStatus = v.InferOutput<typeof ToolStatus>;

/** What a tool call shows, in the order the agent gave it. */
export const ToolContent = v.variant('type', [
  v.object({ type: v.literal('text'), text: Content }),
  v.object({
    type: v.literal('diff'),
    path: Line,
    /** null where the file is new. */
    oldText: v.nullable(Content),
    newText: Content,
    /** Lines, counted over the whole of both sides. */
    added: Natural,
    removed: Natural,
    /** The middle of a side was left out. */
    cut: v.boolean(),
  }),
  /** The output of a command of the agent's own: it is the part's text. */
  v.object({ type: v.literal('output') }),
  /** What the agent gave its tool, as JSON text. */
  v.object({ type: v.literal('input'), text: Content }),
  /** An image, a sound or a resource: named, not carried. */
  v.object({ type: v.literal('link'), name: Line, uri: Line }),
]);
export type ToolContent = v.InferOutput<typeof ToolContent>;

/** The whole of a diff that was cut, as JSON text. */
export const WholeDiff = v.object({ oldText: v.nullable(v.string()), newText: v.string() });
export type WholeDiff = v.InferOutput<typeof WholeDiff>;

export const PlanEntry = v.object({
  content: Line,
  status: v.picklist(['pending', 'in_progress', 'completed']),
  priority: v.picklist(['high', 'medium', 'low']),
});
export type PlanEntry = v.InferOutput<typeof PlanEntry>;

export const PermissionOption = v.object({
  id: Line,
  name: Line,
  kind: v.picklist(['allow_once', 'allow_always', 'reject_once', 'reject_always']),
});
export type PermissionOption = v.InferOutput<typeof PermissionOption>;

/** Tokens; null is 'not reported', which is not 0. */
export const TurnUsage = v.object({
  input: v.nullable(Natural),
  output: v.nullable(Natural),
  thought: v.nullable(Natural),
  cachedRead: v.nullable(Natural),
  cachedWrite: v.nullable(Natural),
  total: v.nullable(Natural),
  /** What this turn added, in the agent's own currency. */
  cost: v.nullable(v.object({ amount: v.number(), currency: v.pipe(v.string(), v.maxLength(8)) })),
  /** Counted by characters, not by a model. */
  estimated: v.boolean(),
});
export type TurnUsage = v.InferOutput<typeof TurnUsage>;

export const TurnEnd = v.picklist([
  'end_turn',
  'max_tokens',
  'max_turn_requests',
  'refusal',
  /** Stopped by a person: `by` says who. */
  'cancelled',
  /** The agent answered with an error: a notice before says which. */
  'failed',
  /** The agent's process ended. */
  'exited',
  /** The sharer's process ended. */
  'interrupted',
]);
export type TurnEnd = v.InferOutput<typeof TurnEnd>;

/** What a part is. Its text and its contents lie beside it, as they grow. */
export const PartHead = v.variant('kind', [
  /** Text: the prompt. `author` is null where it came from an agent's history. */
  v.object({ kind: v.literal('prompt'), author: v.nullable(PublicKey), at: Natural }),
  /** Text: Markdown. */
  v.object({ kind: v.literal('answer') }),
  v.object({ kind: v.literal('thought'), startedAt: Natural, endedAt: v.nullable(Natural) }),
  /** Text: the output of its command, where there is one. Contents: what it shows. */
  v.object({
    kind: v.literal('tool'),
    /** The agent's own id of the call. */
    call: Line,
    tool: ToolKind,
    title: Line,
    status: ToolStatus,
    locations: listOf(v.object({ path: Line, line: v.nullable(Natural) })),
    startedAt: Natural,
    endedAt: v.nullable(Natural),
    /** Of its command; null where there is none, or it has not ended. */
    exit: v.nullable(v.pipe(v.number(), v.integer())),
  }),
  /** Replaced whole; a thread shows its last one. */
  v.object({ kind: v.literal('plan'), entries: listOf(PlanEntry) }),
  /** Contents: what it asks leave for. */
  v.object({
    kind: v.literal('permission'),
    /** Of the tool call it is about; null where the agent named none. */
    call: v.nullable(Line),
    title: Line,
    options: listOf(PermissionOption),
    at: Natural,
    answer: v.variant('state', [
      v.object({ state: v.literal('open') }),
      v.object({
        state: v.literal('given'),
        option: Line,
        by: PublicKey,
        at: Natural,
      }),
      /** The turn ended first, or the agent took it back. */
      v.object({ state: v.literal('withdrawn') }),
    ]),
  }),
  /** Text: the sentence. `code` is one of AGENT_NOTICES. */
  v.object({
    kind: v.literal('notice'),
    level: v.picklist(['info', 'warning', 'error']),
    code: v.pipe(v.string(), v.maxLength(64)),
    at: Natural,
  }),
  /** The last part of its turn. */
  v.object({
    kind: v.literal('end'),
    reason: TurnEnd,
    by: v.nullable(PublicKey),
    startedAt: Natural,
    endedAt: Natural,
    /** null where the agent reported nothing. */
    usage: v.nullable(TurnUsage),
  }),
]);
export type PartHead = v.InferOutput<typeof PartHead>;
export type PartKind = PartHead['kind'];

export interface Part {
  /** Counts from 1 in its thread, in the order in which parts began. */
  readonly id: number;
  /** Counts from 1 in its thread; 0 for what belongs to none. */
  readonly turn: number;
  readonly head: PartHead;
  readonly text: string;
  /** UTF-16 units of `text` that were left out at its end. */
  readonly omitted: number;
  readonly contents: readonly ToolContent[];
}

export const QueuedPrompt = v.object({
  /** Counts from 1 in its thread. */
  id: Natural,
  author: PublicKey,
  text: v.pipe(v.string(), v.maxBytes(PROMPT_BYTES_MAX)),
  at: Natural,
  /** Its place in the whole queue, which may lie in several segments: the lowest is next. */
  rank: Natural,
});
export type QueuedPrompt = v.InferOutput<typeof QueuedPrompt>;

/** A mode, model, effort or anything else an agent lets one choose. */
export const AgentOption = v.object({
  id: Line,
  name: Line,
  /** 'mode', 'model', 'thought_level' or a word of the agent's own. */
  category: Line,
  value: Line,
  choices: v.pipe(
    v.array(v.object({ value: Line, name: Line, description: Line })),
    v.maxLength(AGENT_COMMANDS_MAX),
  ),
});
export type AgentOption = v.InferOutput<typeof AgentOption>;

export const AgentCommand = v.object({ name: Line, description: Line, hint: Line });
export type AgentCommand = v.InferOutput<typeof AgentCommand>;

export const ThreadStatus = v.picklist([
  'starting',
  'idle',
  'running',
  /** A permission is asked for. */
  'waiting',
  /** Its agent has ended; a prompt or 'restart' begins it again. */
  'stopped',
  /** It is closed for good. */
  'closed',
]);
export type ThreadStatus = v.InferOutput<typeof ThreadStatus>;

/** How a thread is now. Replaced whole, so it is kept small. */
export const ThreadHead = v.object({
  /** '' until there is one, or where it was given before this segment began. */
  title: Line,
  status: ThreadStatus,
  /** The turn that runs; 0 while none does. */
  turn: Natural,
  /** Whose it is and since when: also for one who may not see its prompt. */
  turnBy: v.nullable(PublicKey),
  turnSince: v.nullable(Natural),
  /** Since when the agent has said nothing, once that is long: ms since 1970. */
  quietSince: v.nullable(Natural),
  /** It acts without asking: prompting it needs `run` and `approve` as well. */
  actsAlone: v.boolean(),
  /** Tokens in the model's window, as last reported. */
  context: v.nullable(v.object({ used: Natural, size: Natural })),
});
export type ThreadHead = v.InferOutput<typeof ThreadHead>;

/** What an agent offers. Replaced whole when it changes, which is seldom. */
export const AgentMenu = v.object({
  options: listOf(AgentOption),
  commands: v.pipe(v.array(AgentCommand), v.maxLength(AGENT_COMMANDS_MAX)),
});
export type AgentMenu = v.InferOutput<typeof AgentMenu>;

/** Which agent, as people read it. `model` is whether a language model is behind it. */
export const AgentCard = v.object({
  /** As in the settings or the list of known agents: 'opencode', 'demo'. */
  id: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(128)),
  kind: v.picklist(['agent', 'demo', 'local-model']),
});
export type AgentCard = v.InferOutput<typeof AgentCard>;

/** An agent one may start a conversation with, and whether it can be started now. */
export const AgentChoice = v.object({
  card: AgentCard,
  state: v.picklist(['found', 'missing', 'signIn']),
  /** It would act without asking: starting it needs `run` and `approve` as well. */
  actsAlone: v.boolean(),
});
export type AgentChoice = v.InferOutput<typeof AgentChoice>;

/** A piece of one thread's life: from one part up to where the next segment begins. */
export interface Segment {
  /** Blocks and segments are counted together, in the order in which they began. */
  readonly number: number;
  readonly thread: ThreadId;
  /** Counts from 0 in its thread. */
  readonly index: number;
  readonly agent: AgentCard;
  /** With ~ for home. */
  readonly directory: string;
  readonly openedAt: number;
  /** The id of its first part. */
  readonly firstPart: number;
  /** Nothing more will come into it. */
  readonly isOver: boolean;
  readonly head: ThreadHead;
  readonly menu: AgentMenu;
  readonly queue: readonly QueuedPrompt[];
  readonly parts: readonly Part[];
}
