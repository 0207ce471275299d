// Marks, command lines and what a terminal’s bytes may hold, broken on purpose.
import type { Planted } from './planted.ts';

export const terminalFaults: readonly Planted[] = [
  {
    rule: 'TM2',
    what: 'a mark with a wrong nonce counts',
    edits: [
      {
        file: 'src/terminal/marks.ts',
        find: '  if (!equalBytes(first, secret)) return null;\n',
        replace: '',
      },
    ],
    tests: ['test/unit/terminal/marks.test.ts'],
  },
  {
    rule: 'TM9',
    what: 'a mark without a nonce frees an open quote',
    edits: [
      {
        file: 'src/terminal/shell-state.ts',
        find: "      if (state.phase !== 'prompt') return unexpected(state);",
        replace: "      if (!('line' in state)) return unexpected(state);",
      },
    ],
    tests: ['test/unit/terminal/shell-state.test.ts'],
  },
  {
    rule: 'TM11',
    what: 'an unfinished mark swallows the next one',
    edits: [
      {
        file: 'src/terminal/marks.ts',
        find: 'if (input[i] === BEL || input[i] === ESC) return i;',
        replace: 'if (input[i] === BEL) return i;',
      },
    ],
    tests: ['test/unit/terminal/marks.test.ts'],
  },
  {
    rule: 'RL1',
    what: 'a command may end its own paste and press keys',
    edits: [
      {
        file: 'src/terminal/run-line.ts',
        find: "  if (hasControls(command.text)) return refuse(state, command.id, 'command.controls');\n",
        replace: '',
      },
    ],
    tests: ['test/unit/terminal/run-line.test.ts'],
  },
  {
    rule: 'RL3',
    what: 'a command is typed into the program that runs',
    edits: [
      {
        file: 'src/terminal/run-line.ts',
        find: "  if (line.at !== 'prompt' && line.at !== 'continuation') return [state, before];",
        replace:
          "  if (line.at === 'never' || line.at === 'leaving') return [state, before];\n  if (!('prompt' in line)) return [{ ...state, queue }, [...before, { do: 'write', bytes: lineBytes(command.text) }]];",
      },
    ],
    tests: ['test/unit/terminal/run-line.test.ts'],
  },
  {
    rule: 'RL4',
    what: 'a command is written though the shell has yet to read what was typed ahead',
    edits: [
      {
        file: 'src/terminal/run-line.ts',
        find: 'if (ready && state.ahead) return waitBehind(state, prompt);',
        replace: 'if (ready && state.turn < 0) return waitBehind(state, prompt);',
      },
    ],
    tests: ['test/unit/terminal/run-line.test.ts'],
  },
  {
    rule: 'RL5',
    what: 'a command is put behind what someone has typed',
    edits: [
      {
        file: 'src/terminal/run-line.ts',
        find: "if (line.at === 'continuation' || line.touched) {",
        replace: "if (line.at === 'continuation') {",
      },
    ],
    tests: ['test/unit/terminal/run-line.test.ts'],
  },
  {
    rule: 'RL6',
    what: 'anyone takes out anyone’s command',
    edits: [
      {
        file: 'src/terminal/run-line.ts',
        find: "  if (author !== 'any' && found.author !== author) return refuse(state, id, 'action.notAllowed');\n",
        replace: '',
      },
    ],
    tests: ['test/unit/terminal/run-line.test.ts'],
  },
  {
    rule: 'RL7',
    what: 'a command is typed into the editor that has the line',
    edits: [
      {
        file: 'src/terminal/run-line.ts',
        find: 'if (command === undefined || state.handedOver) return [state, before];',
        replace: 'if (command === undefined) return [state, before];',
      },
    ],
    tests: ['test/unit/terminal/run-line.test.ts'],
  },
  {
    rule: 'PT2',
    what: 'writes wait without end',
    edits: [
      {
        file: 'src/terminal/write-pump.ts',
        find: "      if (queued + bytes.length > QUEUED_BYTES_MAX) return err('action.tooMany');\n",
        replace: '',
      },
    ],
    tests: ['test/unit/terminal/write-pump.test.ts'],
  },
  {
    rule: 'SA2',
    what: 'accents are piled up without end',
    edits: [
      {
        file: 'src/terminal/sanitizer.ts',
        find: 'else if (++marks > MARKS_MAX) cut(i, i + length);',
        replace: 'else if (++marks < 0) cut(i, i + length);',
      },
    ],
    tests: ['test/unit/terminal/sanitizer.test.ts'],
  },
  {
    rule: 'SA3',
    what: 'a count of two thousand million reaches the emulator',
    edits: [
      {
        file: 'src/terminal/control-sequences.ts',
        find: 'over = value > bound;',
        replace: 'over = value < 0;',
      },
    ],
    tests: ['test/property/terminal/sanitizer.test.ts'],
  },
  {
    rule: 'SA4',
    what: 'the clipboard is written',
    edits: [
      {
        file: 'src/terminal/control-strings.ts',
        find: '  if (!known || bytes[i] !== 0x3b) return',
        replace:
          "  if (name === '52') {\n    const stop = (endOf(bytes, i, true) ?? bytes.length) + 1;\n    return { kind: 'title', end: stop, bytes: bytes.slice(start, stop) };\n  }\n  if (!known || bytes[i] !== 0x3b) return",
      },
    ],
    tests: ['test/unit/terminal/sanitizer.test.ts'],
  },
  {
    rule: 'SA4',
    what: 'a sequence that is not known passes',
    edits: [
      {
        file: 'src/terminal/control-sequences.ts',
        find: "  if (rule === undefined) return { kind: 'instead', end, emulator: NOTHING, viewers: NOTHING };",
        replace: "  if (rule === undefined) return { kind: 'pass', end };",
      },
    ],
    tests: ['test/unit/terminal/sanitizer.test.ts'],
  },
  {
    rule: 'SA4',
    what: 'an endless string is kept',
    edits: [
      {
        file: 'src/terminal/control-strings.ts',
        find: 'const long = bytes.length - start > STRING_BYTES_MAX;',
        replace: 'const long = bytes.length - start > STRING_BYTES_MAX * 4096;',
      },
      {
        file: 'src/terminal/control-strings.ts',
        find: 'stop === SUB || to - start > STRING_BYTES_MAX) return',
        replace: 'stop === SUB) return',
      },
    ],
    tests: ['test/unit/terminal/sanitizer.test.ts'],
  },
  {
    rule: 'SA5',
    what: 'viewers are asked what only the sharer answers',
    edits: [
      {
        file: 'src/terminal/control-sequences.ts',
        find: "viewers: rule.audience === 'all' ? whole : NOTED,",
        replace: 'viewers: whole,',
      },
    ],
    tests: ['test/unit/terminal/sanitizer.test.ts'],
  },
  {
    rule: 'SA5',
    what: 'viewers’ emulators answer',
    edits: [
      {
        file: 'src/terminal/emulator.ts',
        find: '  if (options.answers) {\n    terminal.onData',
        replace: '  if (options.cols > 0) {\n    terminal.onData',
      },
    ],
    tests: ['test/unit/terminal/answers.test.ts'],
  },
  {
    rule: 'SA6',
    what: 'a link may be anything',
    edits: [
      {
        file: 'src/terminal/control-strings.ts',
        find: 'return /^(https?:\\/\\/|mailto:)[\\u0021-\\u007e]+$/i.test(address) ? address : null;',
        replace: 'return address;',
      },
    ],
    tests: ['test/unit/terminal/sanitizer.test.ts'],
  },
  {
    rule: 'SC2',
    what: 'a screen shows the rows that its viewer may not see',
    edits: [
      {
        file: 'src/terminal/screen-writer.ts',
        find: 'writer.rows(normal, options.visibleRow);',
        replace: 'writer.rows(normal, 0);',
      },
    ],
    tests: ['test/unit/terminal/visibility.test.ts'],
  },
  {
    rule: 'TM3',
    what: 'a shell’s environment holds the nonce',
    edits: [
      {
        file: 'src/terminal/shells.ts',
        find: "    env['MESHELL_NONCE_FILE'] = nonceFile;",
        replace: "    env['MESHELL_NONCE_FILE'] = nonceFile;\n    env['MESHELL_NONCE'] = nonce;",
      },
    ],
    tests: ['test/unit/terminal/shells.test.ts'],
  },
  {
    rule: 'TM3',
    what: 'everybody may read the file that holds the nonce',
    edits: [
      {
        file: 'src/terminal/shells.ts',
        find: '  writeFileSync(path, text, { mode: 0o600 });',
        replace: '  writeFileSync(path, text, { mode: 0o644 });',
      },
    ],
    tests: ['test/unit/terminal/shells.test.ts'],
  },
  {
    rule: 'TM3',
    what: 'the file goes on holding the nonce',
    edits: [
      {
        file: 'src/terminal/shell/meshell.bash',
        find: '  : >|"$MESHELL_NONCE_FILE" #',
        replace: '  : #',
      },
    ],
    tests: ['test/integration/terminal/blocks.test.ts'],
  },
  {
    rule: 'SA1',
    what: 'what is cut in two by a read passes unseen',
    edits: [
      {
        file: 'src/terminal/sanitizer.ts',
        find: '      cut(i, i);\n      held = input.slice(i);',
        replace: '      i = input.length;',
      },
    ],
    tests: ['test/property/terminal/sanitizer.test.ts'],
  },
  {
    rule: 'RL2',
    what: 'a command is put behind what was typed ahead',
    edits: [
      {
        file: 'src/terminal/run-line.ts',
        find: 'return concat(CLEAR, TAKE, PASTE,',
        replace: 'return concat(TAKE, PASTE,',
      },
    ],
    tests: ['test/unit/terminal/run-line.test.ts'],
  },
  {
    rule: 'PT3',
    what: 'Ctrl-C waits behind a paste',
    edits: [
      {
        file: 'src/terminal/write-pump.ts',
        find: '      drop();\n      queue = [bytes.slice()];\n      queued = bytes.length;\n',
        replace: '      queue.push(bytes.slice());\n      queued += bytes.length;\n',
      },
    ],
    tests: ['test/unit/terminal/write-pump.test.ts'],
  },
  {
    rule: 'PT4',
    what: 'what a program wrote last is not read',
    edits: [
      {
        file: 'src/terminal/last-output.ts',
        find: 'for (let left = LAST_BYTES_MAX; left > 0;) {',
        replace: 'for (let left = 0; left > 0;) {',
      },
    ],
    tests: ['test/unit/terminal/last-output.test.ts'],
  },
  {
    rule: 'PT4',
    what: 'who goes on writing behind an exit is read for ever',
    edits: [
      {
        file: 'src/terminal/last-output.ts',
        find: '    left -= count;\n',
        replace: '',
      },
    ],
    tests: ['test/unit/terminal/last-output.test.ts'],
  },
  {
    rule: 'SC3',
    what: 'a line broken anew comes below the starting point that it went across',
    edits: [
      {
        file: 'src/terminal/row-numbers.ts',
        find: 'while (isWrapped(next)) next++;',
        replace: 'while (isWrapped(next) && next < 0) next++;',
      },
    ],
    tests: ['test/unit/terminal/visibility.test.ts'],
  },
  {
    rule: 'SC3',
    what: 'rows of before scroll within a region, and below the starting point',
    edits: [
      {
        file: 'src/terminal/row-numbers.ts',
        find: 'if (by === 1 && mark.row >= first && mark.row <= last) mark.row++;',
        replace: 'if (by === 1 && mark.row < 0) mark.row++;',
      },
    ],
    tests: ['test/unit/terminal/visibility.test.ts'],
  },
  {
    rule: 'MK10',
    what: 'the end of a secret whose beginning was left out is kept',
    edits: [
      {
        file: 'src/host/row-mask.ts',
        find: 'return begun < SECRET_CHARS_MIN ? row : hiddenFrom(row, 0, begun);',
        replace: 'return row;',
      },
    ],
    tests: ['test/unit/host/row-mask.test.ts'],
  },
];
