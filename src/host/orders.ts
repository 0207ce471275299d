// Orders of the sharer's own process, from its terminal or its stdin: each is numbered, and
// answered once.
import type { Action } from '../protocol/action.ts';
import type { Outcome } from '../protocol/message.ts';

export interface Orders {
  readonly give: (action: Action) => Promise<Outcome>;
  readonly answer: (order: number, outcome: Outcome) => void;
}

export function openOrders(carryOut: (order: number, action: Action) => void): Orders {
  const waiting = new Map<number, (outcome: Outcome) => void>();
  let next = 1;
  return {
    give(action) {
      const order = next++;
      return new Promise((resolve) => {
        waiting.set(order, resolve);
        carryOut(order, action);
      });
    },
    answer(order, outcome) {
      waiting.get(order)?.(outcome);
      waiting.delete(order);
    },
  };
}
