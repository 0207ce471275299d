// What a link believes of the other end, broken on purpose.
import type { Planted } from './planted.ts';

export const linkFaults: readonly Planted[] = [
  {
    rule: 'LK1',
    what: 'a link speaks before the other end has proven itself',
    edits: [
      {
        file: 'src/peer/sender.ts',
        find: "let phase: 'first' | 'open' | 'closed' = 'first';",
        replace: "let phase: 'first' | 'open' | 'closed' = 'open';",
      },
    ],
    tests: ['test/unit/peer/link.test.ts', 'test/contract/peer/link.test.ts'],
  },
  {
    rule: 'LK2',
    what: 'any proof will do',
    edits: [
      {
        file: 'src/peer/link.ts',
        find: 'return equalBytes(claim, claimOf(other, wire.binding));',
        replace: 'return claim.length > 0 || equalBytes(claim, claimOf(other, wire.binding));',
      },
    ],
    tests: ['test/unit/peer/link.test.ts', 'test/contract/peer/link.test.ts'],
  },
  {
    rule: 'LK3',
    what: 'who has not proven itself is heard',
    edits: [
      {
        file: 'src/peer/link.ts',
        find: "    if (state.phase === 'proving') return fail('link.binding');\n    hand(taken.value);",
        replace: '    hand(taken.value);',
      },
    ],
    tests: ['test/unit/peer/link.test.ts', 'test/contract/peer/link.test.ts'],
  },
  {
    rule: 'LK4',
    what: 'the replica travels bare where the channel has keys of its own',
    edits: [
      {
        file: 'src/peer/seals.ts',
        find: "lane === 'screen' && bound;",
        replace: "lane !== 'control' && bound;",
      },
    ],
    tests: ['test/unit/peer/link.test.ts', 'test/contract/peer/link.test.ts'],
  },
  {
    rule: 'LK6',
    what: 'a description with two fingerprints is taken',
    edits: [
      {
        file: 'src/peer/rtc-signal.ts',
        find: 'if (only === undefined || found.size > 1) return',
        replace: 'if (only === undefined) return',
      },
    ],
    tests: ['test/unit/peer/rtc-signal.test.ts'],
  },
  {
    rule: 'LK7',
    what: 'a second description may change the channel',
    edits: [
      {
        file: 'src/peer/webrtc.ts',
        find: '        if (described) return giveUp();\n',
        replace: '',
      },
    ],
    tests: ['test/unit/peer/webrtc.test.ts'],
  },
  {
    rule: 'LK8',
    what: 'a message of any announced size is kept',
    edits: [
      {
        file: 'src/peer/pieces.ts',
        find: 'if (length > messageBytesMax || part.length > length)',
        replace: 'if (part.length > length)',
      },
    ],
    tests: [
      'test/unit/peer/link.test.ts',
      'test/contract/peer/link.test.ts',
      'test/property/peer/pieces.test.ts',
    ],
  },
  {
    rule: 'LK8',
    what: 'a piece of any size is taken',
    edits: [
      {
        file: 'src/peer/pieces.ts',
        find: 'if (kind === undefined || piece.length > PIECE_BYTES_MAX)',
        replace: 'if (kind === undefined)',
      },
    ],
    tests: [
      'test/unit/peer/link.test.ts',
      'test/contract/peer/link.test.ts',
      'test/property/peer/pieces.test.ts',
    ],
  },
  {
    rule: 'LK17',
    what: 'a viewer may send faster than it is heard, for ever',
    edits: [
      {
        file: 'src/peer/receiver.ts',
        find: 'const flooded = !isBulk(lane) && handovers[lane].waiting() > UNPROCESSED_BYTES_MAX;',
        replace: 'const flooded = !isBulk(lane) && handovers[lane].waiting() < 0;',
      },
    ],
    tests: ['test/unit/peer/link.test.ts', 'test/contract/peer/link.test.ts'],
  },
  {
    rule: 'LK29',
    what: 'what comes with the welcome is taken for a bad handshake, and lost',
    edits: [
      {
        file: 'src/peer/reach.ts',
        find: 'const wire = { ...websocketWire(socket.value), onMessage: line.handOn };',
        replace: 'const wire = websocketWire(socket.value);',
      },
    ],
    tests: ['test/contract/peer/arrival.test.ts'],
  },
  {
    rule: 'RD6',
    what: 'one who leaves while it connects dials once more',
    edits: [
      {
        file: 'src/peer/answering.ts',
        find: '      over = true;\n',
        replace: '',
      },
    ],
    tests: ['test/unit/peer/arrival.test.ts'],
  },
  {
    rule: 'LK30',
    what: 'one address opens as many sockets as it likes, and proves nothing on any',
    edits: [
      {
        file: 'src/host/strangers.ts',
        find: 'if (all >= STRANGERS_MAX || here >= STRANGERS_PER_ADDRESS_MAX) return null;',
        replace: '',
      },
    ],
    tests: ['test/integration/host/listeners.test.ts'],
  },
  {
    rule: 'LK25',
    what: 'a message that its taker fails on ends the whole process',
    edits: [
      {
        file: 'src/peer/handover.ts',
        find: '    } catch {\n      fail();\n      return;\n    }',
        replace: '    } finally {\n      busy = false;\n    }',
      },
    ],
    tests: ['test/unit/peer/link.test.ts'],
  },
  {
    rule: 'LK23',
    what: 'a server outside is asked on this network',
    edits: [
      {
        file: 'src/peer/ice.ts',
        find: '  return isNearby(hostOf(url)) ? [] : (setting ?? [STUN_DEFAULT]);',
        replace: '  return setting ?? [STUN_DEFAULT];',
      },
    ],
    tests: ['test/unit/peer/ice.test.ts'],
  },
  {
    rule: 'LK28',
    what: 'viewers are told of the relay',
    edits: [
      {
        file: 'src/peer/ice.ts',
        find: 'servers.filter(({ urls }) => /^stuns?:/.test(urls));',
        replace: 'servers;',
      },
    ],
    tests: ['test/unit/peer/ice.test.ts'],
  },
  {
    rule: 'LK5',
    what: 'a box that does not open is passed over',
    edits: [
      {
        file: 'src/peer/seals.ts',
        find: 'open: (lane, box) => (bare(lane) ? ok(box) : openers[lane](box)),',
        replace:
          "open: (lane, box) => {\n      const opened = bare(lane) ? ok(box) : openers[lane](box);\n      return opened.ok || lane === 'control' ? opened : ok(box.subarray(SEAL_BYTES));\n    },",
      },
    ],
    tests: ['test/contract/peer/link.test.ts'],
  },
  {
    rule: 'LK10',
    what: 'bulk leaves whatever is under way',
    edits: [
      {
        file: 'src/peer/sender.ts',
        find: "    return flight.above(lane) + bytes > windows[lane].bytes ? 'lane' : 'send';",
        replace: "    return flight.above(lane) + bytes < 0 ? 'lane' : 'send';",
      },
    ],
    tests: ['test/contract/peer/link.test.ts'],
  },
  {
    rule: 'LK12',
    what: 'a viewer acknowledges what it was never sent, and gets all at once',
    edits: [
      {
        file: 'src/peer/flight.ts',
        find: "if (position < flight.acked || position > flight.sent) return err('link.protocol');",
        replace: "if (position < flight.acked) return err('link.protocol');",
      },
    ],
    tests: ['test/property/peer/window.test.ts'],
  },
  {
    rule: 'LK12',
    what: 'more than a window is kept unprocessed',
    edits: [
      {
        file: 'src/peer/receipts.ts',
        find: "return unprocessed > WINDOW_BYTES_MAX ? err('link.protocol') : ok('taken');",
        replace: "return unprocessed < 0 ? err('link.protocol') : ok('taken');",
      },
    ],
    tests: ['test/property/peer/window.test.ts'],
  },
  {
    rule: 'LK20',
    what: 'a wire keeps without end what nobody listens to',
    edits: [
      {
        file: 'src/peer/wire.ts',
        find: 'export const KEPT_PIECES_MAX = 64;',
        replace: 'export const KEPT_PIECES_MAX = 1000;',
      },
    ],
    tests: ['test/contract/peer/wire.test.ts'],
  },
  {
    rule: 'LK23',
    what: 'a stranger’s server learns who meets on this network',
    edits: [
      {
        file: 'src/peer/ice.ts',
        find: 'return isNearby(hostOf(url)) ? [] : (setting ?? [STUN_DEFAULT]);',
        replace: 'return isNearby(hostOf(url)) ? (setting ?? []) : (setting ?? [STUN_DEFAULT]);',
      },
    ],
    tests: ['test/unit/peer/ice.test.ts'],
  },
];
