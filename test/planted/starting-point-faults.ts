// What is withheld from late viewers, handed out on purpose: rows, titles, bytes, documents.
import type { Planted } from './planted.ts';

export const startingPointFaults: readonly Planted[] = [
  {
    rule: 'SP9',
    what: 'in a plain shell who sees from none sees what was before',
    edits: [
      {
        file: 'src/session/sight.ts',
        find: "if (scene.plain) return { sees: 'since', ...scene.here() };",
        replace: "if (scene.plain) return { sees: 'all' };",
      },
    ],
    tests: ['test/unit/session/sight.test.ts'],
  },
  {
    rule: 'SP2',
    what: 'the rows above the starting point are sent',
    edits: [
      {
        file: 'src/host/stage.ts',
        find: 'emulator.screen({ visibleFrom, alternateVisible })',
        replace: 'emulator.screen({ visibleFrom: -Infinity, alternateVisible })',
      },
    ],
    tests: ['test/unit/host/audience.test.ts'],
  },
  {
    rule: 'SP1',
    what: 'who sees from the screen gets the rows that a full-screen program hides',
    edits: [
      {
        file: 'src/host/stage.ts',
        find: 'emulator.mark(emulator.alternate() ? freeRow() : emulator.top())',
        replace: 'emulator.mark(emulator.top())',
      },
    ],
    tests: ['test/unit/host/audience.test.ts'],
  },
  {
    rule: 'SP3',
    what: 'output goes to those whose starting point has not come',
    edits: [
      {
        file: 'src/host/audience.ts',
        find: "        if (sightFor(member.key).sees === 'nothing') continue;\n",
        replace: '',
      },
    ],
    tests: ['test/unit/host/audience.test.ts'],
  },
  {
    rule: 'SP4',
    what: 'the title of before is told',
    edits: [
      {
        file: 'src/host/stage.ts',
        find: "return mayKnow ? placed : { ...placed, title: '' };",
        replace: 'return placed;',
      },
    ],
    tests: ['test/unit/host/audience.test.ts'],
  },
  {
    rule: 'SP7',
    what: 'an alternate screen of before is shown',
    edits: [
      {
        file: 'src/host/stage.ts',
        find: "(sight.sees === 'since' && alternates >= sight.alternateFrom)",
        replace: "sight.sees === 'since'",
      },
    ],
    tests: ['test/unit/host/audience.test.ts'],
  },
  {
    rule: 'CT1',
    what: 'a catalog names segments of before the starting point',
    edits: [
      {
        file: 'src/crdt/catalog.ts',
        find: 'segment: (number, start) => number >= start,',
        replace: 'segment: (number, start) => number >= start - start,',
      },
    ],
    tests: ['test/unit/crdt/catalog.test.ts'],
  },
  {
    rule: 'CT1',
    what: 'a catalog names what was before the starting point',
    edits: [
      {
        file: 'src/crdt/catalog.ts',
        find: 'block: (number, start) => number >= start,',
        replace: 'block: (number, start) => number >= start - start,',
      },
    ],
    tests: ['test/unit/host/audience.test.ts'],
  },
  {
    rule: 'CT3',
    what: 'a withheld document is sent to who asks for a snapshot of it',
    edits: [
      {
        file: 'src/host/audience.ts',
        find: 'if (member === undefined || !mayKeep(document, member.start)) return;',
        replace: 'if (member === undefined) return;',
      },
    ],
    tests: ['test/unit/host/audience.test.ts'],
  },
  {
    rule: 'SP2',
    what: 'a screen shows all rows whatever its viewer may see',
    edits: [
      {
        file: 'src/terminal/emulator.ts',
        find: 'visibleFrom === null ? terminal.rows : visibleFrom - numbers.top();',
        replace: 'visibleFrom === null ? terminal.rows : 0;',
      },
    ],
    tests: ['test/unit/host/audience.test.ts'],
  },
  {
    rule: 'SP3',
    what: 'one who may see no row is sent all rows',
    edits: [
      {
        file: 'src/terminal/emulator.ts',
        find: 'visibleFrom === null ? terminal.rows : visibleFrom - numbers.top();',
        replace: 'visibleFrom === null ? 0 : visibleFrom - numbers.top();',
      },
    ],
    tests: ['test/unit/host/audience.test.ts'],
  },
  {
    rule: 'SP7',
    what: 'every alternate screen is shown to everyone',
    edits: [
      {
        file: 'src/host/stage.ts',
        find: "return sight.sees === 'all' || (sight.sees === 'since' && alternates >= sight.alternateFrom);",
        replace: "return sight.sees !== 'nothing' || alternates >= 0;",
      },
    ],
    tests: ['test/unit/host/audience.test.ts'],
  },
  {
    rule: 'SP4',
    what: 'a title is told to everyone who sees the screen',
    edits: [
      {
        file: 'src/host/stage.ts',
        find: "(sight.sees === 'since' && title.turn >= sight.turn)",
        replace: "sight.sees === 'since'",
      },
    ],
    tests: ['test/unit/host/audience.test.ts'],
  },
  {
    rule: 'SP6',
    what: 'a prompt begins where the cursor is, whatever stands there',
    edits: [
      {
        file: 'src/host/stage.ts',
        find: "return from + rows.findLastIndex((row) => row.text !== '') + 1;",
        replace: 'return rows.length === 0 ? from + 1 : from;',
      },
    ],
    tests: ['test/unit/host/audience.test.ts', 'test/integration/host/starting-point.test.ts'],
  },
  {
    rule: 'SP1',
    what: 'a new terminal shows itself to those who wait for a later block',
    edits: [
      {
        file: 'src/host/audience.ts',
        find: 'else sights.set(key, fromBlock(member.start, scene));',
        replace: 'else sights.set(key, fromBlock(0, scene));',
      },
    ],
    tests: ['test/unit/host/audience.test.ts'],
  },
  {
    rule: 'SP1',
    what: 'who is let in from none sees all',
    edits: [
      {
        file: 'src/session/sight.ts',
        find: 'return fromBlock(scene.nextBlock, scene);',
        replace: 'return fromBlock(scene.firstBlock - 1, scene);',
      },
    ],
    tests: ['test/unit/session/sight.test.ts'],
  },
  {
    rule: 'SP1',
    what: 'who is let in from the screen sees what has left it',
    edits: [
      {
        file: 'src/session/sight.ts',
        find: 'row: scene.topRow(),',
        replace: 'row: { row: () => 0, release: scene.topRow().release },',
      },
    ],
    tests: ['test/unit/session/sight.test.ts'],
  },
  {
    rule: 'SP1',
    what: 'who is let in from the screen sees what comes back to it from above',
    edits: [
      {
        file: 'src/host/stage.ts',
        find: 'emulator.mark(emulator.alternate() ? freeRow() : emulator.top())',
        replace: 'emulator.mark(emulator.alternate() ? freeRow() : 0)',
      },
    ],
    tests: ['test/integration/host/starting-point.test.ts'],
  },
  {
    rule: 'SP5',
    what: 'what waits is told to one who comes later',
    edits: [
      {
        file: 'src/host/admission.ts',
        find: 'if (isLate(effect)) work.hideQueue();',
        replace: '',
      },
    ],
    tests: ['test/integration/host/starting-point.test.ts'],
  },
  {
    rule: 'SP5',
    what: 'the session document keeps its history for one who comes later',
    edits: [
      {
        file: 'src/host/admission.ts',
        find: 'if (isLate(effect)) library.renewSession();',
        replace: '',
      },
    ],
    tests: ['test/integration/host/starting-point.test.ts'],
  },
  {
    rule: 'SP1',
    what: 'one who is back sees all that the terminal shows',
    edits: [
      {
        file: 'src/host/audience.ts',
        find: 'else if (known === undefined) setSight(key, fromBlock(start, scene));',
        replace: 'else if (known === undefined) setSight(key, fromBlock(start - start, scene));',
      },
    ],
    tests: ['test/unit/host/audience.test.ts'],
  },
  {
    rule: 'CT3',
    what: 'what is written to a withheld document goes to who says he has it',
    edits: [
      {
        file: 'src/host/audience.ts',
        find: 'for (const one of have) if (mayKeep(one.id, start)) member.has.add(one.id);',
        replace: 'for (const one of have) member.has.add(one.id);',
      },
    ],
    tests: ['test/unit/host/audience.test.ts'],
  },
  {
    rule: 'SP8',
    what: 'a title begun before a prompt is completed by it',
    edits: [
      {
        file: 'src/host/terminal.ts',
        find: "    if (mark.kind !== 'promptEnd' && mark.kind !== 'continuation') show(sanitizer.cut());\n",
        replace: '',
      },
    ],
    tests: ['test/integration/host/terminal.test.ts'],
  },
];
