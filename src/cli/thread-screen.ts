// Draws the view of agent threads: its lines as a screen, the bar under it. Functions of the
// view's state and what the viewer knows.
import type { CellSource } from '../terminal/cell-source.ts';
import type { Thread } from '../session/threads.ts';
import { wrapped, type Line } from './plain-lines.ts';
import { cellsOf, printable, spread } from './printable.ts';
import { textScreen } from './text-screen.ts';
import { planWords, threadLines } from './thread-lines.ts';
import type { ThreadScene, ThreadView } from './thread-view.ts';
import { agentWords, statusWords, sumWords, titleOf, type Company } from './thread-words.ts';

export interface ThreadDrawing {
  readonly view: ThreadView;
  readonly scene: ThreadScene;
  readonly company: Company;
  readonly cols: number;
  /** ms since 1970. */
  readonly now: number;
}

/** [TV1] The transcript from its end, or as many rows up as one has gone. */
export function threadScreen(drawing: ThreadDrawing): CellSource {
  const { view, scene, cols } = drawing;
  const size = { cols, rows: scene.rows };
  switch (view.phase) {
    case 'off':
      return textScreen([], size, null);
    case 'list':
      return textScreen(listLines(view.at, drawing), size, null);
    case 'agents':
      return textScreen(agentLines(view.at, drawing), size, null);
    case 'thread': {
      const thread = scene.threads.find((one) => one.id === view.thread);
      return textScreen(
        thread === undefined ? [GONE] : transcript(thread, view, drawing),
        size,
        null,
      );
    }
    case 'writing':
      return writing(view, drawing);
    default:
      return view satisfies never;
  }
}

const GONE: Line = { text: ' This conversation is not here yet.', pen: 'quiet' };

function transcript(
  thread: Thread,
  view: Extract<ThreadView, { phase: 'thread' }>,
  { scene, company, cols, now }: ThreadDrawing,
): readonly Line[] {
  const { unfolded } = view;
  const lines = threadLines(thread, { cols: cols - 1, unfolded, now, owner: scene.owner, company });
  const up = Math.min(view.up, Math.max(0, lines.length - scene.rows));
  const end = lines.length - up;
  return lines.slice(Math.max(0, end - scene.rows), end);
}

function listLines(at: number, { scene, cols, now }: ThreadDrawing): readonly Line[] {
  if (scene.threads.length === 0) {
    return [{ text: ' No conversation with an agent yet. n starts one.', pen: 'quiet' }];
  }
  const lines = scene.threads.map((thread, i): Line => {
    const left = `${i === at ? '▸' : ' '} ${i < 9 ? i + 1 : ' '} ${agentWords(thread)}: ${titleOf(thread)}`;
    const right = ` ${statusWords(thread, now)} `;
    const pen = thread.head.status === 'waiting' ? 'ask' : i === at ? 'strong' : 'plain';
    return { text: spread(left, right, cols), pen };
  });
  return around(lines, at, scene.rows);
}

function agentLines(at: number, { scene, cols }: ThreadDrawing): readonly Line[] {
  const states = { found: '', missing: 'not found here', signIn: 'needs a sign-in' } as const;
  if (scene.agents.length === 0) return [{ text: ' The sharer has no agents.', pen: 'quiet' }];
  const lines = scene.agents.map((agent, i): Line => {
    const left = `${i === at ? '▸' : ' '} ${i < 9 ? i + 1 : ' '} ${printable(agent.card.name)}`;
    const alone = agent.actsAlone ? 'acts without asking' : '';
    const right = [states[agent.state], alone].filter((one) => one !== '').join(' · ');
    return { text: spread(left, ` ${right} `, cols), pen: i === at ? 'strong' : 'plain' };
  });
  return around(lines, at, scene.rows);
}

/** As many as there is room for, with the chosen one among them. */
function around(lines: readonly Line[], at: number, rows: number): readonly Line[] {
  const from = Math.max(0, Math.min(at - Math.floor(rows / 2), lines.length - rows));
  return lines.slice(from, from + rows);
}

/** The transcript above, what one writes below it, at most half of the view. */
function writing(
  view: Extract<ThreadView, { phase: 'writing' }>,
  drawing: ThreadDrawing,
): CellSource {
  const { scene, cols } = drawing;
  const entry = wrapped(`${view.text}▏`, cols - 1, 'strong', '> ', '  ');
  const shown = entry.slice(-Math.max(1, Math.floor(scene.rows / 2)));
  const above = scene.rows - shown.length;
  const { to } = view;
  const thread = 'thread' in to ? scene.threads.find((one) => one.id === to.thread) : undefined;
  const opened = { phase: 'thread', up: 0, unfolded: false, asked: '', since: 0 } as const;
  const before =
    thread === undefined
      ? []
      : transcript(
          thread,
          { ...opened, thread: thread.id },
          { ...drawing, scene: { ...scene, rows: above } },
        );
  const gap = Array.from({ length: above - before.length }, (): Line => ({
    text: '',
    pen: 'plain',
  }));
  const last = shown.at(-1)?.text ?? '';
  return textScreen(
    [...before, ...gap, ...shown],
    { cols, rows: scene.rows },
    { row: scene.rows - 1, column: Math.max(0, cellsOf(last) - 1) },
  );
}

/** The bar under it: what one looks at, and the keys. */
export function threadBars(drawing: ThreadDrawing): readonly string[] {
  const { view, scene, cols, now } = drawing;
  switch (view.phase) {
    case 'off':
      return [];
    case 'list':
      return [spread(' Conversations', ' Enter open · n new · q terminal ', cols)];
    case 'agents':
      return [spread(' A new conversation with…', ' Enter choose · q back ', cols)];
    case 'writing':
      return [spread(' Your prompt', ' Enter sends · Escape goes back ', cols)];
    case 'thread': {
      const thread = scene.threads.find((one) => one.id === view.thread);
      if (thread === undefined) return [spread('', ' q back ', cols)];
      const words = [
        `${agentWords(thread)}: ${titleOf(thread)}`,
        statusWords(thread, now),
        planWords(thread.plan),
        sumWords(thread),
      ].filter((one) => one !== '');
      const keys =
        thread.head.status === 'waiting'
          ? ' 1–9 answer · p prompt · s stop · q back '
          : ' p prompt · s stop · o unfold · q back ';
      return [spread(` ${words.join(' · ')}`, '', cols), spread('', keys, cols)];
    }
    default:
      return view satisfies never;
  }
}
