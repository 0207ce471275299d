// Carries out what the local model calls for, and gives back what it is told of it.
import type { ModelCall } from './chat-answer.ts';
import { toolOrder, type ToolOrder } from './model-tools.ts';
import type { Turn } from './turn.ts';
import { failed, read, replace, shell, write, type Done } from './workbench.ts';

export async function carryOut(turn: Turn, call: ModelCall): Promise<string> {
  turn.signal.throwIfAborted();
  const order = toolOrder(call.name, call.args);
  if (!order.ok) {
    const card = await turn.card({ title: call.name, kind: 'other' });
    return (await failed(card, order.fault)).text;
  }
  const { text } = await done(turn, order.value);
  return text === '' ? '(nothing)' : text;
}

async function done(turn: Turn, order: ToolOrder): Promise<Done> {
  switch (order.tool) {
    case 'shell':
      return shell(turn, order.command, order.timeout_seconds * 1000);
    case 'read': {
      const { first_line: first = 1, lines = Infinity } = order;
      return read(turn, order.path, { first, lines });
    }
    case 'write':
      return write(turn, order.path, order.content);
    case 'edit':
      return replace(turn, order.path, order.old, order.new);
    case 'plan':
      await turn.plan(order.entries.map((entry) => ({ ...entry, priority: 'medium' })));
      return { ok: true, text: 'It is shown.' };
    default:
      return order satisfies never;
  }
}
