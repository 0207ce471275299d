// Alice shares; Bob, Carol and the rest join. Their keys, grants and blocks, for fixtures.
import * as v from 'valibot';
import { lasting, PRESETS, type Capabilities } from '../../src/protocol/capability.ts';
import { encodeCbor } from '../../src/protocol/codec.ts';
import type { Block, Participant, Row, StyleRun } from '../../src/protocol/document.ts';
import type { SignedGrant } from '../../src/protocol/grant.ts';
import { InviteId, KnockId, PublicKey, SessionId } from '../../src/protocol/ids.ts';

export const NOW = Date.now();

export const sessionOf = (letter: string): SessionId => v.parse(SessionId, `${letter.repeat(21)}A`);
export const keyOf = (letter: string): PublicKey => v.parse(PublicKey, `${letter.repeat(42)}A`);
export const knockOf = (letter: string): KnockId => v.parse(KnockId, `${letter.repeat(10)}A`);
export const inviteOf = (letter: string): InviteId => v.parse(InviteId, `${letter.repeat(10)}A`);

export const ALICE = keyOf('A');
export const BOB = keyOf('B');
export const CAROL = keyOf('C');
export const DAVE = keyOf('D');

export const ROSTER: readonly Participant[] = [
  { key: ALICE, name: 'Alice Moreau', hue: 260, role: 'sharer', present: true },
  { key: BOB, name: 'Bob', hue: 140, role: 'viewer', present: true },
  { key: CAROL, name: 'Carol Ito', hue: 45, role: 'viewer', present: true },
  { key: DAVE, name: 'Dave', hue: 340, role: 'viewer', present: false },
];

export function grantOf(to: PublicKey, capabilities: Capabilities): SignedGrant {
  const grant = { session: sessionOf('s'), number: 1, to, start: 1, capabilities, at: NOW };
  return { grant: encodeCbor(grant), signature: new Uint8Array(64) };
}

export const GRANTS = {
  [BOB]: grantOf(BOB, {
    ...lasting(PRESETS.editor, NOW + 38 * 60_000),
    ...lasting(PRESETS.viewer, null),
  }),
  [CAROL]: grantOf(CAROL, lasting(PRESETS.viewer, null)),
  [DAVE]: grantOf(DAVE, lasting(PRESETS.collaborator, null)),
};

/** Rows written with `{1}text{}` marks: a palette number, `b` for bold, `{}` back to default. */
export function rowsOf(...texts: string[]): readonly Row[] {
  return texts.map((marked) => {
    const runs: StyleRun[] = [];
    let text = '';
    let [fg, flags] = [-1, 0];
    for (const part of marked.split(/(\{[^}]*\})/)) {
      const mark = /^\{([b]?)(\d*)\}$/.exec(part);
      if (mark === null) {
        text += part;
        if (part !== '') runs.push({ length: part.length, fg, bg: -1, flags });
        continue;
      }
      flags = mark[1] === 'b' ? 1 : 0;
      fg = mark[2] === '' ? -1 : Number(mark[2]);
    }
    return { text, wrapped: false, runs };
  });
}

let number = 0;
export function blockOf(command: string, rows: readonly Row[], more: Partial<Block> = {}): Block {
  number += 1;
  const startedAt = NOW - (40 - number) * 45_000;
  return {
    number,
    author: ALICE,
    command,
    directory: '~/src/harbor',
    branch: 'main',
    startedAt,
    endedAt: startedAt + 340,
    exit: 0,
    state: 'done',
    firstRow: number * 100,
    head: rows,
    omitted: 0,
    tail: [],
    ...more,
  };
}

export const BLOCKS: readonly Block[] = [
  blockOf(
    'git status --short',
    rowsOf(' {1}M{} src/harbor.ts', ' {1}M{} src/tide.ts', '{2}A{}  test/tide.test.ts'),
  ),
  blockOf(
    'ls -la --color',
    rowsOf(
      'total 48',
      'drwxr-xr-x  9 alice alice 4096 Nov 22 17:05 {b12}.{}',
      'drwxr-xr-x  4 alice alice 4096 Nov 22 16:41 {b12}..{}',
      '-rw-r--r--  1 alice alice  812 Nov 22 17:01 package.json',
      '-rwxr-xr-x  1 alice alice 2210 Nov 22 17:01 {b10}release.sh{}',
      'drwxr-xr-x  6 alice alice 4096 Nov 22 17:05 {b12}src{}',
      'drwxr-xr-x  3 alice alice 4096 Nov 22 17:04 {b12}test{}',
    ),
  ),
  blockOf(
    'npm test',
    rowsOf(
      '',
      ' {2}✓{} test/harbor.test.ts {8}(14 tests){} 38ms',
      ' {b1}✗{} test/tide.test.ts {8}(9 tests | {1}1 failed{8}){} 112ms',
      '   {1}× high tide in 東京 comes at 06:12{}',
      '     {1}→ expected 06:12 to be 06:21 // Object.is equality{}',
      '',
      ' {8}Test Files{}  {1}1 failed{} | {2}1 passed{} (2)',
      ' {8}     Tests{}  {1}1 failed{} | {2}22 passed{} (23)',
      ' {8}  Duration{}  1.84s',
    ),
    { exit: 1, author: BOB, endedAt: NOW - 37 * 45_000 + 1840 },
  ),
  blockOf(
    'for port in 4270 4271; do\n  ss -ltn "sport = :$port"\ndone',
    rowsOf(
      'State   Recv-Q  Send-Q  Local Address:Port  Peer Address:Port',
      'LISTEN  0       511         127.0.0.1:4270       0.0.0.0:*',
    ),
  ),
  blockOf(
    'tail -f harbor.log',
    rowsOf(
      '{6}17:12:08{} {2}INFO{}  gate 3 open',
      '{6}17:12:11{} {3}WARN{}  tide sensor 7 silent for 9 s',
      '^C',
    ),
    {
      exit: 130,
      endedAt: NOW - 36 * 45_000 + 24_000,
    },
  ),
];
