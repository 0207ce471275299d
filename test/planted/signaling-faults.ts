// The service that introduces peers, broken on purpose.
import type { Planted } from './planted.ts';

export const signalingFaults: readonly Planted[] = [
  {
    rule: 'SG2',
    what: 'a room is had without proving its key',
    edits: [
      {
        file: 'signaling/rendezvous.ts',
        find: '      else notProven(turn, socket);',
        replace: '      else hold(turn, socket, entry, entry.purpose.room);',
      },
    ],
    tests: ['test/unit/signaling/rendezvous.test.ts'],
  },
  {
    rule: 'SG5',
    what: 'a room is given away as soon as its holder is gone',
    edits: [
      { file: 'signaling/leaving.ts', find: 'until: at + ROOM_KEPT_MS', replace: 'until: at' },
    ],
    tests: ['test/unit/signaling/rendezvous.test.ts'],
  },
  {
    rule: 'SG6',
    what: 'a stranger learns which rooms there are',
    edits: [
      {
        file: 'signaling/lines.ts',
        find: "return refuse(turn, visitor, 'signal.noRoom');",
        replace: "return refuse(turn, visitor, 'signal.taken');",
      },
    ],
    tests: ['test/unit/signaling/rendezvous.test.ts'],
  },
  {
    rule: 'SG8',
    what: 'anyone speaks on any line',
    edits: [
      {
        file: 'signaling/lines.ts',
        find: 'return mine ? line : undefined;',
        replace: 'return mine ? line : line;',
      },
    ],
    tests: ['test/unit/signaling/rendezvous.test.ts'],
  },
  {
    rule: 'SG9',
    what: 'what was relayed is kept',
    edits: [
      {
        file: 'signaling/lines.ts',
        find: '[side]: { socket: from, chars, messages }',
        replace: '[side]: { socket: from, chars, messages, body }',
      },
    ],
    tests: ['test/unit/signaling/rendezvous.test.ts'],
  },
  {
    rule: 'SG10',
    what: 'nonsense may be sent for ever',
    edits: [
      {
        file: 'signaling/leaving.ts',
        find: '  if (offences >= OFFENCES_MAX) close(turn, socket);\n',
        replace: '',
      },
    ],
    tests: ['test/unit/signaling/rendezvous.test.ts', 'test/unit/signaling/limits.test.ts'],
  },
  {
    rule: 'SG11',
    what: 'an address may join without end',
    edits: [
      {
        file: 'signaling/rendezvous.ts',
        find: "      if (!spendJoin(turn, socket, entry)) return refuse(turn, socket, 'signal.busy'); // [SG11]\n",
        replace: '',
      },
    ],
    tests: ['test/unit/signaling/limits.test.ts'],
  },
  {
    rule: 'SG11',
    what: 'on a LAN all behind one address share its joins',
    edits: [
      {
        file: 'src/host/listeners.ts',
        find: "const limits = reach === 'lan' ? { joinsBy: 'socket' as const } : {};",
        replace: 'const limits = {};',
      },
    ],
    tests: ['test/integration/host/listeners.test.ts'],
  },
  {
    rule: 'SG12',
    what: 'an address may hold any number of rooms',
    edits: [
      {
        file: 'signaling/rooms.ts',
        find: 'if (register.rooms.size >= limits.rooms || address.rooms >= limits.roomsPerAddress) {',
        replace: 'if (register.rooms.size < 0 || address.rooms < 0) {',
      },
    ],
    tests: ['test/unit/signaling/limits.test.ts'],
  },
  {
    rule: 'SG16',
    what: 'a page may be put into another’s frame and run what is in it',
    edits: [
      {
        file: 'signaling/page-headers.ts',
        find: "\"script-src 'self' 'wasm-unsafe-eval'\",",
        replace: "\"script-src 'self' 'unsafe-inline' 'unsafe-eval'\",",
      },
    ],
    tests: ['test/integration/signaling/page.test.ts'],
  },
  {
    rule: 'SG17',
    what: 'a visitor says itself where it comes from',
    edits: [
      {
        file: 'signaling/address.ts',
        find: 'if (!behindProxy || forwardedFor === undefined) return peer;',
        replace: 'if (forwardedFor === undefined) return peer;',
      },
    ],
    tests: ['test/unit/signaling/address.test.ts', 'test/integration/signaling/page.test.ts'],
  },
  {
    rule: 'SG18',
    what: 'another site’s page opens sockets',
    edits: [
      {
        file: 'signaling/http.ts',
        find: 'return URL.canParse(origin) && new URL(origin).host === mine;',
        replace: 'return URL.canParse(origin) || new URL(origin).host === mine;',
      },
    ],
    tests: ['test/integration/signaling/page.test.ts'],
  },
  {
    rule: 'SG24',
    what: 'the sharer’s listener answers to a rebound name',
    edits: [
      {
        file: 'signaling/http.ts',
        find: "return options.standalone === true || isOwnHost(request.headers.host ?? '');",
        replace:
          "return options.standalone === true || request.headers.host !== 'x' || isOwnHost('');",
      },
    ],
    tests: ['test/integration/signaling/page.test.ts'],
  },
  {
    rule: 'SG1',
    what: 'a room is named by what its holder likes',
    edits: [
      {
        file: 'signaling/rendezvous.ts',
        find: 'room: sessionIdOf(bytes.value), since',
        replace: 'room: sessionIdOf(bytes.value.toReversed()), since',
      },
    ],
    tests: ['test/unit/signaling/rendezvous.test.ts'],
  },
  {
    rule: 'SG3',
    what: 'a socket that holds a room visits others as well',
    edits: [
      {
        file: 'signaling/rendezvous.ts',
        find: "      if (purpose.phase !== 'none') return offence(turn, socket, 'signal.malformed');\n      if (!spendJoin",
        replace: '      if (!spendJoin',
      },
    ],
    tests: ['test/unit/signaling/rendezvous.test.ts'],
  },
  {
    rule: 'SG4',
    what: 'a socket whose room was taken over stays, with its lines',
    edits: [
      {
        file: 'signaling/rooms.ts',
        find: "    if (room.keeper.phase === 'held') supersede(turn, room.keeper.socket); // [SG4]\n",
        replace: '',
      },
    ],
    tests: ['test/unit/signaling/rendezvous.test.ts'],
  },
  {
    rule: 'SG7',
    what: 'another’s nameplate is had by asking for it',
    edits: [
      {
        file: 'signaling/rooms.ts',
        find: "    if (owner !== undefined || short) return refuse(turn, socket, 'signal.taken');",
        replace: "    if (short) return refuse(turn, socket, 'signal.taken');",
      },
    ],
    tests: ['test/unit/signaling/rendezvous.test.ts'],
  },
  {
    rule: 'SG13',
    what: 'a line carries any amount',
    edits: [
      {
        file: 'signaling/lines.ts',
        find: '  if (chars === undefined || messages === undefined) return hangUp(turn, channel, line); // [SG13]\n  register.lines.set(channel, { ...line, [side]: { socket: from, chars, messages }, usedAt: at });',
        replace:
          '  register.lines.set(channel, { ...line, [side]: line[side], usedAt: chars === messages ? at : at });',
      },
    ],
    tests: ['test/unit/signaling/limits.test.ts'],
  },
  {
    rule: 'SG13',
    what: 'a socket may send without end',
    edits: [
      {
        file: 'signaling/rendezvous.ts',
        find: '  if (messages === undefined) return close(turn, socket); // [SG13] nothing we speak sends so much\n  update(turn, socket, { messages, heardAt: turn.at });',
        replace:
          '  update(turn, socket, { messages: messages ?? entry.messages, heardAt: turn.at });',
      },
    ],
    tests: ['test/unit/signaling/limits.test.ts'],
  },
  {
    rule: 'SG14',
    what: 'what a receiver does not take fills the service’s memory',
    edits: [
      {
        file: 'signaling/rendezvous.ts',
        find: 'if (input.bytes > bytesMax) close(turn, socket); // [SG14]',
        replace: 'if (input.bytes > bytesMax) return;',
      },
    ],
    tests: ['test/unit/signaling/limits.test.ts'],
  },
  {
    rule: 'SG15',
    what: 'a socket may be there for nothing, for ever',
    edits: [
      {
        file: 'signaling/rendezvous.ts',
        find: ' || (waits && at - purpose.since >= PURPOSELESS_MS)',
        replace: ' || (waits && at - purpose.since >= 1000 * PURPOSELESS_MS)',
      },
    ],
    tests: ['test/unit/signaling/limits.test.ts'],
  },
  {
    rule: 'SG15',
    what: 'who has fallen silent keeps its room',
    edits: [
      {
        file: 'signaling/rendezvous.ts',
        find: 'at - heardAt >= SILENT_MS ||',
        replace: 'at - heardAt >= 1000 * SILENT_MS ||',
      },
    ],
    tests: ['test/unit/signaling/limits.test.ts'],
  },
  {
    rule: 'SG15',
    what: 'a line that nobody uses stays',
    edits: [
      {
        file: 'signaling/rendezvous.ts',
        find: '    if (at - line.usedAt >= CHANNEL_IDLE_MS) hangUp(turn, channel, line);\n',
        replace:
          '    if (at - line.usedAt >= 1000 * CHANNEL_IDLE_MS) hangUp(turn, channel, line);\n',
      },
    ],
    tests: ['test/unit/signaling/limits.test.ts'],
  },
  {
    rule: 'SG19',
    what: 'the counts tell which rooms there are',
    edits: [
      {
        file: 'signaling/metrics.ts',
        find: "    ...gauge('sockets', 'Sockets open.', register.sockets.size),",
        replace:
          "    ...[...register.rooms.keys()].map((room) => `# ${room}`),\n    ...gauge('sockets', 'Sockets open.', register.sockets.size),",
      },
    ],
    tests: ['test/unit/signaling/rendezvous.test.ts'],
  },
  {
    rule: 'SG20',
    what: 'a service that never answers holds a visitor for ever',
    edits: [
      {
        file: 'src/peer/signal-join.ts',
        find: "const cancelTimer = clock.after(JOIN_MS, () => feed({ on: 'tooLate' }));",
        replace: 'const cancelTimer = clock.after(JOIN_MS, () => {});',
      },
    ],
    tests: ['test/unit/signaling/room.test.ts'],
  },
  {
    rule: 'SG21',
    what: 'a service that was asked at once is asked again without a pause',
    edits: [
      {
        file: 'src/peer/room.ts',
        find: '  return RETRY_MS_MIN + random() * (capMs - RETRY_MS_MIN);',
        replace: '  return random() * (capMs - RETRY_MS_MIN) * 0;',
      },
    ],
    tests: ['test/unit/signaling/room.test.ts'],
  },
  {
    rule: 'SG21',
    what: 'a service that says nothing keeps a sharer from its room',
    edits: [
      {
        file: 'src/peer/room.ts',
        find: "      return state.phase === 'away'\n        ? dial(state)\n        : leave(state, 'signal.unreachable', random, { do: 'closeSocket' });",
        replace: "      return state.phase === 'away' ? dial(state) : [state, []];",
      },
    ],
    tests: ['test/unit/signaling/room.test.ts'],
  },
  {
    rule: 'SG22',
    what: 'a sharer does not learn that its code leads to someone else',
    edits: [
      {
        file: 'src/peer/room.ts',
        find: "lost ? [{ do: 'nameplateLost', nameplate }] : []",
        replace: "lost ? [] : [{ do: 'nameplateLost', nameplate }]",
      },
    ],
    tests: ['test/unit/signaling/room.test.ts'],
  },
  {
    rule: 'SG23',
    what: 'a service fills a peer’s memory before it listens',
    edits: [
      {
        file: 'src/peer/inbox.ts',
        find: '      else if (kept.length < keptMax) kept.push(item);\n      else overflow(item);',
        replace: '      else if (kept.length >= 0) kept.push(item);\n      else overflow(item);',
      },
    ],
    tests: ['test/unit/signaling/room.test.ts'],
  },
  {
    rule: 'SG23',
    what: 'a service opens lines to a sharer without end',
    edits: [
      {
        file: 'src/peer/room.ts',
        find: '      if (state.channels.length >= CHANNELS_MAX) {',
        replace: '      if (state.channels.length < 0) {',
      },
    ],
    tests: ['test/unit/signaling/room.test.ts'],
  },
  {
    rule: 'AR3',
    what: 'what speaks to signaling has frames at hand',
    edits: [
      {
        file: 'src/peer/signal-room.ts',
        find: "import { openInbox, type Inbox } from './inbox.ts';",
        replace:
          "import { openInbox, type Inbox } from './inbox.ts';\nexport { encodeMessage } from '../protocol/message.ts';",
      },
    ],
    tests: ['test/unit/architecture/architecture.test.ts'],
  },
  {
    rule: 'SG25',
    what: 'a service that is silent holds an invite up for ever',
    edits: [
      {
        file: 'src/peer/signal-room.ts',
        find: 'const NAMEPLATE_MS = 5_000;',
        replace: 'const NAMEPLATE_MS = 5_000_000;',
      },
    ],
    tests: ['test/unit/signaling/room.test.ts'],
  },
  {
    rule: 'SG26',
    what: 'after a restart nobody finds the way back',
    edits: [
      {
        file: 'src/host/ways-in.ts',
        find: '    const place = await reachability.reopen(reach, port);\n',
        replace: '    const place = await reachability.open(reach, port);\n',
      },
    ],
    tests: ['test/unit/host/ways-in.test.ts'],
  },
];
