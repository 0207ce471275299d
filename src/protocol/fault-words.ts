// What is said of an expected failure, to either side.
export interface FaultWords {
  /** To the one it happened to. */
  readonly mine: string;
  /** To the other side, where it should know. */
  readonly theirs: string | null;
  /** Whether trying again by itself makes sense. */
  readonly retry: boolean;
  /** The command line's exit code: 1 failed, 2 wrong usage, 3 refused, 4 could not connect. */
  readonly exit: 0 | 1 | 2 | 3 | 4;
}
