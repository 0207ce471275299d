// The terminal's view of agent threads, as a machine: keys in, what to ask of the sharer out. A
// list of conversations, one of them, a choice of agents, a line to write in. Draws nothing.
import type { Action } from '../protocol/action.ts';
import type { Capabilities } from '../protocol/capability.ts';
import type { ThreadId } from '../protocol/ids.ts';
import { unreachable } from '../protocol/result.ts';
import type { Step } from '../protocol/step.ts';
import { PROMPT_BYTES_MAX, type AgentChoice } from '../protocol/thread.ts';
import { may } from '../session/grants.ts';
import type { Thread } from '../session/threads.ts';
import { printable } from './printable.ts';
import { READ_MS } from './share-panel.ts';
import { choicesOf, questionsOf, type Question } from './thread-words.ts';
import type { ViewKey } from './view-keys.ts';

type InThread = { readonly thread: ThreadId };

export type ThreadView =
  | { readonly phase: 'off' }
  | { readonly phase: 'list'; readonly at: number }
  | { readonly phase: 'agents'; readonly at: number }
  /** `up`: rows from its end. `asked` is the permission shown, since `since`. */
  | {
      readonly phase: 'thread';
      readonly thread: ThreadId;
      readonly up: number;
      readonly unfolded: boolean;
      readonly asked: string;
      readonly since: number;
    }
  | {
      readonly phase: 'writing';
      readonly to: InThread | { readonly agent: string };
      readonly text: string;
    };

/** What the view is about, as it is now. */
export interface ThreadScene {
  readonly threads: readonly Thread[];
  readonly agents: readonly AgentChoice[];
  readonly capabilities: Capabilities;
  readonly owner: boolean;
  /** Rows of the view: what a page up is. */
  readonly rows: number;
  /** ms of a clock that only goes forward. */
  readonly at: number;
}

export type ThreadInput =
  | { readonly on: 'open' }
  | { readonly on: 'close' }
  | { readonly on: 'key'; readonly key: ViewKey }
  /** Threads have changed. */
  | { readonly on: 'look' }
  /** A conversation that was asked for is there. */
  | { readonly on: 'started'; readonly thread: ThreadId }
  /** To this one, from wherever one is. */
  | { readonly on: 'openAt'; readonly thread: ThreadId };

export type ThreadEffect =
  | { readonly do: 'act'; readonly action: Action }
  | { readonly do: 'say'; readonly text: string };

/** At least as many bytes as characters: longer prompts are for a page. */
const PROMPT_CHARS_MAX = PROMPT_BYTES_MAX / 4;

export const closedThreads: ThreadView = { phase: 'off' };

export function threadView(
  view: ThreadView,
  input: ThreadInput,
  scene: ThreadScene,
): Step<ThreadView, ThreadEffect> {
  switch (input.on) {
    case 'open':
      return [opened(scene), []];
    case 'close':
      return [closedThreads, []];
    case 'started':
      return [view.phase === 'off' ? view : inThread(input.thread, scene), []];
    case 'look':
      return [view.phase === 'thread' ? asking(view, scene) : view, []];
    case 'openAt':
      return [inThread(input.thread, scene), []];
    case 'key':
      return pressed(view, input.key, scene);
    default:
      return unreachable(input);
  }
}

/** The one that asks for something, else the list. */
function opened(scene: ThreadScene): ThreadView {
  const [question] = questionsOf(scene.threads);
  if (question !== undefined) return inThread(question.thread.id, scene);
  const [only] = scene.threads;
  return only !== undefined && scene.threads.length === 1
    ? inThread(only.id, scene)
    : { phase: 'list', at: Math.max(0, scene.threads.length - 1) };
}

function inThread(thread: ThreadId, scene: ThreadScene): ThreadView {
  const view = { phase: 'thread', thread, up: 0, unfolded: false, asked: '', since: 0 } as const;
  return asking(view, scene);
}

type Open = Extract<ThreadView, { phase: 'thread' }>;

function asking(view: Open, scene: ThreadScene): Open {
  const question = questionIn(view.thread, scene);
  const asked = question === null ? '' : `${question.part.id} ${JSON.stringify(question.head)}`;
  return asked === view.asked ? view : { ...view, asked, since: scene.at };
}

function questionIn(thread: ThreadId, { threads }: ThreadScene): Question | null {
  return questionsOf(threads).find((one) => one.thread.id === thread) ?? null;
}

function pressed(
  view: ThreadView,
  key: ViewKey,
  scene: ThreadScene,
): Step<ThreadView, ThreadEffect> {
  switch (view.phase) {
    case 'off':
      return [view, []];
    case 'list':
      return inList(view, key, scene);
    case 'agents':
      return inAgents(view, key, scene);
    case 'thread':
      return inOpen(asking(view, scene), key, scene);
    case 'writing':
      return written(view, key, scene);
    default:
      return unreachable(view);
  }
}

/** A key by its letter or its name; '' for what is pasted. */
function keyName(key: ViewKey): string {
  return key.is === 'text' ? (key.pasted ? '' : key.text) : key.is;
}

function moved(at: number, name: string, count: number): number {
  const next =
    name === 'up' || name === 'k' ? at - 1 : name === 'down' || name === 'j' ? at + 1 : at;
  return Math.max(0, Math.min(next, count - 1));
}

function inList(
  view: Extract<ThreadView, { phase: 'list' }>,
  key: ViewKey,
  scene: ThreadScene,
): Step<ThreadView, ThreadEffect> {
  const { threads } = scene;
  const name = keyName(key);
  const chosen = threads[/^[1-9]$/.test(name) ? Number(name) - 1 : view.at];
  switch (name) {
    case 'escape':
    case 'q':
      return [closedThreads, []];
    case 'n':
      return canPrompt(scene) ? [{ phase: 'agents', at: 0 }, []] : [view, [MAY_NOT_PROMPT]];
    default:
      if (chosen !== undefined && (name === 'enter' || /^[1-9]$/.test(name))) {
        return [inThread(chosen.id, scene), []];
      }
      return [{ ...view, at: moved(view.at, name, threads.length) }, []];
  }
}

function inAgents(
  view: Extract<ThreadView, { phase: 'agents' }>,
  key: ViewKey,
  { agents }: ThreadScene,
): Step<ThreadView, ThreadEffect> {
  const name = keyName(key);
  const chosen = agents[/^[1-9]$/.test(name) ? Number(name) - 1 : view.at];
  if (name === 'escape' || name === 'q') return [{ phase: 'list', at: 0 }, []];
  if (chosen !== undefined && (name === 'enter' || /^[1-9]$/.test(name))) {
    return [{ phase: 'writing', to: { agent: chosen.card.id }, text: '' }, []];
  }
  return [{ ...view, at: moved(view.at, name, agents.length) }, []];
}

function inOpen(view: Open, key: ViewKey, scene: ThreadScene): Step<ThreadView, ThreadEffect> {
  const { thread } = view;
  const page = Math.max(1, scene.rows - 2);
  const name = keyName(key);
  switch (name) {
    case 'escape':
    case 'q': {
      const at = scene.threads.findIndex((one) => one.id === thread);
      return [
        scene.threads.length > 1 ? { phase: 'list', at: Math.max(0, at) } : closedThreads,
        [],
      ];
    }
    case 'l':
      return [{ phase: 'list', at: 0 }, []];
    case 'up':
    case 'k':
      return [{ ...view, up: view.up + 1 }, []];
    case 'down':
    case 'j':
      return [{ ...view, up: Math.max(0, view.up - 1) }, []];
    case 'pageUp':
    case 'b':
      return [{ ...view, up: view.up + page }, []];
    case 'pageDown':
    case ' ':
      return [{ ...view, up: Math.max(0, view.up - page) }, []];
    case 'home':
    case 'g':
      return [{ ...view, up: Infinity }, []];
    case 'end':
    case 'G':
      return [{ ...view, up: 0 }, []];
    case 'o':
      return [{ ...view, unfolded: !view.unfolded }, []];
    case 'enter':
    case 'p':
      return canPrompt(scene)
        ? [{ phase: 'writing', to: { thread }, text: '' }, []]
        : [view, [MAY_NOT_PROMPT]];
    case 's':
      return [view, [{ do: 'act', action: { type: 'thread.stop', thread } }]];
    case 'r':
      return [view, [{ do: 'act', action: { type: 'thread.retry', thread } }]];
    default:
      return [view, answered(view, name, scene)];
  }
}

/** [TV3] Only what has been read is answered, and only what one may choose. */
function answered(view: Open, name: string, scene: ThreadScene): readonly ThreadEffect[] {
  const question = questionIn(view.thread, scene);
  if (question === null || !/^[1-9]$/.test(name)) return [];
  if (scene.at - view.since < READ_MS) return [];
  if (!may(scene.capabilities, 'approve')) {
    return [
      { do: 'say', text: 'You may not answer for the agent. Ctrl-] r asks for edit access.' },
    ];
  }
  const option = choicesOf(question.head, scene.owner)[Number(name) - 1];
  if (option === undefined) return [];
  const { thread } = view;
  const part = question.part.id;
  return [{ do: 'act', action: { type: 'permission.answer', thread, part, option: option.id } }];
}

const MAY_NOT_PROMPT: ThreadEffect = {
  do: 'say',
  text: 'You may not prompt agents. Ctrl-] r asks for edit access.',
};

function canPrompt({ capabilities }: ThreadScene): boolean {
  return may(capabilities, 'prompt');
}

function written(
  view: Extract<ThreadView, { phase: 'writing' }>,
  key: ViewKey,
  scene: ThreadScene,
): Step<ThreadView, ThreadEffect> {
  const back =
    'thread' in view.to ? inThread(view.to.thread, scene) : ({ phase: 'list', at: 0 } as const);
  const { text } = view;
  switch (key.is) {
    case 'escape':
      return [back, []];
    case 'enter':
      return text.trim() === '' ? [back, []] : [back, [sent(view.to, text)]];
    case 'backspace':
      return [{ ...view, text: Array.from(text).slice(0, -1).join('') }, []];
    case 'clear':
      return [{ ...view, text: '' }, []];
    case 'text': {
      const longer = text + key.text.split('\n').map(printable).join('\n');
      return longer.length > PROMPT_CHARS_MAX
        ? [view, [{ do: 'say', text: 'A prompt this long is for a browser.' }]]
        : [{ ...view, text: longer }, []];
    }
    default:
      return [view, []];
  }
}

function sent(to: InThread | { readonly agent: string }, text: string): ThreadEffect {
  const action: Action =
    'thread' in to
      ? { type: 'thread.prompt', thread: to.thread, text }
      : { type: 'thread.start', agent: to.agent, prompt: text };
  return { do: 'act', action };
}
