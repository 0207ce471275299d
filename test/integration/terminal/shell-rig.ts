// A real shell with everything between its pty and the block machine, as a sharer wires it, and an
// emulator to know rows. Tests wait for what they ask for, never for a time.
import { mkdtempSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import headless from '@xterm/headless';
import { onTestFinished } from 'vitest';
import type { ShellName } from '../../e2e/stage/each-shell.ts';
import { removeFolder } from '../../remove-folder.ts';
import { toText, utf8 } from '../../../src/protocol/bytes.ts';
import { PublicKey, idOf } from '../../../src/protocol/ids.ts';
import { openMarkScanner, type Piece } from '../../../src/terminal/marks.ts';
import { openPty, type PtyExit } from '../../../src/terminal/pty.ts';
import { idleRunLine, runLine } from '../../../src/terminal/run-line.ts';
import { shellPhase, type ShellPhase } from '../../../src/terminal/shell-phase.ts';
import {
  shellState,
  startedShell,
  typedText,
  type BlockBegin,
  type Position,
  type ShellEffect,
} from '../../../src/terminal/shell-state.ts';
import { shellLaunch } from '../../../src/terminal/shells.ts';
import { drive } from '../../../src/protocol/step.ts';

const keyOf = (byte: number) => idOf(PublicKey, new Uint8Array(32).fill(byte));
export const alice = keyOf(1);
export const bob = keyOf(2);

export interface Ended extends BlockBegin {
  readonly exit: number | null;
  readonly state: 'done' | 'interrupted';
  /** The rows it left, as text. */
  readonly output: string;
  /** What the pty wrote between start and end, marks taken out. */
  readonly raw: string;
}

export interface RigOptions {
  readonly shell: ShellName;
  /** Files in a home of its own, by path. */
  readonly home?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly login?: boolean;
  readonly cols?: number;
}

export type ShellRig = Awaited<ReturnType<typeof openShellRig>>;

/** A shell that ends with the test that asked for it. */
export async function startedRig(options: RigOptions): Promise<ShellRig> {
  const rig = await openShellRig(options);
  onTestFinished(() => rig.close());
  return rig;
}

/** The same, at its first prompt. */
export async function readyRig(options: RigOptions): Promise<ShellRig> {
  const rig = await startedRig(options);
  await rig.ready();
  return rig;
}

export async function openShellRig(options: RigOptions) {
  const root = mkdtempSync(join(tmpdir(), 'meshell-rig-'));
  const home = join(root, 'home');
  const folder = join(root, 'private');
  mkdirSync(home);
  mkdirSync(folder, { mode: 0o700 });
  for (const [path, text] of Object.entries(options.home ?? {})) {
    mkdirSync(join(home, path, '..'), { recursive: true });
    writeFileSync(join(home, path), text);
  }
  const nonce = toText(crypto.getRandomValues(new Uint8Array(16)));
  const launch = shellLaunch({
    shell: options.shell,
    folder,
    nonce,
    login: options.login ?? false,
    env: { PATH: process.env['PATH'], HOME: home, LANG: 'C.UTF-8', ...options.env },
  });
  const cols = options.cols ?? 60;
  const opened = openPty({ ...launch, cwd: home, cols, rows: 24 });
  if (!opened.ok) {
    throw new Error(`${options.shell} is needed for these tests and could not be started`);
  }
  const pty = opened.value;
  const screen = new headless.Terminal({
    cols,
    rows: 24,
    scrollback: 5000,
    allowProposedApi: true,
  });
  screen.onData((answer) => void pty.write(utf8(answer)));
  const scanner = openMarkScanner(nonce);

  const begun: BlockBegin[] = [];
  const ended: Ended[] = [];
  const phases: ShellPhase[] = [];
  const refused: string[] = [];
  let raw = '';
  let blockRaw = '';
  let exit: PtyExit | null = null;
  let changed: () => void = () => {};

  const cursor = (): Position => ({
    row: screen.buffer.normal.baseY + screen.buffer.normal.cursorY,
    column: screen.buffer.normal.cursorX,
  });

  const shell = drive(
    startedShell({ marks: launch.marks, nextBlock: 1, directory: home }),
    shellState,
    (effect: ShellEffect) => {
      switch (effect.do) {
        case 'blockBegins':
          begun.push(effect.block);
          blockRaw = '';
          break;
        case 'blockEnds': {
          const block = begun.find((b) => b.number === effect.number);
          if (block === undefined) throw new Error('a block ended that never began');
          const output = textBetween(
            { row: block.firstRow, column: 0 },
            { row: effect.lastRow, column: cols },
          );
          ended.push({ ...block, exit: effect.exit, state: effect.state, output, raw: blockRaw });
          break;
        }
        case 'phase':
          phases.push(effect.phase);
          lines.feed({ on: 'phase', phase: effect.phase });
          break;
      }
    },
  );
  const timers = new Set<ReturnType<typeof setTimeout>>();
  const lines = drive(idleRunLine, runLine, (effect) => {
    if (effect.do === 'write') pty.write(effect.bytes);
    if (effect.do === 'ran') shell.feed({ on: 'ran', author: effect.author, text: effect.text });
    if (effect.do === 'refused') refused.push(effect.fault);
    if (effect.do === 'wakeLater') {
      timers.add(setTimeout(() => lines.feed({ on: 'wake', turn: effect.turn }), effect.afterMs));
    }
  });

  // Bracketed paste and the alternate screen, told as they change.
  let modes = '';
  function tellModes(): void {
    const bracketedPaste = screen.modes.bracketedPasteMode;
    const alternate = screen.buffer.active.type === 'alternate';
    if (modes === `${String(bracketedPaste)} ${String(alternate)}`) return;
    modes = `${String(bracketedPaste)} ${String(alternate)}`;
    lines.feed({ on: 'modes', bracketedPaste, alternate });
  }

  function textBetween(from: Position, to: Position): string {
    let text = '';
    for (let row = from.row; row <= to.row; row++) {
      const line = screen.buffer.normal.getLine(row);
      if (line === undefined) continue;
      const joined = line.isWrapped && row > from.row;
      const wrapsOn = screen.buffer.normal.getLine(row + 1)?.isWrapped === true;
      const cells = line.translateToString(
        !wrapsOn,
        row === from.row ? from.column : 0,
        row === to.row ? to.column : undefined,
      );
      text += (joined || row === from.row ? '' : '\n') + cells;
    }
    return text.trimEnd();
  }

  function take(piece: Piece): Promise<void> {
    if (piece.kind === 'output') {
      const text = Buffer.from(piece.bytes).toString('utf8');
      raw += text;
      blockRaw += text;
      return new Promise<void>((done) => screen.write(piece.bytes, done)).then(tellModes);
    }
    const { mark } = piece;
    const at = cursor();
    const asks = mark.kind === 'command' && mark.source !== 'exact';
    const cells = asks ? typedText(shell.state(), at, textBetween) : '';
    shell.feed({ on: 'mark', mark, ...at, cells, at: Date.now() });
    return Promise.resolve();
  }

  // Pieces one after another: a mark's row is where the output before it left the cursor.
  let taken = Promise.resolve();
  pty.onBytes((bytes) => {
    for (const piece of scanner.push(bytes)) {
      taken = taken.then(() => take(piece)).then(() => changed());
    }
  });
  pty.onExit((ended) => {
    taken = taken.then(() => {
      exit = ended;
      shell.feed({ on: 'exited', code: ended.code, at: Date.now(), ...cursor() });
      changed();
    });
  });

  let runs = 0;
  const rig = {
    home,
    folder,
    pty,
    begun,
    ended,
    phases,
    refused,
    scanner,
    screen,
    exit: () => exit,
    raw: () => raw,
    phase: () => shellPhase(shell.state()),
    unexpected: () => shell.state().unexpected,
    overdue: () => shell.feed({ on: 'overdue' }),
    screenText: () =>
      textBetween({ row: 0, column: 0 }, { row: screen.buffer.normal.length, column: cols }),
    /** Types as Alice, with her hands. */
    type(keys: string, author: PublicKey = alice) {
      shell.feed({ on: 'typed', author });
      lines.feed({ on: 'typed', keys: utf8(keys) });
      pty.write(utf8(keys));
    },
    /** Presses a key as people do: again, where a busy shell has missed it (fish 3.6, Ctrl-C). */
    async press(key: string, condition: () => boolean): Promise<void> {
      for (let tries = 0; tries < 9; tries++) {
        rig.type(key);
        try {
          return await rig.until(JSON.stringify(key), condition, 1500);
        } catch {
          // Pressed again.
        }
      }
      rig.type(key);
      await rig.until(JSON.stringify(key), condition);
    },
    /** Asks for a command as Bob, through command.run. */
    run(text: string, author: PublicKey = bob) {
      runs += 1;
      lines.feed({ on: 'run', id: runs, author, text });
    },
    /** Keys that nobody saw go in, as those typed before the prompt stood there. */
    typeUnseen: (keys: string) => void pty.write(utf8(keys)),
    queue: () => lines.state().queue,
    /** Resolves when `condition` holds; looked at after each piece of output. */
    async until(what: string, condition: () => boolean, withinMs = 15_000): Promise<void> {
      const deadline = Date.now() + withinMs;
      while (!condition()) {
        const left = deadline - Date.now();
        if (left <= 0) {
          throw new Error(
            `waited in vain for ${what}; phase ${JSON.stringify(rig.phase())}, blocks ${JSON.stringify(ended)}, screen:\n${rig.screenText()}\nraw: ${JSON.stringify(raw.slice(-600))}`,
          );
        }
        await new Promise<void>((again) => {
          const timer = setTimeout(again, Math.min(left, 50));
          changed = () => {
            clearTimeout(timer);
            again();
          };
        });
      }
    },
    ready: () =>
      rig.until('a prompt', () => {
        const phase = rig.phase();
        return phase.phase === 'prompt' && phase.ready;
      }),
    /** Types a line and waits for its block's end and the next prompt. */
    async typeLine(line: string): Promise<Ended> {
      await rig.ready();
      const number = begun.length + 1;
      rig.type(`${line}\r`);
      return rig.block(number);
    },
    async block(number: number): Promise<Ended> {
      await rig.until(`block ${String(number)}`, () => ended.some((b) => b.number === number));
      await rig.ready();
      const found = ended.find((b) => b.number === number);
      if (found === undefined) throw new Error('unreachable');
      return found;
    },
    async close() {
      for (const timer of timers) clearTimeout(timer);
      pty.kill();
      await rig.until('the end', () => exit !== null);
      await removeFolder(root);
    },
  };
  return rig;
}
