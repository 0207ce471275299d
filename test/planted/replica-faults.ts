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
];
