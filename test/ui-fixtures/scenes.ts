// Every state a person can meet, by name. `app` scenes are the sharer's page, `join` scenes the
// visitor's. `press` is done by the screenshots afterwards: roles and names, as a person would.
import { lasting, PRESETS } from '../../src/protocol/capability.ts';
import type { Fault } from '../../src/protocol/faults.ts';
import type { SessionCard } from '../../src/protocol/app.ts';
import type { Connection, ViewerState } from '../../src/session/viewer-state.ts';
import type { AppState } from '../../src/ui/model/ports.ts';
import {
  ALICE,
  BLOCKS,
  blockOf,
  BOB,
  CAROL,
  knockOf,
  keyOf,
  NOW,
  rowsOf,
  sessionOf,
} from './people.ts';
import { THREAD_SCENES } from './thread-scenes.ts';
import { AT_PROMPT, guestOf, inviteCard, PROMPT, stateOf } from './pretended-viewer.ts';

export interface Scene {
  readonly page: 'app' | 'join';
  readonly state: ViewerState;
  readonly screen?: string;
  readonly app?: Partial<Extract<AppState, { phase: 'entered' }>>;
  readonly appState?: AppState;
  /** Why no further terminal can be opened. */
  readonly fails?: Fault;
  /** The visitor's address. */
  readonly hash?: string;
  readonly path?: string;
  readonly known?: boolean;
  /** What happens once the page stands. */
  readonly later?: Partial<ViewerState>;
  readonly press?: readonly Press[];
  /** Where it can be met at all; everywhere unless said. */
  readonly sizes?: readonly ('wide' | 'narrow')[];
}

export type Press =
  | {
      readonly role: 'button' | 'menuitem' | 'radio' | 'article';
      readonly name: string;
      readonly how?: 'context';
    }
  | { readonly fill: string; readonly name: string }
  | { readonly key: string };

const CARDS: readonly SessionCard[] = [
  { id: sessionOf('s'), title: '~/src/harbor', viewers: 2, waiting: 0 },
  { id: sessionOf('t'), title: 'vim notes.md', viewers: 0, waiting: 0 },
  { id: sessionOf('u'), title: '~/infra', viewers: 0, waiting: 1 },
];

export const ENTERED: Extract<AppState, { phase: 'entered' }> = {
  phase: 'entered',
  me: { name: 'Alice Moreau', hue: 260 },
  reaches: ['local', 'lan', 'signal'],
  addresses: ['192.168.1.5'],
  signal: 'wss://signal.example.org',
  sessions: CARDS,
};

const FRAMES = Array.from(
  { length: 40 },
  (_, n) =>
    `\u001b[36m[${String(n + 1).padStart(2)}/40]\u001b[0m compiling \u001b[1mcrate-${n + 1}\u001b[0m v0.${n}.1`,
);
const RUNNING = blockOf(
  'cargo build --release',
  rowsOf(
    ...Array.from(
      { length: 18 },
      (_, n) => `{6}[${String(n + 1).padStart(2)}/40]{} compiling {b}crate-${n + 1}{} v0.${n}.1`,
    ),
  ),
  {
    number: BLOCKS.length + 1,
    endedAt: null,
    exit: null,
    state: 'running',
    firstRow: 900,
    startedAt: NOW - 42_000,
  },
);
const TOP_BAR =
  '\u001b[7m  PID USER      PRI  NI  VIRT   RES S  CPU%  MEM%   TIME+  Command' +
  ' '.repeat(34) +
  '\u001b[0m';
const TOP = `\u001b[?1049h\u001b[H\u001b[1mTasks:\u001b[0m 112, \u001b[32m2 running\u001b[0m   \u001b[1mLoad:\u001b[0m 0.42 0.51 0.48   \u001b[1mUptime:\u001b[0m 12 days\r\n CPU \u001b[32m||||||||||||||\u001b[31m|||\u001b[0m                       32.1%\r\n Mem \u001b[32m|||||||||||\u001b[34m||||\u001b[33m||||||||\u001b[0m              6.1G/15.9G\r\n\r\n${TOP_BAR}\r\n${Array.from({ length: 18 }, (_, n) => ` ${String(4200 + n * 7)} alice      20   0  812M  ${90 - n * 3}M S  \u001b[32m${(12.4 - n * 0.6).toFixed(1)}\u001b[0m   ${(2.4 - n * 0.1).toFixed(1)}  0:1${n % 10}.22  \u001b[36mnode\u001b[0m harbor-${n}.js`).join('\r\n')}`;

const document = stateOf({}).document;
if (document === null) throw new Error('a fixture has its document');
const busy = { ...AT_PROMPT, shell: 'running' as const };
const knock = (letter: string, name: string, hue: number) => ({
  id: knockOf(letter),
  key: keyOf(letter),
  name,
  hue,
  words: 'copper lantern violet meadow',
  at: NOW,
  capabilities: lasting(PRESETS.viewer, null),
});
const desk = { knocks: [], requests: [], invites: [], notices: [] };
const app = (patch: Partial<ViewerState> = {}, more: Partial<Scene> = {}): Scene => ({
  page: 'app',
  state: stateOf(patch),
  screen: PROMPT,
  ...more,
});
const joining = (connection: Connection, more: Partial<Scene> = {}): Scene => ({
  page: 'join',
  state: guestOf({
    connection,
    document: null,
    blocks: [],
    place: null,
    grant: null,
    session: null,
  }),
  hash: '#m1.abc.def.ghi',
  known: true,
  ...more,
});
const guest = (patch: Partial<ViewerState> = {}, more: Partial<Scene> = {}): Scene => ({
  page: 'join',
  state: guestOf(patch),
  screen: PROMPT,
  path: `/s/${sessionOf('s')}`,
  ...more,
});
const many = Array.from({ length: 5000 }, (_, n) =>
  blockOf(
    `echo ${n}`,
    rowsOf(
      ...Array.from(
        { length: 1 + (n % 17) },
        (_, row) => `{${1 + (row % 6)}}row ${row}{} of block ${n}`,
      ),
    ),
    {
      number: n + 1,
      startedAt: NOW - (5000 - n) * 9000,
      endedAt: NOW - (5000 - n) * 9000 + n,
      exit: n % 23 === 0 ? 2 : 0,
    },
  ),
);

export const SCENES: Readonly<Record<string, Scene>> = {
  ...THREAD_SCENES,
  app: app(),
  'app-first': app({ blocks: [], place: { ...AT_PROMPT, block: 1 } }),
  'app-running': app(
    {
      blocks: [...BLOCKS, RUNNING],
      place: { ...busy, top: 916 },
      document: {
        ...document,
        shell: 'running',
        queue: [
          { id: 1, author: BOB, text: 'cargo test' },
          { id: 2, author: ALICE, text: 'git push' },
        ],
      },
    },
    { screen: FRAMES.slice(16, 38).join('\r\n') },
  ),
  'app-full': app(
    {
      blocks: [...BLOCKS, { ...RUNNING, command: 'htop', head: [] }],
      place: { ...busy, alternate: true },
    },
    { screen: TOP },
  ),
  'app-knock': app({ desk: { ...desk, knocks: [knock('E', 'Erin Okafor', 200)] } }),
  'app-request': app({
    desk: {
      ...desk,
      requests: [{ key: CAROL, name: 'Carol Ito', capabilities: [...PRESETS.editor], at: NOW }],
    },
  }),
  'app-people': app({}, { press: [{ role: 'button', name: 'Participants' }] }),
  'app-access': app(
    {},
    {
      press: [
        { role: 'button', name: 'Participants' },
        { role: 'button', name: 'Change access' },
      ],
    },
  ),
  'app-share': app({}, { press: [{ role: 'button', name: 'Share' }] }),
  'app-share-block': app(
    {},
    {
      press: [
        { role: 'article', name: 'npm test', how: 'context' },
        { role: 'menuitem', name: 'Share from this block' },
      ],
    },
  ),
  'app-invite': app(
    { desk: { ...desk, invites: [inviteCard()] } },
    {
      press: [
        { role: 'button', name: 'Share' },
        { role: 'button', name: 'Make an invite' },
      ],
    },
  ),
  'app-menu': app({}, { press: [{ role: 'article', name: 'npm test', how: 'context' }] }),
  'app-more': app({}, { press: [{ role: 'button', name: 'More' }] }),
  'app-palette': app(
    {},
    { press: [{ key: 'Control+k' }, { fill: 'sha', name: 'Find a command' }] },
  ),
  'app-join': app(
    {},
    {
      press: [
        { key: 'Control+k' },
        { fill: 'join', name: 'Find a command' },
        { key: 'Enter' },
        { fill: '4271-apple-tiger', name: 'Code with its place' },
      ],
      app: { signal: null },
    },
  ),
  'app-notices': app(
    {},
    {
      later: {
        desk: {
          ...desk,
          notices: [
            { fault: 'invite.used', at: NOW + 1 },
            { fault: 'code.closed', at: NOW + 2 },
          ],
        },
      },
    },
  ),
  'app-exited': app({ place: { ...AT_PROMPT, shell: 'exited' } }),
  'app-start': app({}, { app: { sessions: [] } }),
  'app-start-failed': app(
    {},
    {
      app: { sessions: [] },
      fails: 'terminal.noShell',
      press: [{ role: 'button', name: 'New terminal' }],
    },
  ),
  'app-failed': app(
    {},
    { fails: 'terminal.tooMany', press: [{ role: 'button', name: 'New terminal' }] },
  ),
  'app-refused': app({}, { appState: { phase: 'refused', fault: 'app.token' } }),
  'app-away': app({}, { appState: { phase: 'away', attempt: 2 } }),
  'app-many': app({ blocks: many, place: { ...AT_PROMPT, block: 5001 } }),
  'join-form': { ...joining({ phase: 'reaching', attempt: 1 }), hash: '' },
  'join-person': joining({ phase: 'reaching', attempt: 1 }, { known: false }),
  'join-reaching': joining({ phase: 'reaching', attempt: 1 }),
  'join-connecting': joining({ phase: 'connecting', attempt: 1 }),
  'join-knocking': joining({
    phase: 'knocking',
    words: 'copper lantern violet meadow',
    sharer: 'Alice',
  }),
  'join-denied': joining({ phase: 'over', fault: 'invite.denied' }),
  'join-back': joining(
    { phase: 'away', fault: 'signal.noRoom', attempt: 3 },
    { hash: '', path: `/s/${sessionOf('s')}` },
  ),
  viewer: guest(),
  'viewer-asked': guest({ request: 'open' }),
  'viewer-editor': guest({
    grant: { ...stateGrant(), capabilities: lasting(PRESETS.editor, null) },
  }),
  'viewer-running': guest(
    { blocks: [...BLOCKS, RUNNING], place: { ...busy, top: 916 } },
    { screen: FRAMES.slice(16, 38).join('\r\n') },
  ),
  'viewer-full': guest({ place: { ...busy, alternate: true } }, { screen: TOP }),
  'viewer-away': guest(
    {},
    { later: { connection: { phase: 'away', fault: 'link.silent', attempt: 2 } } },
  ),
  'viewer-over': guest({}, { later: { connection: { phase: 'over', fault: 'share.ended' } } }),
  'viewer-people': guest({}, { press: [{ role: 'button', name: 'Participants' }] }),
};

function stateGrant() {
  const { grant } = guestOf();
  if (grant === null) throw new Error('a guest has a grant');
  return grant;
}
