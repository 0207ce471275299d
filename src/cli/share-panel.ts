// The sharer's panel of two lines, opened by the prefix key, as a machine: keys in, what to draw
// and what to order out. Knows neither terminal nor session.
import type { Action } from '../protocol/action.ts';
import { lasting, PRESETS, type Capability } from '../protocol/capability.ts';
import { faultWords } from '../protocol/faults.ts';
import { unreachable } from '../protocol/result.ts';
import type { Step } from '../protocol/step.ts';
import type { Desk } from '../session/viewer-state.ts';
import { PREFIX_KEY } from './prefix-key.ts';
import { printable, spread } from './printable.ts';
import { askWords, choicesOf, optionWords, type Question } from './thread-words.ts';

/** What the panel is about, as it is now. */
export interface Doorstep {
  readonly desk: Desk;
  /** Permissions that agents ask for, the oldest first. */
  readonly questions: readonly Question[];
  /** Names of those who are in. */
  readonly here: readonly string[];
  /** Someone is here, may come back, or has an invite. */
  readonly isShared: boolean;
  readonly autoAdmit: readonly Capability[] | null;
}

/** Who waits for an answer. */
export type Asking = Pick<Doorstep, 'desk' | 'questions'>;

export type Panel =
  | { readonly phase: 'closed' }
  /** `asked` is what the first line asks, since `since`; `note` stands there until the next key. */
  | {
      readonly phase: 'open';
      readonly asked: string;
      readonly since: number;
      readonly note: string;
    }
  | { readonly phase: 'ending'; readonly since: number };

export type PanelInput =
  | { readonly on: 'key'; readonly key: string; readonly at: number }
  /** Someone came, went or asked. */
  | { readonly on: 'look'; readonly at: number }
  /** What an order came to. */
  | { readonly on: 'note'; readonly text: string };

export type PanelEffect =
  | { readonly do: 'order'; readonly action: Action }
  /** Makes an invite; its words come back as a note. */
  | { readonly do: 'invite' }
  /** The view of agent threads. */
  | { readonly do: 'threads' };

/** A question that has just appeared is not what a key already on its way answers. In ms. */
export const READ_MS = 400;

export const closedPanel: Panel = { phase: 'closed' };

export function sharePanel(
  panel: Panel,
  input: PanelInput,
  door: Doorstep,
): Step<Panel, PanelEffect> {
  switch (input.on) {
    case 'look':
      return [panel.phase === 'open' ? asking(panel, door, input.at) : panel, []];
    case 'note':
      return [panel.phase === 'open' ? { ...panel, note: input.text } : panel, []];
    case 'key':
      return pressed(panel, input.key, input.at, door);
    default:
      return unreachable(input);
  }
}

function asking(
  panel: Extract<Panel, { phase: 'open' }>,
  door: Doorstep,
  at: number,
): Extract<Panel, { phase: 'open' }> {
  const asked = questionOf(door);
  return asked === panel.asked ? panel : { ...panel, asked, since: at, note: '' };
}

function questionOf({ desk: { knocks, requests }, questions }: Doorstep): string {
  const [knock] = knocks;
  const [request] = requests;
  const waiting = knocks.length + requests.length;
  if (knock !== undefined) return `${waiting} knock ${knock.id} ${knock.words}`;
  if (request !== undefined) return `${waiting} request ${request.key}`;
  const [question] = questions;
  return question === undefined
    ? ''
    : `${questions.length} ${question.thread.id} ${question.part.id} ${JSON.stringify(question.head)}`;
}

function pressed(panel: Panel, key: string, at: number, door: Doorstep): Step<Panel, PanelEffect> {
  switch (panel.phase) {
    case 'closed':
      return key === PREFIX_KEY
        ? [{ phase: 'open', asked: questionOf(door), since: at, note: '' }, []]
        : [panel, []];
    case 'ending': {
      const isSure = key === 'y' && at - panel.since >= READ_MS;
      const open = { phase: 'open', asked: questionOf(door), since: at, note: '' } as const;
      return isSure ? [open, [{ do: 'order', action: { type: 'share.end' } }]] : [open, []];
    }
    case 'open':
      return chosen(panel, key, at, door);
    default:
      return unreachable(panel);
  }
}

function chosen(
  panel: Extract<Panel, { phase: 'open' }>,
  key: string,
  at: number,
  door: Doorstep,
): Step<Panel, PanelEffect> {
  switch (key) {
    case PREFIX_KEY:
    case 'escape':
    case 'q':
      return [closedPanel, []];
    case 'i':
      return [panel, [{ do: 'invite' }]];
    case 't':
      return [panel, [{ do: 'threads' }]];
    case 'x':
      return [{ phase: 'ending', since: at }, []];
    default: {
      const now = asking({ ...panel, note: '' }, door, at);
      const answer = answerTo(door, key);
      // [CL14] Only what has been read is answered.
      if (answer === 'none' || at - now.since < READ_MS) return [now, []];
      return [now, [{ do: 'order', action: answer }]];
    }
  }
}

function answerTo({ desk, questions }: Doorstep, key: string): Action | 'none' {
  const { knocks, requests } = desk;
  const [knock] = knocks;
  if (knock !== undefined) {
    const admit = (preset: 'viewer' | 'editor'): Action => ({
      type: 'knock.admit',
      knock: knock.id,
      capabilities: lasting(PRESETS[preset], null),
    });
    if (key === 'a') return admit('viewer');
    if (key === 'e') return admit('editor');
    return key === 'd' ? { type: 'knock.deny', knock: knock.id } : 'none';
  }
  const [request] = requests;
  if (request === undefined) return agentAnswer(questions[0], key);
  if (key === 'n') return { type: 'request.deny', from: request.key };
  return key === 'y'
    ? { type: 'grant.set', to: request.key, capabilities: lasting(PRESETS.editor, null) }
    : 'none';
}

/** [TV8] By the number that stands before it. */
function agentAnswer(question: Question | undefined, key: string): Action | 'none' {
  if (question === undefined || !/^[1-9]$/.test(key)) return 'none';
  const option = choicesOf(question.head, true)[Number(key) - 1];
  if (option === undefined) return 'none';
  const { thread, part } = question;
  return { type: 'permission.answer', thread: thread.id, part: part.id, option: option.id };
}

/** The two lines, or none. */
export function panelLines(panel: Panel, door: Doorstep, cols: number): readonly string[] {
  switch (panel.phase) {
    case 'closed':
      return [];
    case 'ending':
      return [
        ' End the share? Everyone leaves and every invite closes; this shell goes on.',
        ' y end it · any other key back',
      ];
    case 'open':
      return [
        ` ${panel.note === '' ? question(door) : panel.note}`,
        spread(` ${hereWords(door)}`, ' t agents · i invite · x end · Ctrl-] back ', cols),
      ];
    default:
      return unreachable(panel);
  }
}

function question(door: Doorstep): string {
  const { knocks, requests, notices } = door.desk;
  const [knock] = knocks;
  const more = knocks.length + requests.length - 1;
  const others = more > 0 ? ` (+${more})` : '';
  if (knock !== undefined) {
    return `${printable(knock.name)} knocks${others}: ${knock.words} · a let in · e as editor · d deny`;
  }
  const [request] = requests;
  if (request !== undefined) {
    return `${printable(request.name)} asks to edit${others} · y give your shell, with all your files and keys · n deny`;
  }
  const [asks] = door.questions;
  if (asks !== undefined) {
    const rest = door.questions.length > 1 ? ` (+${door.questions.length - 1})` : '';
    return `${askWords(asks)}${rest} · ${optionWords(asks.head, true)}`;
  }
  const notice = notices.at(-1);
  const said = notice === undefined ? null : faultWords(notice.fault).theirs;
  return said ?? `Nobody waits.${autoAdmitWords(door.autoAdmit)}`;
}

/** [CL15] Said wherever it holds; '' where each is asked for. */
export function autoAdmitWords(capabilities: readonly Capability[] | null): string {
  return capabilities === null
    ? ''
    : ` Whoever has an invite is let in unasked, with: ${capabilities.join(', ')}.`;
}

function hereWords({ here, isShared }: Doorstep): string {
  if (here.length > 0) return `Here: ${here.map(printable).join(', ')}`;
  return isShared ? 'Nobody is here' : 'Nothing is shared';
}

/** For the window's title while something waits; '' where nothing does. */
export function alarmWords({ desk: { knocks, requests }, questions }: Asking): string {
  const [knock] = knocks;
  const [request] = requests;
  if (knock !== undefined) return `${printable(knock.name)} knocks: Ctrl-]`;
  if (request !== undefined) return `${printable(request.name)} asks to edit: Ctrl-]`;
  const [question] = questions;
  return question === undefined ? '' : `${printable(question.thread.agent.name)} asks: Ctrl-]`;
}
