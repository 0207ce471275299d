import { expect, test } from 'vitest';
import { openWholeAsks, type WholeAsk } from '../../../src/session/whole-asks.ts';

const diff: WholeAsk = { number: 3, part: 7, content: 1 };
const log: WholeAsk = { number: 3, part: 8, content: null };

function piece(ask: WholeAsk, from: number, text: string | null, more: boolean) {
  return { type: 'whole', ...ask, from, text, more } as const;
}

test('[TR14] Bob asks for one whole at a time and puts it together from its pieces', async () => {
  const sent: WholeAsk[] = [];
  const asks = openWholeAsks((ask) => sent.push(ask));
  const first = asks.ask(diff);
  const second = asks.ask(log);
  expect(sent).toEqual([diff]);
  asks.take(piece(log, 0, 'not asked for yet', false));
  asks.take(piece(diff, 0, 'one ', true));
  asks.take(piece(diff, 4, 'two', false));
  expect(await first).toBe('one two');
  expect(sent).toEqual([diff, log]);
  asks.take(piece(log, 0, null, false));
  expect(await second).toBeNull();
});

test('[TR14] on a new link Bob asks again, from the beginning; when the share ends, nothing comes', async () => {
  const sent: WholeAsk[] = [];
  const asks = openWholeAsks((ask) => sent.push(ask));
  const whole = asks.ask(diff);
  asks.take(piece(diff, 0, 'one ', true));
  asks.again();
  expect(sent).toEqual([diff, diff]);
  asks.take(piece(diff, 4, 'late', true));
  asks.take(piece(diff, 0, 'one ', true));
  asks.take(piece(diff, 4, 'two', false));
  expect(await whole).toBe('one two');
  const never = asks.ask(log);
  asks.end();
  expect(await never).toBeNull();
});
