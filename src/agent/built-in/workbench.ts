// What both built-in agents can do on the sharer's computer: run a command, read, write and
// change a file, each with its card and, where it needs it, a person's leave.
import { mkdir, readFile, realpath, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { firstWords } from '../cut-words.ts';
import { runCommand, type CommandEnd } from './command-run.ts';
import { textContent, type Card, type Turn } from './turn.ts';

/** A file that is read or changed, in bytes: larger ones are for other tools. */
const FILE_BYTES_MAX = 1024 * 1024;
/** What of a result stays in an agent's own memory, in UTF-16 units: the head and the tail. */
const KEPT_CHARS_MAX = 24 * 1024;
/** A command's title on its card. */
const TITLE_CHARS_MAX = 120;

/** What came of it, in words that a person or a model reads. */
export interface Done {
  readonly ok: boolean;
  readonly text: string;
}

const REJECTED: Done = { ok: false, text: 'It was not allowed.' };

export async function shell(turn: Turn, command: string, limitMs: number): Promise<Done> {
  const [title = ''] = command.trim().split('\n', 1);
  const card = await turn.card({
    title: firstWords(title, TITLE_CHARS_MAX),
    kind: 'execute',
    input: { command, cwd: turn.directory },
  });
  if (!(await card.ask('execute'))) return rejected(card);
  await beginOutput(turn, card);
  const kept = openKept();
  let end: CommandEnd;
  try {
    const { directory, signal } = turn;
    const onOutput = (text: string): Promise<void> => {
      kept.add(text);
      return showOutput(turn, card, text);
    };
    end = await runCommand({ command, directory, limitMs, signal, onOutput });
  } catch (cause) {
    if (turn.signal.aborted) throw cause;
    return failed(card, `The command could not be started: ${words(cause)}`);
  }
  await endOutput(turn, card, end, kept.text());
  turn.signal.throwIfAborted();
  return { ok: end.exit === 0, text: `${kept.text()}${endWords(end, limitMs)}` };
}

/** Lines are counted from 1. */
export interface Range {
  readonly first: number;
  readonly lines: number;
}

export async function read(turn: Turn, path: string, range?: Range): Promise<Done> {
  const file = await resolved(turn, path);
  const card = await turn.card({ title: `Read ${path}`, kind: 'read', path: file });
  // What lies in the session's directory is read unasked.
  if (!(await isInside(turn.directory, file)) && !(await card.ask('outside'))) {
    return rejected(card);
  }
  const text = await textOf(file);
  if (!text.ok) return failed(card, text.text);
  const kept = openKept();
  kept.add(range === undefined ? text.text : linesOf(text.text, range));
  await card.end('completed', [textContent(kept.text())]);
  return { ok: true, text: kept.text() };
}

function linesOf(text: string, { first, lines }: Range): string {
  return text
    .split('\n')
    .slice(first - 1, first - 1 + lines)
    .join('\n');
}

export async function write(turn: Turn, path: string, text: string): Promise<Done> {
  const file = await resolved(turn, path);
  const isNew = await stat(file).then(
    () => false,
    () => true,
  );
  const before = isNew ? { ok: true, text: '' } : await textOf(file);
  return change(turn, `Write ${path}`, file, before, isNew ? null : before.text, text);
}

export async function replace(turn: Turn, path: string, from: string, to: string): Promise<Done> {
  const file = await resolved(turn, path);
  const before = await textOf(file);
  const parts = before.text.split(from);
  const found: Done =
    !before.ok || parts.length === 2
      ? before
      : parts.length === 1
        ? { ok: false, text: `The text to replace is not in ${path}.` }
        : { ok: false, text: `The text to replace is ${parts.length - 1} times in ${path}.` };
  return change(turn, `Change ${path}`, file, found, before.text, parts.join(to));
}

/** Shows both sides, asks, writes. `before` says whether there is anything to change. */
async function change(
  turn: Turn,
  title: string,
  path: string,
  before: Done,
  oldText: string | null,
  newText: string,
): Promise<Done> {
  if (!before.ok) return failed(await turn.card({ title, kind: 'edit', path }), before.text);
  const card = await turn.card({
    title,
    kind: 'edit',
    path,
    content: [{ type: 'diff', path, oldText, newText }],
  });
  const leave = (await isInside(turn.directory, path)) ? 'edit' : 'outside';
  const place = await realPlace(path);
  if (!(await card.ask(leave))) return rejected(card);
  // People take their time: what they saw must still be what is changed, and where.
  if (place !== (await realPlace(path)) || oldText !== (await textNow(path))) {
    return failed(card, `${basename(path)} was changed meanwhile, and is left as it is.`);
  }
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, newText, { flag: oldText === null ? 'wx' : 'w' });
  } catch (cause) {
    return failed(card, `It could not be written: ${words(cause)}`);
  }
  await card.end('completed');
  return { ok: true, text: `Written: ${path}` };
}

async function rejected(card: Card): Promise<Done> {
  await card.end('failed');
  return REJECTED;
}

export async function failed(card: Card, text: string): Promise<Done> {
  await card.end('failed', [textContent(text)]);
  return { ok: false, text };
}

/** Null where there is none; of what cannot be read a text that no file of ours has. */
async function textNow(file: string): Promise<string | null> {
  const isThere = await stat(file).then(
    () => true,
    () => false,
  );
  if (!isThere) return null;
  const now = await textOf(file);
  return now.ok ? now.text : '\0';
}

async function textOf(file: string): Promise<Done> {
  try {
    const info = await stat(file);
    if (!info.isFile()) return { ok: false, text: `${basename(file)} is not a file.` };
    if (info.size > FILE_BYTES_MAX) {
      return { ok: false, text: `${basename(file)} has ${info.size} bytes, which is too much.` };
    }
    const text = await readFile(file, 'utf8');
    if (text.includes('\0')) return { ok: false, text: `${basename(file)} is not text.` };
    return { ok: true, text };
  } catch (cause) {
    return { ok: false, text: `It could not be read: ${words(cause)}` };
  }
}

async function resolved(turn: Turn, path: string): Promise<string> {
  const whole = path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path;
  return isAbsolute(whole) ? resolve(whole) : resolve(turn.directory, whole);
}

/** Links followed, also where the file is still to be made. */
async function isInside(directory: string, file: string): Promise<boolean> {
  const within = relative(await realpath(directory), await realPlace(file));
  return !within.startsWith('..') && !isAbsolute(within);
}

async function realPlace(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const above = dirname(path);
    return above === path ? path : join(await realPlace(above), basename(path));
  }
}

function words(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

async function beginOutput(turn: Turn, card: Card): Promise<void> {
  if (!turn.showing.terminalOutput) return card.update({ status: 'in_progress' });
  return card.update({
    status: 'in_progress',
    content: [{ type: 'terminal', terminalId: card.id }],
    _meta: { terminal_info: { terminal_id: card.id, cwd: turn.directory } },
  });
}

async function showOutput(turn: Turn, card: Card, data: string): Promise<void> {
  if (!turn.showing.terminalOutput) return;
  return card.update({ _meta: { terminal_output: { terminal_id: card.id, data } } });
}

async function endOutput(turn: Turn, card: Card, end: CommandEnd, output: string): Promise<void> {
  const status = end.exit === 0 ? 'completed' : 'failed';
  if (!turn.showing.terminalOutput) return card.end(status, [textContent(output)]);
  const { exit, signal } = end;
  await card.update({
    _meta: { terminal_exit: { terminal_id: card.id, exit_code: exit, signal } },
  });
  return card.end(status);
}

function endWords(end: CommandEnd, limitMs: number): string {
  const left = end.omitted > 0 ? `\n[${end.omitted} more characters]` : '';
  if (end.timedOut) return `${left}\n[ended after ${limitMs / 1000} s, its time limit]`;
  if (end.exit === null) return `${left}\n[ended by ${end.signal ?? 'a signal'}]`;
  return end.exit === 0 ? left : `${left}\n[exit code ${end.exit}]`;
}

/** The head and the tail of what comes, with the count of what was left out between. */
function openKept() {
  let head = '';
  let tail = '';
  let left = 0;
  return {
    add: (text: string): void => {
      const room = Math.max(KEPT_CHARS_MAX / 2 - head.length, 0);
      head += text.slice(0, room);
      tail += text.slice(room);
      const over = Math.max(tail.length - KEPT_CHARS_MAX / 2, 0);
      tail = tail.slice(over);
      left += over;
    },
    text: (): string => (left === 0 ? head + tail : `${head}\n[… ${left} characters …]\n${tail}`),
  };
}
