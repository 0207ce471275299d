// An agent's process as it is read: whatever it said before it ended is heard.
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { openAgentProcess, type ProcessEnd } from '../../../src/agent/agent-process.ts';
import { nodeClock } from '../../../src/host/clock-node.ts';

/** A process that prints numbers, some ms apart, and ends with code 3 behind the last. */
function counting(count: number, apartMs: number) {
  const script = `let n = 0; setInterval(() => {
    process.stdout.write(++n + '\\n', () => n === ${count} && process.exit(3));
  }, ${apartMs})`;
  return {
    command: process.execPath,
    args: ['-e', script],
    env: {},
    directory: tmpdir(),
    resume: null,
  };
}

test('[AG20] the last words of one that ends while it streams wait for no moment', async () => {
  const heard: string[] = [];
  let asked = 0;
  const toRead = (): Promise<void> => {
    asked += 1;
    return new Promise(() => {}); // that never comes
  };
  const end = await new Promise<ProcessEnd>((ended) => {
    openAgentProcess(
      counting(50, 5),
      process.env,
      { clock: nodeClock, moments: { toRead, toWrite: () => () => {} } },
      {
        line: (line) => void heard.push(line),
        rest: () => {},
        flood: () => {},
        missing: () => {},
        ended,
      },
    );
  });
  expect(end).toEqual({ code: 3, signal: null });
  expect(heard).toEqual(Array.from({ length: 50 }, (_, n) => String(n + 1)));
  expect(asked).toBeGreaterThan(0);
});
