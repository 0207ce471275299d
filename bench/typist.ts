// Someone at a terminal: types, and takes the time until it shows. The same person sits at every
// subject that is no browser, the bare pty included.
import { utf8 } from '../src/protocol/bytes.ts';
import type { ScreenWatch } from './screen-watch.ts';

/** Every shell of the bench says this when it waits. */
export const PROMPT = 'bench>';
/** Between two keys, in ms: from a key held down to a slow typist. */
const PAUSE_MS = { min: 15, max: 45 } as const;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
/** On one line, which then is cleared. */
const LETTERS_A_LINE = 40;

export interface Typist {
  /** ms from each key to its letter. */
  readonly echo: (keys: number) => Promise<number[]>;
  /** ms from Enter after `seq 1 COUNT` until its last line and a prompt stand there. */
  readonly bulk: (count: number) => Promise<number>;
  /** ms from Ctrl-C to the prompt, after `yes` has run for `afterMs`. */
  readonly interrupt: (afterMs: number) => Promise<number>;
}

export function openTypist(screen: ScreenWatch, send: (bytes: Uint8Array) => void): Typist {
  const type = (text: string): number => {
    const at = performance.now();
    send(utf8(text));
    return at;
  };
  const prompt = (): Promise<number> => screen.when(atPrompt);

  return {
    async echo(keys) {
      const times: number[] = [];
      for (let done = 0; done < keys;) {
        await prompt();
        let line = `${PROMPT} `;
        const before = line;
        for (let i = 0; i < LETTERS_A_LINE && done < keys; i++, done++) {
          await pause(PAUSE_MS.min + Math.random() * (PAUSE_MS.max - PAUSE_MS.min));
          const letter = LETTERS.charAt(Math.floor(Math.random() * LETTERS.length));
          line += letter;
          const from = type(letter);
          times.push((await screen.when((now) => now.line().startsWith(line))) - from);
        }
        await pause(PAUSE_MS.max);
        type('\u0015');
        await screen.when((now) => now.line().trimEnd() === before.trimEnd());
      }
      return times;
    },
    async bulk(count) {
      await prompt();
      type(`clear; seq 1 ${count}`);
      await screen.when((now) => now.line().includes(`seq 1 ${count}`));
      const from = type('\r');
      return (await screen.when((now) => ended(now, count))) - from;
    },
    async interrupt(afterMs) {
      await prompt();
      type('yes\r');
      await screen.when((now) => now.rows().every((row) => row === 'y' || row === ''));
      await pause(afterMs);
      const from = type('\u0003');
      return (await screen.when(atPrompt)) - from;
    },
  };
}

export function atPrompt(screen: ScreenWatch): boolean {
  return screen.line().trimEnd() === PROMPT;
}

/** The last line of `seq`, and the prompt below it. */
export function ended(screen: ScreenWatch, count: number): boolean {
  return atPrompt(screen) && screen.line(1).trimEnd() === String(count);
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
