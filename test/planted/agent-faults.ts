// Masking, broken on purpose.
import type { Planted } from './planted.ts';

export const agentFaults: readonly Planted[] = [
  {
    rule: 'MK1',
    what: 'known values are not looked for',
    edits: [
      {
        file: 'src/agent/masking.ts',
        find: "if (length > 0) tell({ from: at + i + 1 - length, to: at + i + 1, label: 'secret' });",
        replace: '',
      },
    ],
    tests: ['test/unit/agent/masking.test.ts'],
  },
  {
    rule: 'MK2',
    what: 'a word is shown before it has ended',
    edits: [
      {
        file: 'src/agent/secret-words.ts',
        find: "const here = 'from' in mode ? mode.from : next;",
        replace: 'const here = next;',
      },
    ],
    tests: ['test/unit/agent/masking.test.ts', 'test/property/agent/masking.property.test.ts'],
  },
  {
    rule: 'MK4',
    what: 'a key is found by its shape only',
    edits: [
      {
        file: 'src/agent/secret-words.ts',
        find: "      if (name !== 'none') {\n        endWord(word, next);",
        replace: "      if (name === 'sure' && name !== 'sure') {\n        endWord(word, next);",
      },
    ],
    tests: ['test/unit/agent/masking.test.ts'],
  },
  {
    rule: 'MK9',
    what: 'a row is looked at for itself',
    edits: [
      {
        file: 'src/host/row-mask.ts',
        find: "  if (!row.wrapped) return '\\n';",
        replace: "  if (row !== before) return '\\n';",
      },
    ],
    tests: ['test/unit/host/row-mask.test.ts', 'test/integration/host/masking.test.ts'],
  },
  {
    rule: 'MK9',
    what: 'a block keeps its command as it was typed',
    edits: [
      {
        file: 'src/host/block-mask.ts',
        find: 'return { ...start, command: masking.mask(start.command) };',
        replace: 'return start;',
      },
    ],
    tests: ['test/integration/host/masking.test.ts'],
  },
  {
    rule: 'BA2',
    what: 'a command runs whatever was answered',
    edits: [
      {
        file: 'src/agent/built-in/workbench.ts',
        find: "  if (!(await card.ask('execute'))) return rejected(card);",
        replace: "  await card.ask('execute');",
      },
    ],
    tests: ['test/integration/agent/demo-agent.test.ts'],
  },
  {
    rule: 'BA3',
    what: 'a file outside is read unasked',
    edits: [
      {
        file: 'src/agent/built-in/workbench.ts',
        find: "  return !within.startsWith('..') && !isAbsolute(within);",
        replace: "  return within !== '' || isAbsolute(within);",
      },
    ],
    tests: ['test/integration/agent/demo-agent.test.ts'],
  },
  {
    rule: 'BA6',
    what: 'a command outlives an agent that was killed',
    edits: [
      {
        file: 'src/agent/built-in/command-run.ts',
        find: 'read -r _ <&3; kill -KILL 0;',
        replace: 'read -r _ <&3;',
      },
    ],
    tests: ['test/integration/agent/demo-agent.test.ts'],
  },
  {
    rule: 'BA9',
    what: 'a password in the address is told with it',
    edits: [
      {
        file: 'src/agent/built-in/model-endpoint.ts',
        find: 'return { base, shown: base, key: key ?? null };',
        replace: 'return { base, shown: url, key: key ?? null };',
      },
    ],
    tests: ['test/integration/agent/model-agent.test.ts'],
  },
  {
    rule: 'BA10',
    what: 'commands see the model’s key',
    edits: [
      {
        file: 'src/agent/built-in/command-run.ts',
        find: 'const own = new Set<string>(Object.values(MODEL_VARIABLES));',
        replace: 'const own = new Set<string>(Object.keys(MODEL_VARIABLES));',
      },
    ],
    tests: ['test/integration/agent/model-agent.test.ts'],
  },
  {
    rule: 'TV3',
    what: 'a key answers a question that has just appeared in the terminal',
    edits: [
      {
        file: 'src/cli/thread-view.ts',
        find: '  if (scene.at - view.since < READ_MS) return [];\n',
        replace: '',
      },
    ],
    tests: ['test/unit/cli/threads.test.ts'],
  },
  {
    rule: 'TV5',
    what: 'a paste presses keys',
    edits: [
      {
        file: 'src/cli/view-keys.ts',
        find: 'if (rest.startsWith(PASTE_BEGINS)) {',
        replace: "if (rest.startsWith('never' + PASTE_BEGINS)) {",
      },
    ],
    tests: ['test/unit/cli/threads.test.ts'],
  },
  {
    rule: 'MK7',
    what: 'a value that is none is read again and again',
    edits: [
      {
        file: 'src/agent/secret-words.ts',
        find: 'return readings < READINGS_MAX || base + next >= readTo;',
        replace: 'return readings < Infinity || base + next >= readTo;',
      },
    ],
    tests: ['test/unit/agent/masking.test.ts'],
  },
  {
    rule: 'AG21',
    what: 'an agent that was never started is taken to ask',
    edits: [
      {
        file: 'src/host/agent-setup.ts',
        find: 'said.get(lineKey(start)) ?? actsAlone(',
        replace: 'said.get(lineKey(start)) ?? [].some(actsAlone) ?? actsAlone(',
      },
    ],
    tests: ['test/unit/host/agent-setup.test.ts'],
  },
  {
    rule: 'AG22',
    what: 'an agent goes by its whole command line',
    edits: [
      {
        file: 'src/host/agent-setup.ts',
        find: 'const card = { id: NAMED_AGENT, name,',
        replace: 'const card = { id: NAMED_AGENT, name: line || name,',
      },
    ],
    tests: ['test/unit/host/agent-setup.test.ts'],
  },
  {
    rule: 'AG24',
    what: 'what is hidden is what was known at the start',
    edits: [
      {
        file: 'src/host/live-secrets.ts',
        find: '      if (secrets !== known) {',
        replace: '      if (secrets.length > known.length) {',
      },
    ],
    tests: ['test/unit/host/agent-setup.test.ts'],
  },
  {
    rule: 'BA5',
    what: 'a command that refuses to end runs on after Stop',
    edits: [
      {
        file: 'src/agent/built-in/command-run.ts',
        find: "      force ??= setTimeout(() => tell('SIGKILL'), GRACE_MS);\n",
        replace: '',
      },
    ],
    tests: ['test/integration/agent/demo-agent.test.ts'],
  },
  {
    rule: 'MK11',
    what: 'the title of a tool call is written as it was said',
    edits: [
      {
        file: 'src/agent/tool-cards.ts',
        find: 'head.title : shown(patch.title, line),',
        replace: 'head.title : patch.title.slice(0, line),',
      },
    ],
    tests: ['test/integration/host/masking.test.ts'],
  },
  {
    rule: 'MK11',
    what: 'a prompt is written as it was typed',
    edits: [
      {
        file: 'src/agent/thread-turns.ts',
        find: '    { text: mask(text) },',
        replace: '    { text: mask.length > 0 ? text : text },',
      },
    ],
    tests: ['test/integration/host/masking.test.ts'],
  },
  {
    rule: 'BA12',
    what: 'a file is written over what people did meanwhile',
    edits: [
      {
        file: 'src/agent/built-in/workbench.ts',
        find: 'if (place !== (await realPlace(path)) || oldText !== (await textNow(path))) {',
        replace: 'if (place !== (await realPlace(path))) {',
      },
    ],
    tests: ['test/integration/agent/demo-agent.test.ts'],
  },
  {
    rule: 'TH13',
    what: 'what is cut before it is masked is cut within words',
    edits: [
      {
        file: 'src/agent/cut-words.ts',
        find: 'while (at > least && isWord(text, at - 1)) at--;',
        replace: 'while (at > end && isWord(text, at - 1)) at--;',
      },
    ],
    tests: ['test/unit/agent/cut-words.test.ts'],
  },
];
