// The sharer’s process, broken on purpose: conversations, the app’s own page, the disk.
import type { Planted } from './planted.ts';

export const hostFaults: readonly Planted[] = [
  {
    rule: 'AC11',
    what: 'what finds no room on the disk is forgotten',
    edits: [
      {
        file: 'src/host/state-log.ts',
        find: 'if (!catchUp() || !write(record)) remember(record);',
        replace: 'if (!catchUp() || !write(record)) full();',
      },
    ],
    tests: ['test/unit/host/state-log.test.ts'],
  },
  {
    rule: 'AC11',
    what: 'someone is let in while it cannot be kept',
    edits: [
      {
        file: 'src/host/store-guard.ts',
        find: 'return !mayGoUnkept(options.state().grants, action) && !options.log.isWhole();',
        replace: 'return !mayGoUnkept(options.state().grants, action) && options.log.isWhole();',
      },
    ],
    tests: ['test/unit/host/state-log.test.ts'],
  },
  {
    rule: 'RL8',
    what: 'what one let wait is run after one’s right to run was taken',
    edits: [
      {
        file: 'src/host/shell-work.ts',
        find: "if (one.author === author) options.shell().terminal().cancelRun(one.id, 'any');",
        replace: "if (one.author === author) options.shell().terminal().cancelRun(-1, 'any');",
      },
    ],
    tests: ['test/integration/host/taken-back.test.ts'],
  },
  {
    rule: 'CT7',
    what: 'all that one asks for is read, whether its link takes it or not',
    edits: [
      {
        file: 'src/host/deliveries.ts',
        find: 'if (queue === undefined || queue.isReading || isBehind(reader.link)) return;',
        replace: 'if (queue === undefined || queue.isReading) return;',
      },
    ],
    tests: ['test/unit/host/deliveries.test.ts'],
  },
  {
    rule: 'CT7',
    what: 'what was asked for is read also for one who has gone',
    edits: [
      {
        file: 'src/host/deliveries.ts',
        find: 'forget: (reader) => void queues.delete(reader),',
        replace: 'forget: () => {},',
      },
    ],
    tests: ['test/unit/host/deliveries.test.ts'],
  },
  {
    rule: 'CT8',
    what: 'a document that cannot be read ends the process',
    edits: [
      {
        file: 'src/host/deliveries.ts',
        find: "const found = await library.since(id, heads).catch(() => 'gone' as const);",
        replace: 'const found = await library.since(id, heads);',
      },
    ],
    tests: ['test/unit/host/deliveries.test.ts'],
  },
  {
    rule: 'ST8',
    what: 'a session that cannot be taken up is passed over in silence',
    edits: [
      {
        file: 'src/host/app.ts',
        find: 'if (!begun.ok) losses.push(begun.fault);',
        replace: 'if (!begun.ok) continue;',
      },
    ],
    tests: ['test/integration/host/app.test.ts'],
  },
  {
    rule: 'TR4',
    what: 'a forgotten beginning shows everything',
    edits: [
      {
        file: 'src/host/stage.ts',
        find: 'for (const [later, begun] of beginnings) if (later > number) return begun;',
        replace: 'for (const [later, begun] of beginnings) if (later < number) return begun;',
      },
    ],
    tests: ['test/unit/host/audience.test.ts'],
  },
  {
    rule: 'TR4',
    what: 'a title of before a segment is told from it on',
    edits: [
      {
        file: 'src/host/stage.ts',
        find: '    look();\n    turn++;\n    return beginningAt(freeRow());',
        replace: '    look();\n    return beginningAt(freeRow());',
      },
    ],
    tests: ['test/unit/host/audience.test.ts'],
  },
  {
    rule: 'TR6',
    what: 'a conversation goes on in the segment of before when someone is let in',
    edits: [
      {
        file: 'src/host/sharer-effects.ts',
        find: 'if (isLate(effect)) options.agents.lateAdmission();',
        replace: '',
      },
    ],
    tests: ['test/integration/host/threads.test.ts'],
  },
  {
    rule: 'TR13',
    what: 'the whole of what was before the starting point is given out',
    edits: [
      {
        file: 'src/host/whole-answers.ts',
        find: 'return mayHave(entry, start);',
        replace: 'return mayHave(entry, Math.min(start, 0));',
      },
    ],
    tests: ['test/integration/host/wholes.test.ts', 'test/unit/host/whole-answers.test.ts'],
  },
  {
    rule: 'TR9',
    what: 'an outcome is told before what it stands for is on disk',
    edits: [
      {
        file: 'src/host/agents.ts',
        find: 'void options.settled().then(() => options.answer(actor, told));',
        replace: 'options.answer(actor, told);',
      },
    ],
    tests: ['test/integration/host/threads.test.ts'],
  },
  {
    rule: 'AP1',
    what: 'a rebound name is answered',
    edits: [
      {
        file: 'src/host/app-server.ts',
        find: "return hosts(port).includes(request.headers.host ?? '');",
        replace: 'return hosts(port).length > 0 || request.headers.host === undefined;',
      },
    ],
    tests: ['test/integration/host/app-server.test.ts'],
  },
  {
    rule: 'AP1',
    what: 'any page on this computer opens sockets',
    edits: [
      {
        file: 'src/host/app-server.ts',
        find: 'return origin === undefined || hosts(port).some((host) => origin === `http://${host}`);',
        replace: 'return origin === undefined || hosts(port).length > 0;',
      },
    ],
    tests: ['test/integration/host/app-server.test.ts'],
  },
  {
    rule: 'AP2',
    what: 'the token of a printed link works twice',
    edits: [
      {
        file: 'src/host/tokens.ts',
        find: '      waiting = waiting.filter((token) => token !== found);\n',
        replace: '',
      },
    ],
    tests: ['test/integration/host/app-server.test.ts'],
  },
  {
    rule: 'AP2',
    what: 'any token opens the app',
    edits: [
      {
        file: 'src/host/app-server.ts',
        find: 'if (!options.enter(message.token)) {',
        replace: "if (!options.enter(message.token) && message.token === '') {",
      },
    ],
    tests: ['test/integration/host/app-server.test.ts'],
  },
  {
    rule: 'AP2',
    what: 'the app answers before the token',
    edits: [
      {
        file: 'src/host/app-server.ts',
        find: "    if (phase === 'outside') return socket.close();\n",
        replace: '',
      },
    ],
    tests: ['test/integration/host/app-server.test.ts'],
  },
  {
    rule: 'AP2',
    what: 'whoever finds the port may end meshell',
    edits: [
      {
        file: 'src/host/app-server.ts',
        find: "if (request.method !== 'POST' || !known ||",
        replace: "if (request.method !== 'POST' ||",
      },
    ],
    tests: ['test/integration/host/app-server.test.ts'],
  },
  {
    rule: 'AP3',
    what: 'the app’s token lets in by the guests’ way',
    edits: [
      {
        file: 'src/host/doorkeeper.ts',
        find: 'app: () => null,',
        replace: 'app: () => options.token,',
      },
    ],
    tests: ['test/integration/host/app-door.test.ts'],
  },
  {
    rule: 'ST5',
    what: 'what is on disk may be read by all',
    edits: [
      {
        file: 'src/crdt/log-node.ts',
        find: 'const PRIVATE = 0o600;',
        replace: 'const PRIVATE = 0o644;',
      },
    ],
    tests: ['test/unit/crdt/store-files.test.ts'],
  },
  {
    rule: 'AP5',
    what: 'an agent is signed in without the variables it is started with',
    edits: [
      {
        file: 'src/host/app.ts',
        find: 'const env = { ...options.env, ...start.env };',
        replace: 'const { env } = options;',
      },
    ],
    tests: ['test/integration/host/app.test.ts'],
  },
  {
    rule: 'CP9',
    what: 'a guest opens a listener that the sharer has not chosen',
    edits: [
      {
        file: 'src/host/ways-in.ts',
        find: "by === 'guest' ? inUse : (wish.reach ?? options.reach);",
        replace: 'wish.reach ?? (by === "guest" ? inUse : options.reach);',
      },
    ],
    tests: ['test/unit/host/ways-in.test.ts'],
  },
  {
    rule: 'KN8',
    what: 'one who is being let in is shown out when all its documents are written',
    edits: [
      {
        file: 'src/host/sharer-effects.ts',
        find: 'inTurn(() => letIn(effect));',
        replace: 'inTurn(() => options.admit(effect));',
      },
    ],
    tests: ['test/unit/host/sharer-effects.test.ts'],
  },
  {
    rule: 'CP7',
    what: 'an invite that was being made opens again what has ended',
    edits: [
      {
        file: 'src/host/ways-in.ts',
        find: '    if (begun === era) return ok(made);',
        replace: '    if (begun <= era) return ok(made);',
      },
    ],
    tests: ['test/unit/host/ways-in.test.ts'],
  },
];
