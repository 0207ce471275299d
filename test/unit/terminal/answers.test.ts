import { expect, test } from 'vitest';
import { utf8 } from '../../../src/protocol/bytes.ts';
import { openEmulator } from '../../../src/terminal/emulator.ts';

test.each(['\u001b[c', '\u001b[6n', '\u001b[?2004$p', '\u001b]10;?\u0007', '\u001bP$qm\u001b\\'])(
  '[SA5] %j is answered by the sharer’s emulator, and by a viewer’s not even if it gets there',
  (query) => {
    const answers = (isSharer: boolean): number => {
      const emulator = openEmulator({ cols: 80, rows: 24, answers: isSharer });
      let count = 0;
      emulator.onReply(() => void count++);
      emulator.write(utf8(query));
      emulator.dispose();
      return count;
    };
    expect(answers(true)).toBe(1);
    expect(answers(false)).toBe(0);
  },
);
