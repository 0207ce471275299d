// How every machine runs: a pure step, and one driver that performs its effects, one input
// at a time, so that an effect can never re-enter the machine that asked for it.

/** What a machine returns: its next state, and what should be done, in order. */
export type Step<S, E> = readonly [state: S, effects: readonly E[]];

export interface Driver<S, I> {
  /** Feed an input. From inside an effect it is queued and handled after that effect. */
  readonly feed: (input: I) => void;
  readonly state: () => S;
}

/**
 * Runs `machine` from `initial`. `perform` carries out one effect; it may feed further
 * inputs, which wait until the effects of the current input are all done.
 */
export function drive<S, I, E>(
  initial: S,
  machine: (state: S, input: I) => Step<S, E>,
  perform: (effect: E) => void,
  changed?: (state: S) => void,
): Driver<S, I> {
  let state = initial;
  let running = false;
  const waiting: I[] = [];
  return {
    state: () => state,
    feed(input) {
      waiting.push(input);
      if (running) return;
      running = true;
      try {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
          const before = state;
          const [after, effects] = machine(state, next);
          state = after;
          for (const effect of effects) perform(effect);
          if (changed !== undefined && before !== after) changed(state);
        }
      } finally {
        running = false;
      }
    },
  };
}
