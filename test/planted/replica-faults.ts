// What a viewer believes of a frame, broken on purpose.
import type { Planted } from './planted.ts';

export const replicaFaults: readonly Planted[] = [
  {
    rule: 'FR2',
    what: 'a frame is believed whoever signed it',
    edits: [
      {
        file: 'src/crdt/frame.ts',
        find: 'if (!(await verify(sessionPublic, tagged(TAGS.frame, frame.head), frame.signature))) {',
        replace: 'if (frame.signature[0] === undefined) {',
      },
    ],
    tests: ['test/unit/crdt/hostile.test.ts', 'test/unit/crdt/replica.test.ts'],
  },
  {
    rule: 'FR2',
    what: 'a frame’s body may be another than was signed',
    edits: [
      {
        file: 'src/crdt/frame.ts',
        find: "  if (!equalBytes(head.value.hash, sha256(frame.body))) return err('frame.badSignature');\n",
        replace: '',
      },
    ],
    tests: ['test/unit/crdt/hostile.test.ts', 'test/unit/crdt/replica.test.ts'],
  },
  {
    rule: 'FR2',
    what: 'a frame of another session counts',
    edits: [
      {
        file: 'src/crdt/frame.ts',
        find: "  if (head.value.session !== sessionIdOf(sessionPublic)) return err('frame.badSignature');\n",
        replace: '',
      },
    ],
    tests: ['test/unit/crdt/hostile.test.ts', 'test/unit/crdt/replica.test.ts'],
  },
  {
    rule: 'FR3',
    what: 'a frame inflates to whatever it likes',
    edits: [
      {
        file: 'src/crdt/frame-body.ts',
        find: 'inflate(frame.body, FRAME_BYTES_MAX)',
        replace: 'inflate(frame.body, FRAME_BYTES_MAX * 4096)',
      },
    ],
    tests: ['test/unit/crdt/hostile.test.ts', 'test/unit/crdt/replica.test.ts'],
  },
  {
    rule: 'FR4',
    what: 'a document that no catalog named is taken',
    edits: [
      {
        file: 'src/crdt/replica.ts',
        find: "    const document = documents.get(frame.head.document);\n    if (document === undefined) return refused('frame.notGranted');",
        replace:
          "    const id0 = frame.head.document;\n    const document = documents.get(id0) ?? openReplicaDocument({ id: id0, kind: 'block', number: 1 }, inflate);",
      },
    ],
    tests: ['test/unit/crdt/hostile.test.ts', 'test/unit/crdt/replica.test.ts'],
  },
  {
    rule: 'FR4',
    what: 'a document may be another than its catalog said',
    edits: [
      {
        file: 'src/crdt/replica-document.ts',
        find: 'if (root === null || root.kind !== kind || root.number !== number) {',
        replace: 'if (root === null) {',
      },
    ],
    tests: ['test/unit/crdt/hostile.test.ts', 'test/unit/crdt/replica.test.ts'],
  },
  {
    rule: 'FR5',
    what: 'a frame of an old epoch or number is taken in',
    edits: [
      {
        file: 'src/crdt/replica-document.ts',
        find: "    if (!isAfter(frame.head, place)) return err('frame.repeated');\n",
        replace: '',
      },
    ],
    tests: ['test/unit/crdt/hostile.test.ts', 'test/unit/crdt/replica.test.ts'],
  },
  {
    rule: 'FR7',
    what: 'the heads after a change may be any',
    edits: [
      {
        file: 'src/crdt/document-copy.ts',
        find: 'if (sameHeads(headsOf(after), heads)) return ok(after);',
        replace: 'if (heads.length >= 0) return ok(after);',
      },
    ],
    tests: ['test/unit/crdt/hostile.test.ts', 'test/unit/crdt/replica.test.ts'],
  },
  {
    rule: 'FR8',
    what: 'a snapshot may lead to any heads',
    edits: [
      {
        file: 'src/crdt/document-copy.ts',
        find: 'if (sameHeads(headsOf(copy), heads)) return ok(copy);',
        replace: 'if (heads.length >= 0) return ok(copy);',
      },
    ],
    tests: ['test/unit/crdt/hostile.test.ts', 'test/unit/crdt/replica.test.ts'],
  },
  {
    rule: 'FR8',
    what: 'a snapshot may be of any size',
    edits: [
      {
        file: 'src/crdt/snapshot-parts.ts',
        find: "  if (bytes > SNAPSHOT_BYTES_MAX) return err('message.tooLarge');\n",
        replace: '',
      },
    ],
    tests: ['test/unit/crdt/snapshot-parts.test.ts'],
  },
  {
    rule: 'FR8',
    what: 'an old snapshot takes the place of newer work',
    edits: [
      {
        file: 'src/crdt/replica-document.ts',
        find: "if (isAfter(place, head) || (isHeld && asking.phase === 'idle'))",
        replace: "if (isHeld && asking.phase === 'idle')",
      },
    ],
    tests: ['test/unit/crdt/hostile.test.ts', 'test/unit/crdt/replica.test.ts'],
  },
  {
    rule: 'FR1',
    what: 'frames leave in whatever order they are signed',
    edits: [
      {
        file: 'src/crdt/document-author.ts',
        find: '    const mine = last.then(work);',
        replace: '    const mine = work();',
      },
    ],
    tests: ['test/unit/crdt/author.test.ts'],
  },
  {
    rule: 'FR6',
    what: 'one who leaves out a frame takes a document away',
    edits: [
      {
        file: 'src/crdt/replica-document.ts',
        find: '    early.keep(frame);\n    return parts',
        replace: '    dropCopy();\n    early.keep(frame);\n    return parts',
      },
    ],
    tests: ['test/unit/crdt/replica.test.ts'],
  },
  {
    rule: 'FR6',
    what: 'a document that nothing mends is asked for without end',
    edits: [
      {
        file: 'src/crdt/replica-document.ts',
        find: "if (asking.phase === 'idle' && asking.times < ASKS_MAX) {",
        replace: "if (asking.phase === 'idle') {",
      },
    ],
    tests: ['test/unit/crdt/hostile.test.ts'],
  },
  {
    rule: 'FR9',
    what: 'what is missing on the disk is not told',
    edits: [
      {
        file: 'src/crdt/replay.ts',
        find: 'dropped: stored.length - used });',
        replace: 'dropped: used - used });',
      },
    ],
    tests: ['test/unit/crdt/author.test.ts'],
  },
  {
    rule: 'FR10',
    what: 'a row that is no row is left out, and the rest believed',
    edits: [
      {
        file: 'src/crdt/row-chunk.ts',
        find: '    if (row === null) return null;',
        replace: '    if (row === null) continue;',
      },
    ],
    tests: ['test/unit/crdt/row-chunk.test.ts'],
  },
  {
    rule: 'FR10',
    what: 'a row is of any length',
    edits: [
      {
        file: 'src/crdt/row-chunk.ts',
        find: 'return raw.length <= ROW_CHARS_MAX ? { text: raw, wrapped: false, runs: [] } : null;',
        replace: 'return { text: raw, wrapped: false, runs: [] };',
      },
    ],
    tests: ['test/unit/crdt/row-chunk.test.ts'],
  },
  {
    rule: 'FR11',
    what: 'the session document grows without end',
    edits: [
      {
        file: 'src/crdt/session-document.ts',
        find: 'isWorn: () => document.changes() > SESSION_CHANGES_MAX,',
        replace: 'isWorn: () => document.changes() > 2 * SESSION_CHANGES_MAX,',
      },
    ],
    tests: ['test/unit/crdt/author.test.ts'],
  },
  {
    rule: 'CT2',
    what: 'a catalog is one message, of any length',
    edits: [
      {
        file: 'src/crdt/catalog.ts',
        find: 'const CATALOG_ENTRIES_MAX = 500;',
        replace: 'const CATALOG_ENTRIES_MAX = 50_000;',
      },
    ],
    tests: ['test/unit/crdt/catalog.test.ts'],
  },
  {
    rule: 'CT4',
    what: 'what one who comes back may not have any more, it keeps',
    edits: [
      {
        file: 'src/crdt/catalog.ts',
        find: '  return { entries: catalogFor(documents.values(), start), gone, behind };',
        replace:
          '  return { entries: catalogFor(documents.values(), start), gone: gone.slice(gone.length), behind };',
      },
    ],
    tests: ['test/unit/crdt/catalog.test.ts'],
  },
  {
    rule: 'CT5',
    what: 'whoever comes back with a forged head gets changes that do not follow on it',
    edits: [
      {
        file: 'src/crdt/document-author.ts',
        find: '    if (!A.hasHeads(doc, hex)) return null;\n',
        replace: '',
      },
    ],
    tests: ['test/unit/crdt/replica.test.ts'],
  },
  {
    rule: 'ST1',
    what: 'what was told to be kept is written a little later',
    edits: [
      {
        file: 'src/crdt/log-node.ts',
        find: '      writeAll(open, bytes, write);\n      end += bytes.length;',
        replace:
          '      setTimeout(() => writeAll(open, bytes, write), 50);\n      end += bytes.length;',
      },
    ],
    tests: ['test/contract/crdt/store.test.ts'],
  },
  {
    rule: 'ST2',
    what: 'a record that changed on the disk is read as it is',
    edits: [
      {
        file: 'src/crdt/log-record.ts',
        find: '    if (!equalBytes(checkOf(content), log.subarray(end + LENGTH_BYTES, from))) break;\n',
        replace: '',
      },
    ],
    tests: ['test/unit/crdt/store-files.test.ts'],
  },
  {
    rule: 'ST3',
    what: 'half of what found no room stays in the log',
    edits: [
      {
        file: 'src/crdt/log-node.ts',
        find: '      if (fstatSync(open).size !== end) ftruncateSync(open, end);\n',
        replace: '',
      },
      {
        file: 'src/crdt/log-node.ts',
        find: '    try {\n      ftruncateSync(open, end);\n    } catch {',
        replace: '    try {\n      fstatSync(open);\n    } catch {',
      },
    ],
    tests: ['test/unit/crdt/store-files.test.ts'],
  },
  {
    rule: 'ST4',
    what: 'a log is rewritten where it lies: a kill leaves neither',
    edits: [
      {
        file: 'src/crdt/log-node.ts',
        find: '  const beside = `${path}.new`;\n',
        replace: '  const beside = path;\n',
      },
    ],
    tests: ['test/unit/crdt/store-files.test.ts'],
  },
  {
    rule: 'ST6',
    what: 'a folder that a living process holds is taken',
    edits: [
      {
        file: 'src/crdt/lock.ts',
        find: "  return holder.started === '' || holder.started === startOf(holder.pid);",
        replace: "  return holder.started === 'never';",
      },
    ],
    tests: ['test/integration/crdt/lock.test.ts'],
  },
  {
    rule: 'ST7',
    what: 'a held key fills the disk',
    edits: [
      {
        file: 'src/host/state-log.ts',
        find: 'if (!catchUp() || grownBytes < compactAt) return;',
        replace: 'if (!catchUp() || grownBytes < compactAt * 1000) return;',
      },
    ],
    tests: ['test/unit/host/state-log.test.ts'],
  },
];
