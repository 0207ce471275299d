// An agent thread as lines for a terminal: its prompts, answers, thoughts, tools, permissions and
// ends, from top to bottom. Functions of plain values.
import type { Part, PlanEntry, ToolContent } from '../protocol/thread.ts';
import type { Thread } from '../session/threads.ts';
import { markdownLines, wrapped, type Line } from './plain-lines.ts';
import { printable } from './printable.ts';
import {
  endWords,
  nameOf,
  optionWords,
  spanWords,
  TOOL_MARKS,
  type Company,
} from './thread-words.ts';

export interface Look {
  readonly cols: number;
  /** Thoughts and the whole of outputs as well. */
  readonly unfolded: boolean;
  /** ms since 1970. */
  readonly now: number;
  readonly owner: boolean;
  readonly company: Company;
}

/** Of a tool's output while folded, and of anything while unfolded. In lines. */
const TAIL_LINES = 4;
const LINES_MAX = 400;
/** An unfolded diff: of each side, in lines. */
const DIFF_LINES = 40;

export function threadLines(thread: Thread, look: Look): readonly Line[] {
  const lines = thread.parts.flatMap((part) => partLines(part, look));
  const ends = [...quietLines(thread, look), ...queueLines(thread, look)];
  return [...lines, ...ends];
}

interface Kept {
  readonly look: Look;
  readonly lines: readonly Line[];
}
const kept = new WeakMap<Part, Kept>();

/** Parts that do not change are laid out once. */
function partLines(part: Part, look: Look): readonly Line[] {
  const before = kept.get(part);
  const isSame =
    before !== undefined &&
    before.look.cols === look.cols &&
    before.look.unfolded === look.unfolded &&
    before.look.company.document === look.company.document;
  if (isSame && !isTicking(part)) return before.lines;
  const lines = linesOf(part, look);
  kept.set(part, { look, lines });
  return lines;
}

function isTicking({ head }: Part): boolean {
  return (head.kind === 'thought' || head.kind === 'tool') && head.endedAt === null;
}

function linesOf(part: Part, look: Look): readonly Line[] {
  const { head } = part;
  const { cols } = look;
  switch (head.kind) {
    case 'prompt': {
      const who = `▌ ${nameOf(head.author, look.company)}`;
      return [EMPTY, ...wrapped(who, cols, 'quiet'), ...wrapped(part.text, cols, 'strong', '▌ ')];
    }
    case 'answer':
      return [EMPTY, ...markdownLines(part.text, cols), ...leftOut(part.omitted)];
    case 'thought':
      return thoughtLines(part, head, look);
    case 'tool':
      return toolLines(part, head, look);
    case 'plan':
      return planLines(head.entries, look);
    case 'permission':
      return permissionLines(part, head, look);
    case 'notice':
      return wrapped(part.text, cols, head.level === 'info' ? 'quiet' : 'bad', '! ', '  ');
    case 'end':
      return wrapped(
        endWords(head, look.company),
        cols,
        head.reason === 'end_turn' ? 'quiet' : 'bad',
        '── ',
      );
    default:
      return head satisfies never;
  }
}

const EMPTY: Line = { text: '', pen: 'plain' };

type HeadOf<K extends Part['head']['kind']> = Extract<Part['head'], { kind: K }>;

/** [TV2] Folded, with how long it took. */
function thoughtLines(part: Part, head: HeadOf<'thought'>, look: Look): readonly Line[] {
  const words =
    head.endedAt === null
      ? `Thinking… ${spanWords(look.now - head.startedAt)}`
      : `Thought for ${spanWords(head.endedAt - head.startedAt)}`;
  const title: Line = { text: `${look.unfolded ? '▾' : '▸'} ${words}`, pen: 'quiet' };
  return look.unfolded ? [title, ...wrapped(part.text, look.cols, 'quiet', '  ')] : [title];
}

function toolLines(part: Part, head: HeadOf<'tool'>, look: Look): readonly Line[] {
  const took = head.endedAt === null ? look.now - head.startedAt : head.endedAt - head.startedAt;
  const exit = head.exit === null ? '' : ` · exit ${head.exit}`;
  const place = head.locations[0];
  const where =
    place === undefined || head.title.includes(place.path) ? '' : ` ${printable(place.path)}`;
  const title = head.title === '' ? head.tool : head.title.split('\n')[0];
  return [
    ...wrapped(
      `${title}${where}${exit} · ${spanWords(took)}`,
      look.cols,
      head.status === 'failed' ? 'bad' : 'plain',
      `${TOOL_MARKS[head.status]} `,
      '  ',
    ),
    ...part.contents.flatMap((content) => contentLines(content, look)),
    ...outputLines(part.text, part.omitted, look),
  ];
}

function contentLines(content: ToolContent, look: Look): readonly Line[] {
  switch (content.type) {
    case 'text':
      return outputLines(content.text, 0, look);
    case 'diff':
      return diffLines(content, look);
    case 'input':
      return look.unfolded ? outputLines(content.text, 0, look) : [];
    case 'link':
      return wrapped(`${content.name} ${content.uri}`, look.cols, 'quiet', '  → ');
    case 'output':
      return [];
    default:
      return content satisfies never;
  }
}

/** Of a long one the end, which is what one waits for. */
function outputLines(text: string, omitted: number, look: Look): readonly Line[] {
  if (text.trim() === '') return leftOut(omitted);
  const plain = text
    .replace(/\u001b\[[0-?]*[ -/]*[@-~]/g, '')
    .replace(/\r\n/g, '\n')
    .trimEnd();
  const all = plain.split('\n');
  const most = look.unfolded ? LINES_MAX : TAIL_LINES;
  const hidden = all.length - most;
  const shown = all.slice(-most).map((line) => line.slice(line.lastIndexOf('\r') + 1));
  const more: readonly Line[] =
    hidden > 0 ? [{ text: `  │ … ${hidden} lines before`, pen: 'quiet' }] : [];
  return [...more, ...wrapped(shown.join('\n'), look.cols, 'quiet', '  │ '), ...leftOut(omitted)];
}

function leftOut(omitted: number): readonly Line[] {
  return omitted === 0
    ? []
    : [{ text: `  … ${omitted} characters more were left out`, pen: 'quiet' }];
}

function diffLines(diff: Extract<ToolContent, { type: 'diff' }>, look: Look): readonly Line[] {
  const isNew = diff.oldText === null ? ' (new)' : '';
  const title = wrapped(
    `${diff.path}${isNew} +${diff.added} −${diff.removed}`,
    look.cols,
    'plain',
    '  ± ',
    '    ',
  );
  if (!look.unfolded) return title;
  const side = (text: string, mark: string, pen: 'good' | 'bad'): readonly Line[] =>
    text === ''
      ? []
      : wrapped(text.split('\n').slice(0, DIFF_LINES).join('\n'), look.cols, pen, `  ${mark} `);
  const cut: readonly Line[] = diff.cut ? [{ text: '  … cut', pen: 'quiet' }] : [];
  return [
    ...title,
    ...side(diff.oldText ?? '', '−', 'bad'),
    ...side(diff.newText, '+', 'good'),
    ...cut,
  ];
}

/** In its place one line; the whole is what the bar's plan names, and what is unfolded. */
function planLines(entries: readonly PlanEntry[], look: Look): readonly Line[] {
  if (!look.unfolded) return [{ text: planWords(entries), pen: 'quiet' }];
  const marks = { completed: '✓', in_progress: '▸', pending: '○' } as const;
  return [
    { text: planWords(entries), pen: 'quiet' },
    ...entries.flatMap((entry) =>
      wrapped(entry.content, look.cols, 'quiet', `  ${marks[entry.status]} `, '    '),
    ),
  ];
}

/** 'Plan 2/5: what is being done'; '' where there is none. */
export function planWords(entries: readonly PlanEntry[]): string {
  if (entries.length === 0) return '';
  const done = entries.filter((entry) => entry.status === 'completed').length;
  const now = entries.find((entry) => entry.status === 'in_progress');
  const doing = now === undefined ? '' : `: ${printable(now.content)}`;
  return `Plan ${done}/${entries.length}${doing}`;
}

function permissionLines(part: Part, head: HeadOf<'permission'>, look: Look): readonly Line[] {
  const { answer } = head;
  const about = part.contents.flatMap((content) =>
    contentLines(content, { ...look, unfolded: answer.state === 'open' || look.unfolded }),
  );
  switch (answer.state) {
    case 'open':
      return [
        EMPTY,
        ...wrapped(head.title, look.cols, 'ask', '? ', '  '),
        ...about,
        ...wrapped(optionWords(head, look.owner), look.cols, 'ask', '  '),
      ];
    case 'given': {
      const option = head.options.find((one) => one.id === answer.option);
      const isYes = option?.kind.startsWith('allow') ?? false;
      const words = `${isYes ? 'Allowed' : 'Rejected'} by ${nameOf(answer.by, look.company)}: ${head.title}`;
      return wrapped(words, look.cols, isYes ? 'quiet' : 'bad', isYes ? '✓ ' : '✗ ', '  ');
    }
    case 'withdrawn':
      return wrapped(`Not answered: ${head.title}`, look.cols, 'quiet', '– ', '  ');
    default:
      return answer satisfies never;
  }
}

function quietLines({ head }: Thread, look: Look): readonly Line[] {
  if (head.quietSince === null || head.status !== 'running') return [];
  const span = spanWords(look.now - head.quietSince);
  return [EMPTY, { text: `No answer yet, ${span}. s stops it.`, pen: 'ask' }];
}

function queueLines({ queue }: Thread, look: Look): readonly Line[] {
  if (queue.length === 0) return [];
  return [
    EMPTY,
    { text: `Waiting to be sent: ${queue.length}`, pen: 'quiet' },
    ...queue.flatMap((entry) =>
      wrapped(
        `${nameOf(entry.author, look.company)}: ${entry.text}`,
        look.cols,
        'quiet',
        `  ${entry.id} `,
        '    ',
      ),
    ),
  ];
}
