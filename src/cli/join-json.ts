// A viewer driven by a program: orders on stdin, what happens on stdout, one object a line.
import * as v from 'valibot';
import type { Action } from '../protocol/action.ts';
import { utf8 } from '../protocol/bytes.ts';
import { PRESETS } from '../protocol/capability.ts';
import { FAULTS, faultWords } from '../protocol/faults.ts';
import { unreachable } from '../protocol/result.ts';
import type { Viewer, ViewerState } from '../session/viewer-state.ts';
import { openEmulator } from '../terminal/emulator.ts';
import { openSanitizer } from '../terminal/sanitizer.ts';
import { readJsonLines, writeJsonLine } from './json-lines.ts';
import type { Leaving } from './leaving.ts';

const Order = v.variant('do', [
  v.object({ do: v.literal('request') }),
  v.object({ do: v.literal('run'), text: v.string() }),
  v.object({ do: v.literal('keys'), text: v.string() }),
  v.object({ do: v.literal('screen') }),
  v.object({ do: v.literal('leave') }),
]);
type Order = v.InferOutput<typeof Order>;

export function runJoinJson(viewer: Viewer, leaving: Leaving): void {
  const write = (value: object): void => writeJsonLine(process.stdout, value);
  const emulator = openEmulator({ cols: 80, rows: 24, answers: false });
  const sanitizer = openSanitizer({ cols: 80, rows: 24 });
  let rowCount = 24;
  viewer.attach({
    async screen(cols, rows, bytes) {
      rowCount = rows;
      sanitizer.resize(cols, rows);
      emulator.reset(cols, rows);
      emulator.write(bytes);
    },
    async bytes(bytes) {
      emulator.write(sanitizer.push(bytes).forEmulator);
    },
  });
  let before = viewer.state();
  viewer.watch((state) => {
    tell(before, state, write);
    if (state.connection.phase === 'over' && before.connection.phase !== 'over') {
      leaving.leave(FAULTS[state.connection.fault].exit);
    }
    before = state;
  });
  readJsonLines(
    process.stdin,
    Order,
    (order) => {
      if (order.do === 'leave') return leaving.leave(0);
      if (order.do === 'screen') {
        const top = emulator.top();
        const { rows } = emulator.rows(top, top + rowCount);
        return write({ event: 'screen', rows: rows.map((row) => row.text) });
      }
      void viewer.act(actionOf(order)).then((outcome) =>
        write(
          outcome.ok
            ? { event: 'done', of: order.do }
            : {
                event: 'fault',
                of: order.do,
                code: outcome.fault,
                message: faultWords(outcome.fault).mine,
              },
        ),
      );
    },
    (why) => write({ event: 'fault', of: null, code: 'usage', message: `Not an order: ${why}` }),
  );
}

function actionOf(order: Exclude<Order, { do: 'leave' | 'screen' }>): Action {
  switch (order.do) {
    case 'request':
      return { type: 'access.request', capabilities: [...PRESETS.editor] };
    case 'run':
      return { type: 'command.run', text: order.text };
    case 'keys':
      return { type: 'keys.type', keys: utf8(order.text) };
    default:
      return unreachable(order);
  }
}

/** One line for each thing that is another than before. */
function tell(before: ViewerState, now: ViewerState, write: (value: object) => void): void {
  if (before.connection.phase !== now.connection.phase) {
    const { phase } = now.connection;
    if (phase === 'knocking') write({ event: 'knocking', words: now.connection.words });
    else if (phase === 'live') write({ event: 'admitted', path: now.connection.path });
    else if (phase === 'over') {
      const { fault } = now.connection;
      write({ event: 'ended', reason: fault, message: FAULTS[fault].mine });
    } else write({ event: phase });
  }
  if (before.grant?.number !== now.grant?.number && now.grant !== null) {
    write({ event: 'granted', capabilities: now.grant.capabilities });
  }
  const known = new Map(before.blocks.map((block) => [block.number, block]));
  for (const block of now.blocks) {
    const old = known.get(block.number);
    if (old === block || (old !== undefined && old.state === block.state)) continue;
    const { number, author, command, directory, exit, state, startedAt, endedAt } = block;
    const text = [...block.head, ...block.tail].map((row) => row.text);
    write({
      event: 'block',
      number,
      author,
      command,
      directory,
      exit,
      state,
      startedAt,
      endedAt,
      text,
    });
  }
}
