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
];
