// What the session does with its shell: blocks into documents, output to the audience, actions
// into the line. Keeps the queue, the branch and the title of the moment.
import type { Action } from '../protocol/action.ts';
import type { QueuedCommand } from '../protocol/document.ts';
import type { PublicKey } from '../protocol/ids.ts';
import type { Outcome } from '../protocol/message.ts';
import type { Clock } from '../protocol/ports.ts';
import { unreachable } from '../protocol/result.ts';
import type { SharerInput } from '../session/sharer-state.ts';
import { gitBranch } from '../terminal/git-branch.ts';
import type { Masking } from '../agent/masking.ts';
import type { Audience } from './audience.ts';
import { openBlockMask } from './block-mask.ts';
import type { Library } from './library.ts';
import type { Shell } from './shell.ts';
import type { TerminalEvent } from './terminal.ts';
import type { Count } from './thread-life.ts';

/** A branch is one small file; in ms. */
const BRANCH_MS = 250;

export interface ShellWorkOptions {
  readonly clock: Clock;
  readonly library: Library;
  readonly masking: Masking;
  readonly feed: (input: SharerInput) => void;
  readonly audience: () => Audience;
  readonly shell: () => Shell;
  /** Size, queue or the shell's state is another one. */
  readonly changed: () => void;
  readonly directory: (path: string) => void;
  readonly exited: () => void;
  /** For a terminal that shows this session where the process runs. */
  readonly output: (bytes: Uint8Array) => void;
}

export interface ShellWork {
  readonly take: (event: TerminalEvent) => void;
  readonly act: (author: PublicKey, action: Action, owner: boolean) => Outcome;
  /** Whether keys would reach a prompt, or a shell that does not say. */
  readonly atPrompt: () => boolean;
  /** What waits, as far as everyone may know of it. */
  readonly queue: () => readonly QueuedCommand[];
  /** [RL8] What waits of one who may run nothing any more is taken out. */
  readonly withoutRun: (author: PublicKey) => void;
  /** [SP5] Someone comes who must not know what waits now. */
  readonly hideQueue: () => void;
  readonly title: () => string;
  /** The one count of blocks and segments. */
  readonly count: Count;
  /** Where the shell is, as far as it says. */
  readonly directory: () => string | null;
}

export function openShellWork(options: ShellWorkOptions): ShellWork {
  const { clock, library, masking } = options;
  const mask = openBlockMask(masking);
  let queue: readonly QueuedCommand[] = [];
  let branch: Promise<string | null> = Promise.resolve(null);
  let directory = '';
  let nextRun = 1;
  /** The first queue entry that may be shown. */
  let shownFrom = 1;
  let refused: { readonly id: number; readonly fault: string } | 'none' = 'none';
  /** What the shell last said it does; 'starting' before it is open. */
  let phase = 'starting';

  function lookAround(): void {
    const now = options.shell().terminal().cwd();
    if (now === null) return;
    if (now !== directory) {
      directory = now;
      options.directory(now);
    }
    // [TM12] At each prompt: a command may have changed it.
    branch = inTime(gitBranch(now));
  }

  /** A folder far away that does not answer has no branch: blocks do not wait for it. */
  function inTime(found: Promise<string | null>): Promise<string | null> {
    return new Promise((resolve) => {
      const cancel = clock.after(BRANCH_MS, () => resolve(null));
      void found.then((name) => {
        cancel();
        resolve(name);
      });
    });
  }

  function take(event: TerminalEvent): void {
    switch (event.on) {
      case 'output':
        options.output(event.bytes);
        options.audience().output(event.bytes);
        break;
      case 'placed':
        options.audience().placed();
        break;
      case 'shown':
        options.shell().stage().changed();
        break;
      case 'blockBegins':
        beginBlock(event);
        break;
      case 'blockRows':
        library.rows(mask.rows(event.rows, options.shell().terminal().size().cols));
        break;
      case 'blockEnds': {
        const { number, exit, endedAt, state } = event;
        const rest = mask.end();
        if (rest !== 'none') library.rows(rest);
        library.end(number, { exit, endedAt, state });
        break;
      }
      case 'prompted':
        lookAround();
        options.shell().stage().begins(options.shell().stage().scene().nextBlock);
        options.audience().begun();
        break;
      case 'phase':
        if (phase !== event.phase.phase) {
          phase = event.phase.phase;
          if (phase === 'plain') {
            options.shell().stage().plain();
            options.audience().begun();
          }
          options.changed();
        }
        break;
      case 'queue':
        queue = event.queue;
        options.changed();
        break;
      case 'refused':
        refused = { id: event.id, fault: event.fault };
        break;
      case 'broken':
        options.shell().stage().changed();
        options.audience().resized();
        break;
      case 'resized':
        options.shell().stage().changed();
        options.audience().resized();
        options.changed();
        break;
      case 'exited':
        options.changed();
        options.exited();
        break;
      default:
        unreachable(event);
    }
  }

  function beginBlock({ block, fresh }: Extract<TerminalEvent, { on: 'blockBegins' }>): void {
    const stage = options.shell().stage();
    // Pasted lines start without a prompt of their own between them.
    if (fresh) {
      stage.begins(block.number);
      options.audience().begun();
    }
    stage.counted(block.number + 1);
    const start = mask.begin({ ...block, branch: null });
    library.begin(branch.then((name) => ({ ...start, branch: name })));
    options.feed({ on: 'block', next: block.number + 1 });
  }

  function run(author: PublicKey, text: string): Outcome {
    const id = nextRun++;
    refused = 'none';
    options.shell().terminal().run({ id, author, text });
    const fault = faultOf(id);
    return fault === null ? { ok: true, queued: id } : { ok: false, fault };
  }

  /** The machine answers at once, through `take`. */
  function faultOf(id: number): string | null {
    return refused !== 'none' && refused.id === id ? refused.fault : null;
  }

  function cancel(id: number, author: PublicKey | 'any'): Outcome {
    refused = 'none';
    options.shell().terminal().cancelRun(id, author);
    const fault = faultOf(id);
    return fault === null ? { ok: true } : { ok: false, fault };
  }

  function restart(): Outcome {
    const shell = options.shell();
    if (shell.terminal().phase().phase !== 'exited') return { ok: true };
    const { nextBlock } = shell.stage().scene();
    const size = shell.terminal().size();
    const again = shell.restart({ ...size, cwd: directory === '' ? '/' : directory, nextBlock });
    if (!again.ok) return { ok: false, fault: again.fault };
    phase = 'starting';
    options.audience().restarted();
    options.changed();
    return { ok: true };
  }

  return {
    take,
    act(author, action, owner) {
      switch (action.type) {
        case 'command.run':
          return run(author, action.text);
        case 'command.cancel':
          return cancel(action.id, owner ? 'any' : author);
        case 'keys.type': {
          const typed = options.shell().terminal().type(author, action.keys);
          return typed.ok ? { ok: true } : { ok: false, fault: typed.fault };
        }
        case 'terminal.resize':
          options.shell().terminal().resize(action.cols, action.rows);
          return { ok: true };
        case 'terminal.restart':
          return restart();
        default:
          return { ok: false, fault: 'action.malformed' };
      }
    },
    atPrompt() {
      const now = options.shell().terminal().phase().phase;
      return now !== 'running';
    },
    // [MK9] Here too: a queued command stands in a document.
    queue: () =>
      queue
        .filter((one) => one.id >= shownFrom)
        .map((one) => ({ ...one, text: masking.mask(one.text) })),
    withoutRun(author) {
      for (const one of queue) {
        if (one.author === author) options.shell().terminal().cancelRun(one.id, 'any');
      }
    },
    hideQueue() {
      shownFrom = nextRun;
    },
    title: () => options.shell().terminal().placed().title,
    count: {
      next: () => options.shell().stage().scene().nextBlock,
      take() {
        const { terminal, stage } = options.shell();
        const number = stage().takes();
        terminal().numbered(number + 1);
        options.feed({ on: 'block', next: number + 1 });
        return number;
      },
    },
    directory: () => options.shell().terminal().cwd() ?? (directory === '' ? null : directory),
  };
}
