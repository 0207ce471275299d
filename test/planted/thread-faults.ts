// Conversations with agents and their segments, broken on purpose.
import type { Planted } from './planted.ts';

const talk = ['test/unit/agent/conversation.test.ts'];
const segments = ['test/unit/agent/segments.test.ts'];

export const threadFaults: readonly Planted[] = [
  {
    rule: 'TH7',
    what: 'an id is shown whatever it hides',
    edits: [
      {
        file: 'src/agent/thread-menu.ts',
        find: 'return plain && safeText(id) === id && mask(id) === id ? id',
        replace: 'return plain && safeText(id) === id ? id',
      },
    ],
    tests: ['test/unit/agent/thread-parts.test.ts'],
  },
  {
    rule: 'TH13',
    what: 'a tool’s output is masked before its control sequences are taken out',
    edits: [
      {
        file: 'src/agent/agent-gate.ts',
        find: `    const [text, left] = outputText(output.text, raw.slice(0, taken));
    output.text = left;
    const shown = gate(output.masks.push(text));`,
        replace: `    const [text, left] = outputText(output.text, output.masks.push(raw.slice(0, taken)));
    output.text = left;
    const shown = gate(text);`,
      },
    ],
    tests: ['test/unit/agent/agent-gate.test.ts'],
  },
  {
    rule: 'TH13',
    what: 'contents are cut before they are masked',
    edits: [
      {
        file: 'src/agent/tool-content.ts',
        find: 'const all = mask(text + outputEnd(left));',
        replace: 'const all = mask(cutMiddle(text + outputEnd(left), CONTENT_BYTES_MAX).text);',
      },
    ],
    tests: ['test/unit/agent/agent-gate.test.ts'],
  },
  {
    rule: 'TH14',
    what: 'an answer goes on in its part behind what was shown to its very end',
    edits: [
      {
        file: 'src/agent/agent-speech.ts',
        find: 'stream: ++last,\n      since',
        replace: 'stream: 1,\n      since',
      },
    ],
    tests: ['test/unit/agent/agent-gate.test.ts'],
  },
  {
    rule: 'TH18',
    what: 'a question may be answered while its turn is being stopped',
    edits: [
      {
        file: 'src/agent/conversation-agent.ts',
        find: "if (phase.phase === 'running') return [{ ...state, parts }, []];",
        replace: "if (phase.phase !== 'idle') return [{ ...state, parts }, []];",
      },
    ],
    tests: talk,
  },
  {
    rule: 'TH19',
    what: 'cards stay open when their turn ends',
    edits: [
      {
        file: 'src/agent/thread-turns.ts',
        find: 'const quiet = settled(interrupted(state, at), at);',
        replace: 'const quiet = interrupted(state, at);',
      },
    ],
    tests: talk,
  },
  {
    rule: 'TH20',
    what: 'a second prompt is sent while a turn runs',
    edits: [
      {
        file: 'src/agent/prompt-queue.ts',
        find: "if (phase.phase !== 'idle' || phase.queue === 'held' || isFull(state.parts)) return [state, []];",
        replace:
          "if ((phase.phase !== 'idle' && phase.phase !== 'running') || isFull(state.parts)) return [state, []];",
      },
      {
        file: 'src/agent/prompt-queue.ts',
        find: "  if (phase.phase !== 'idle') return [state, []];\n  const { agent } = phase;",
        replace:
          "  if (phase.phase !== 'idle' && phase.phase !== 'running') return [state, []];\n  const { agent } = phase;",
      },
    ],
    tests: talk,
  },
  {
    rule: 'TH21',
    what: 'a process that was replaced is still heard',
    edits: [
      {
        file: 'src/agent/conversation-agent.ts',
        find: '  if (phase.agent !== input.agent) return [state, []];\n',
        replace: '',
      },
    ],
    tests: talk,
  },
  {
    rule: 'TH22',
    what: 'Stop leaves a question open',
    edits: [
      {
        file: 'src/agent/conversation-turn.ts',
        find: 'return andThen(withdrawAll(state), (s) => [\n    { ...s, wakes: wake',
        replace: 'return andThen([state, []], (s) => [\n    { ...s, wakes: wake',
      },
    ],
    tests: talk,
  },
  {
    rule: 'TH28',
    what: 'what waits is not counted',
    edits: [
      {
        file: 'src/agent/prompt-queue.ts',
        find: '+ (queued ? own : 0)',
        replace: '',
      },
    ],
    tests: talk,
  },
  {
    rule: 'TH28',
    what: 'a limit is looked at when a prompt is taken, but not when it is sent',
    edits: [
      {
        file: 'src/agent/prompt-queue.ts',
        find: 'return limitFor(state, payer, ports, { queued: false });',
        replace: "return entry.id > 0 ? 'none' : limitFor(state, payer, ports, { queued: false });",
      },
    ],
    tests: talk,
  },
  {
    rule: 'TH29',
    what: 'leave to prompt counts from when the prompt was queued',
    edits: [
      {
        file: 'src/agent/prompt-queue.ts',
        find: "if (!ports.mayPrompt(leave, state.parts.actsAlone)) return 'noLeave';",
        replace: "if (!ports.mayPrompt(leave, false)) return 'noLeave';",
      },
    ],
    tests: talk,
  },
  {
    rule: 'TH30',
    what: 'a second answer counts too',
    edits: [
      {
        file: 'src/agent/tool-cards.ts',
        find: '  asked.delete(id);\n',
        replace: '',
      },
    ],
    tests: talk,
  },
  {
    rule: 'TH30',
    what: 'anyone may answer always',
    edits: [
      {
        file: 'src/agent/conversation-asks.ts',
        find: 'if (isAlways && !ask.owner)',
        replace: 'if (isAlways && ask.author === undefined)',
      },
    ],
    tests: talk,
  },
  {
    rule: 'TH30',
    what: 'an entry of the queue is everybody’s',
    edits: [
      {
        file: 'src/agent/queue-asks.ts',
        find: "  if (!ask.owner && waiting.entry.author !== ask.author) return { fault: 'thread.notYours' };\n",
        replace: '',
      },
    ],
    tests: talk,
  },
  {
    rule: 'TH32',
    what: 'who comes in the middle of a turn is given the rest of what is being said with its beginning',
    edits: [
      {
        file: 'src/agent/segments.ts',
        find: 'parts: divided(parts, held, at) }',
        replace: 'parts: at < 0 ? divided(parts, held, at) : parts }',
      },
      {
        file: 'src/agent/agent-speech.ts',
        find: 'for (const stream of open()) {',
        replace: 'for (const stream of last < 0 ? open() : []) {',
      },
    ],
    tests: segments,
  },
  {
    rule: 'TR6',
    what: 'who comes in the middle of a word is given its beginning, which was kept back',
    edits: [
      {
        file: 'src/agent/agent-speech.ts',
        find: '        stream.since = 0;',
        replace: '        stream.stream = ++last;',
      },
    ],
    tests: segments,
  },
  {
    rule: 'TH32',
    what: 'a late admission begins no segment',
    edits: [
      {
        file: 'src/agent/segments.ts',
        find: 'admitted: markNow(next) };',
        replace: "admitted: 'none' };",
      },
    ],
    tests: segments,
  },
  {
    rule: 'TH33',
    what: 'a segment shows the title of before',
    edits: [
      {
        file: 'src/agent/segments.ts',
        find: "title: now.parts.given.title > given.title ? head.title : '',",
        replace: 'title: head.title,',
      },
    ],
    tests: segments,
  },
  {
    rule: 'TH33',
    what: 'a queued prompt of before moves to the new segment',
    edits: [
      {
        file: 'src/agent/segments.ts',
        find: '.filter(({ id }) => id >= cut.mark.queue && id < end);',
        replace: '.filter(({ id }) => id > 0 && next === undefined && id < end);',
      },
    ],
    tests: segments,
  },
  {
    rule: 'TH36',
    what: 'a question of before the restart may still be answered',
    edits: [
      {
        file: 'src/agent/restored-thread.ts',
        find: "return turnEnded(said, { reason: 'interrupted', by: null, tokens: null }, at);",
        replace: "return { ...said, turn: { is: 'none' } };",
      },
    ],
    tests: segments,
  },
  {
    rule: 'TH36',
    what: 'after a restart what is shown of a prompt is sent for it',
    edits: [
      {
        file: 'src/agent/restored-thread.ts',
        find: "typed: typed.find(({ id }) => id === entry.id) ?? 'lost',",
        replace: 'typed: { id: entry.id, text: entry.text },',
      },
    ],
    tests: segments,
  },
  {
    rule: 'TH3',
    what: 'an agent’s answer grows without end',
    edits: [
      {
        file: 'src/agent/parts-state.ts',
        find: 'Math.min(PART_TEXT_CHARS_MAX - part.text.length, state.room)',
        replace: 'Math.max(PART_TEXT_CHARS_MAX - part.text.length, state.room)',
      },
    ],
    tests: ['test/unit/agent/thread-parts.test.ts'],
  },
  {
    rule: 'TH4',
    what: 'what a tool shows is of any size',
    edits: [
      {
        file: 'src/agent/safe-text.ts',
        find: '  if (text.length * 3 <= bytesMax || utf8Length(text) <= bytesMax) return { text, cut: false };',
        replace: '  if (bytesMax > 0) return { text, cut: false };',
      },
    ],
    tests: ['test/unit/agent/thread-parts.test.ts'],
  },
  {
    rule: 'TH4',
    what: 'a tool shows any number of things',
    edits: [
      {
        file: 'src/agent/tool-content.ts',
        find: '    if (bytes > CONTENTS_BYTES_MAX) break;\n',
        replace: '',
      },
      {
        file: 'src/agent/tool-content.ts',
        find: 'contents.slice(0, LIST_ITEMS_MAX - items - 1)',
        replace: 'contents.slice(0, 1000 * (LIST_ITEMS_MAX - items - 1))',
      },
    ],
    tests: ['test/unit/agent/thread-parts.test.ts'],
  },
  {
    rule: 'TH5',
    what: 'what an agent says turns a line around',
    edits: [
      {
        file: 'src/agent/safe-text.ts',
        find: ".replace(DIRECTIONS, '')",
        replace: ".replace(DIRECTIONS, '$&')",
      },
    ],
    tests: ['test/unit/agent/thread-parts.test.ts'],
  },
  {
    rule: 'TH5',
    what: 'what an agent says moves a cursor',
    edits: [
      {
        file: 'src/agent/safe-text.ts',
        find: '.replace(CONTROLS, pictured)',
        replace: ".replace(CONTROLS, (one) => (one === '\\u001b' ? one : pictured(one)))",
      },
    ],
    tests: ['test/unit/agent/thread-parts.test.ts'],
  },
  {
    rule: 'TH6',
    what: 'a tool’s output moves the cursor of whoever reads it',
    edits: [
      {
        file: 'src/agent/output-text.ts',
        find: '/(\\u001b\\[[\\d;:]{0,64}m)|',
        replace: '/(\\u001b\\[[\\d;:]{0,64}[A-Za-z])|',
      },
    ],
    tests: ['test/unit/agent/agent-gate.test.ts'],
  },
  {
    rule: 'TH9',
    what: 'a thread takes parts without end',
    edits: [
      {
        file: 'src/agent/parts-state.ts',
        find: 'return state.room <= 0 || state.list.last >= THREAD_PARTS_MAX;',
        replace: 'return state.room < -Infinity || state.list.last < 0;',
      },
    ],
    tests: ['test/unit/agent/thread-parts.test.ts'],
  },
  {
    rule: 'TH9',
    what: 'what an agent does when no turn runs passes for the last turn’s',
    edits: [
      {
        file: 'src/agent/parts-state.ts',
        find: "  const turn = state.turn.is === 'running' ? state.turns : 0;",
        replace: '  const turn = state.turns;',
      },
    ],
    tests: ['test/unit/agent/thread-parts.test.ts'],
  },
  {
    rule: 'TH37',
    what: 'the whole of what is cut is kept as it was said, with its secrets',
    edits: [
      {
        file: 'src/agent/tool-content.ts',
        find: "content: { type: 'input', text: shown }, whole: cut && isWhole ? all : null",
        replace: "content: { type: 'input', text: shown }, whole: cut && isWhole ? text : null",
      },
    ],
    tests: ['test/unit/agent/wholes.test.ts'],
  },
  {
    rule: 'TH37',
    what: 'wholes are kept without end',
    edits: [
      {
        file: 'src/agent/wholes.ts',
        find: '    if (chars <= WHOLES_CHARS_MAX) break;',
        replace: '    if (chars >= 0) break;',
      },
    ],
    tests: ['test/unit/agent/wholes.test.ts'],
  },
  {
    rule: 'TH37',
    what: 'what was replaced is still to be had',
    edits: [
      {
        file: 'src/agent/tool-cards.ts',
        find: '      wholes = withoutWhole(wholes, content);',
        replace: '      wholes = asked.length < 0 ? withoutWhole(wholes, content) : wholes;',
      },
    ],
    tests: ['test/unit/agent/wholes.test.ts'],
  },
];
