// An agent's permission requests that wait for an answer, by numbers of our own. Each is answered
// once. Knows not what they are about.

/** Of one agent, at once: people cannot overlook more. */
const QUESTIONS_MAX = 64;

/** As ACP wants it. */
export interface PermissionAnswer {
  readonly outcome:
    | { readonly outcome: 'cancelled' }
    | { readonly outcome: 'selected'; readonly optionId: string };
}

export const CANCELLED: PermissionAnswer = { outcome: { outcome: 'cancelled' } };

export interface Questions {
  /** null where too many wait already. */
  readonly open: () => {
    readonly request: number;
    readonly answered: Promise<PermissionAnswer>;
  } | null;
  /** False where it does not wait any more. */
  readonly answer: (request: number, given: PermissionAnswer) => boolean;
  readonly cancelAll: () => void;
}

export function openQuestions(): Questions {
  const waiting = new Map<number, (answer: PermissionAnswer) => void>();
  let last = 0;
  const answer = (number: number, given: PermissionAnswer): boolean => {
    const resolve = waiting.get(number);
    waiting.delete(number);
    resolve?.(given);
    return resolve !== undefined;
  };
  return {
    open() {
      if (waiting.size >= QUESTIONS_MAX) return null;
      const number = ++last;
      const answered = new Promise<PermissionAnswer>((resolve) => waiting.set(number, resolve));
      return { request: number, answered };
    },
    answer,
    cancelAll() {
      for (const number of waiting.keys()) answer(number, CANCELLED);
    },
  };
}
