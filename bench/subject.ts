// What is measured: someone's terminal, however it came to be there.
export interface Subject {
  readonly name: string;
  /** ms from each key to its letter. */
  readonly echo: (keys: number) => Promise<number[]>;
  /** ms from Enter after `seq 1 COUNT` until its last line and a prompt show. */
  readonly bulk: (count: number) => Promise<number>;
  /** ms from Ctrl-C to the prompt, after `yes` has run for `afterMs`. */
  readonly interrupt: (afterMs: number) => Promise<number>;
  readonly close: () => Promise<void>;
}
