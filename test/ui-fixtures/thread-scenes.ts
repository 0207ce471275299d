// Every state of an agent thread that a person can meet, by name.
import { lasting, PRESETS } from '../../src/protocol/capability.ts';
import type { Segment } from '../../src/protocol/thread.ts';
import type { ViewerState } from '../../src/session/viewer-state.ts';
import { ALICE, BLOCKS, BOB, CAROL, NOW, sessionOf } from './people.ts';
import { guestOf, PROMPT, stateOf } from './pretended-viewer.ts';
import type { Press, Scene } from './scenes.ts';
import {
  AGENTS,
  answer,
  CLAUDE,
  DEMO,
  DIFF,
  DONE_TURN,
  end,
  HEAD,
  LONG_OUTPUT,
  MENU,
  NO_MENU,
  notice,
  partsOf,
  permission,
  PLAN,
  plan,
  prompt,
  QUEUE,
  RUNNING_HEAD,
  segmentOf,
  TEST_OUTPUT,
  thought,
  tool,
} from './threads.ts';

const { document } = stateOf({});
if (document === null) throw new Error('a fixture has its document');
const withAgents = { ...document, agents: AGENTS, looksAt: null };

const app = (
  segments: readonly Segment[],
  press: readonly Press[] = [],
  patch: Partial<ViewerState> = {},
): Scene => ({
  page: 'app',
  state: stateOf({ segments, document: withAgents, ...patch }),
  screen: PROMPT,
  press,
});
const guest = (
  segments: readonly Segment[],
  press: readonly Press[] = [],
  preset: keyof typeof PRESETS = 'viewer',
): Scene => {
  const grant = guestOf().grant;
  if (grant === null) throw new Error('a guest has a grant');
  return {
    page: 'join',
    state: guestOf({
      segments,
      document: withAgents,
      grant: { ...grant, capabilities: lasting(PRESETS[preset], null) },
    }),
    screen: PROMPT,
    path: `/s/${sessionOf('s')}`,
    press,
  };
};
/** Looks at the thread on its own. */
const own: readonly Press[] = [{ role: 'button', name: 'Fix the tide table, ' }];

const between = (BLOCKS[2]?.number ?? 3) + 0.5;
const last = (BLOCKS.at(-1)?.number ?? 5) + 0.5;
const done = segmentOf('a', between, {
  parts: DONE_TURN,
  head: { ...HEAD, title: 'Fix the tide table', context: { used: 18_400, size: 200_000 } },
});
const running = (more: Parameters<typeof partsOf>[2][], head = RUNNING_HEAD): Segment =>
  segmentOf('a', last, {
    head,
    parts: [
      ...partsOf(
        1,
        1,
        prompt('Say in one line what this project is.'),
        answer('Tide tables for harbours, in TypeScript.'),
        end({ endedAt: NOW - 236_900, usage: null }),
      ),
      ...partsOf(2, 4, prompt('Why does the tide test fail? Fix it.', BOB, NOW - 34_000), ...more),
    ],
  });
const askEdit = permission('Edit src/tide.ts', { state: 'open' }, { contents: [DIFF] }, null);
const askRun = permission(
  'npm install --save-dev tide-tables@4',
  { state: 'open' },
  {
    contents: [{ type: 'input', text: '{"command":"npm install --save-dev tide-tables@4"}' }],
  },
);
const waiting = { ...RUNNING_HEAD, status: 'waiting' as const };
const failed = segmentOf('b', last + 0.1, {
  agent: CLAUDE,
  head: { ...HEAD, title: 'Release notes' },
  parts: partsOf(
    1,
    1,
    prompt('Write the release notes', CAROL),
    notice('error', 'Claude answered with an error: 429 rate limit reached, try again in 20 s.'),
    end({ reason: 'failed', usage: null }),
  ),
});
const demo = segmentOf('c', last + 0.2, {
  agent: DEMO,
  menu: NO_MENU,
  head: { ...HEAD, title: '' },
  parts: partsOf(
    1,
    1,
    prompt('run uname -a', ALICE),
    answer('I am the demo agent: no model, no AI. I do what the grammar says. Type `help`.'),
    tool('uname -a', { exit: 0 }, { text: 'Linux harbor 6.1.0 x86_64 GNU/Linux\n' }),
    answer('Ran `uname -a`, exit 0.'),
    end({
      endedAt: NOW - 238_800,
      usage: {
        input: 12,
        output: 48,
        thought: null,
        cachedRead: null,
        cachedWrite: null,
        total: 60,
        cost: null,
        estimated: true,
      },
    }),
  ),
});

const besideAlice = guest([done, demo], [{ role: 'button', name: 'Follow Alice Moreau' }]);

export const THREAD_SCENES: Readonly<Record<string, Scene>> = {
  'thread-following': {
    ...besideAlice,
    state: { ...besideAlice.state, document: { ...withAgents, looksAt: done.thread } },
  },
  'thread-following-not': { ...besideAlice, press: [] },
  'thread-timeline': app([done]),
  'thread-done': app([done], own),
  'thread-done-top': app([done], [...own, { role: 'button', name: 'Previous prompt' }]),
  'thread-running': app(
    [
      running([
        thought('The rounding is in tide.ts.', 4),
        PLAN,
        tool(
          'npm test',
          { status: 'in_progress', startedAt: NOW - 9000, endedAt: null },
          { text: TEST_OUTPUT },
        ),
      ]),
      failed,
      demo,
    ],
    own,
  ),
  'thread-thinking': app([running([thought('', null)])], own),
  'thread-streaming': app(
    [
      running([
        thought('Looking.', 2),
        answer('The test fails because `nextTide` rounds to whole **hours'),
      ]),
    ],
    own,
  ),
  'thread-quiet': app([running([], { ...RUNNING_HEAD, quietSince: NOW - 34_000 })], own),
  'thread-permission': app([running([thought('Only one line.', 2), askEdit], waiting)], own),
  'thread-permission-timeline': guest([running([askRun], waiting)], [], 'editor'),
  'thread-permission-guest': guest([running([askRun], waiting)], own, 'collaborator'),
  'thread-permission-editor': guest([running([askRun], waiting)], own, 'editor'),
  'thread-permission-elsewhere': app(
    [running([askRun], waiting), demo],
    [{ role: 'button', name: 'run uname -a, ' }],
  ),
  'thread-answered': app(
    [
      running([
        permission('Edit src/tide.ts', {
          state: 'given',
          option: 'once',
          by: BOB,
          at: NOW - 20_000,
        }),
        permission('rm -rf build', { state: 'given', option: 'no', by: ALICE, at: NOW - 10_000 }),
        permission('npm publish', { state: 'withdrawn' }),
        answer('Then I go on without publishing.'),
      ]),
    ],
    own,
  ),
  'thread-failed': app([failed], [{ role: 'button', name: 'Release notes, ' }]),
  'thread-stopped': app(
    [
      segmentOf('a', last, {
        parts: partsOf(
          1,
          1,
          prompt('Run the whole suite'),
          tool('npm run soak', { status: 'stopped' }, { text: 'round 1 of 200\nround 2 of 200\n' }),
          end({ reason: 'cancelled', by: CAROL }),
        ),
        queue: QUEUE,
      }),
    ],
    own,
  ),
  'thread-exited': app(
    [
      segmentOf('a', last, {
        head: { ...HEAD, title: 'Fix the tide table', status: 'stopped' },
        parts: partsOf(
          1,
          1,
          prompt('Go on'),
          notice(
            'error',
            'OpenCode ended with code 137. Its last words: out of memory.',
            'agent.exited',
          ),
          end({ reason: 'exited', usage: null }),
        ),
      }),
    ],
    own,
  ),
  'thread-interrupted': app(
    [
      segmentOf('a', last, {
        head: { ...HEAD, title: 'Fix the tide table', status: 'stopped' },
        parts: partsOf(
          1,
          1,
          prompt('Go on'),
          answer('I was in the mid'),
          end({ reason: 'interrupted', usage: null }),
        ),
      }),
    ],
    own,
  ),
  'thread-limits': app(
    [
      segmentOf('a', last, {
        head: {
          ...HEAD,
          title: 'Fix the tide table',
          actsAlone: true,
          context: { used: 187_000, size: 200_000 },
        },
        parts: partsOf(
          1,
          1,
          prompt('Summarise every file here'),
          notice(
            'warning',
            'The context is nearly full. A new conversation with a summary works better.',
          ),
          answer('This is a long story.'),
          end({ reason: 'max_tokens' }),
        ),
      }),
    ],
    own,
  ),
  'thread-queue': app([{ ...running([PLAN, answer('Working on it.')]), queue: QUEUE }], own),
  'thread-queue-edit': app(
    [{ ...running([answer('Working on it.')]), queue: QUEUE }],
    [...own, { role: 'button', name: 'Edit Now the same' }],
  ),
  'thread-queue-guest': guest(
    [{ ...running([answer('Working on it.')]), queue: QUEUE }],
    own,
    'collaborator',
  ),
  'thread-output': app(
    [
      running([
        tool('cargo build --release', { exit: 0 }, { text: LONG_OUTPUT, omitted: 120_400 }),
        answer('Built.'),
      ]),
    ],
    own,
  ),
  'thread-diffs': app(
    [
      running([
        tool(
          'Write data/stations.json',
          { tool: 'edit' },
          {
            contents: [
              {
                type: 'diff',
                path: '~/src/harbor/data/stations.json',
                oldText: null,
                newText: Array.from(
                  { length: 90 },
                  (_, n) => `  { "station": ${n}, "name": "Harbour ${n}" },`,
                ).join('\n'),
                added: 2140,
                removed: 0,
                cut: true,
              },
            ],
          },
        ),
        tool(
          'Look at the map',
          { tool: 'fetch' },
          { contents: [{ type: 'link', name: 'map.png', uri: 'https://example.org/map.png' }] },
        ),
        tool(
          'Delete old.ts',
          { tool: 'delete', status: 'failed' },
          { contents: [{ type: 'text', text: 'No such file' }] },
        ),
        tool('Find rounding', { tool: 'search', status: 'pending', endedAt: null }),
      ]),
    ],
    own,
  ),
  'thread-not-reported': app(
    [
      segmentOf('a', last, {
        parts: partsOf(1, 1, prompt('Hello'), answer('Hello.'), end({ usage: null })),
      }),
    ],
    own,
  ),
  'thread-sign-in': app(
    [
      segmentOf('b', last, {
        agent: CLAUDE,
        menu: NO_MENU,
        head: { ...HEAD, status: 'stopped' },
        parts: partsOf(
          1,
          1,
          prompt('Write the release notes', ALICE),
          {
            ...notice(
              'warning',
              'Claude wants someone to sign in on the sharer’s computer first.',
              'agent.signIn',
            ),
            contents: [
              {
                type: 'input',
                text: JSON.stringify([
                  { name: 'Claude login', description: 'Opens /login', command: 'claude /login' },
                  { name: 'API key', description: 'Set ANTHROPIC_API_KEY', command: null },
                ]),
              },
            ],
          },
          end({ reason: 'failed', usage: null }),
        ),
      }),
    ],
    [{ role: 'button', name: 'Write the release notes, ' }],
  ),
  'thread-missing': app(
    [
      segmentOf('b', last, {
        agent: { id: 'gemini', name: 'Gemini CLI', kind: 'agent' },
        menu: NO_MENU,
        head: { ...HEAD, status: 'stopped' },
        parts: partsOf(
          1,
          1,
          prompt('Write the release notes', ALICE),
          notice(
            'error',
            '‘gemini’ was not found on this computer. Install it, or choose another agent.',
            'agent.missing',
          ),
          end({ reason: 'failed', usage: null }),
        ),
      }),
    ],
    [{ role: 'button', name: 'Write the release notes, ' }],
  ),
  'thread-starting': app(
    [
      segmentOf('a', last, {
        head: { ...HEAD, title: 'Fix the tide table', status: 'starting', turn: 1, turnSince: NOW },
        menu: NO_MENU,
        parts: partsOf(1, 1, prompt('Fix it', ALICE, NOW)),
      }),
    ],
    own,
  ),
  'thread-closed': app(
    [{ ...done, head: { ...HEAD, title: 'Fix the tide table', status: 'closed' } }],
    own,
  ),
  'thread-demo': app([demo], [{ role: 'button', name: 'run uname -a, ' }]),
  'thread-demo-timeline': app([demo]),
  'thread-new': app([done], [{ role: 'button', name: 'New conversation' }]),
  'thread-new-chosen': app(
    [],
    [
      { role: 'button', name: 'Agent' },
      { role: 'menuitem', name: 'New conversation' },
      { role: 'button', name: 'OpenCode' },
      { fill: 'Why does the tide test fail?', name: 'Prompt' },
    ],
  ),
  'thread-slash': app([done], [...own, { fill: '/', name: 'Prompt' }]),
  'thread-options': app([done], [...own, { role: 'button', name: 'Mode: Build' }]),
  'thread-menu': app([done], [...own, { role: 'button', name: 'More about this conversation' }]),
  'thread-usage': app(
    [
      segmentOf('a', last, {
        menu: MENU,
        parts: [
          ...partsOf(1, 1, prompt('One', BOB), answer('1'), end()),
          ...partsOf(2, 4, prompt('Two', CAROL), answer('2'), end({ usage: null })),
          ...partsOf(3, 7, prompt('Three', ALICE), answer('3'), end()),
        ],
      }),
    ],
    [
      ...own,
      { role: 'button', name: 'More about this conversation' },
      { role: 'menuitem', name: 'Usage' },
    ],
  ),
  'thread-rename': app(
    [done],
    [
      ...own,
      { role: 'button', name: 'More about this conversation' },
      { role: 'menuitem', name: 'Rename' },
    ],
  ),
  'thread-rail': {
    ...app([done, demo], [{ role: 'button', name: 'Fold the list' }]),
    sizes: ['wide'],
  },
  'thread-share': app([done], [{ role: 'button', name: 'Share' }]),
  'thread-viewer': guest([done]),
  'thread-acts-alone': guest(
    [{ ...done, head: { ...HEAD, title: 'Fix the tide table', actsAlone: true } }],
    own,
    'collaborator',
  ),
  'thread-hostile': app(
    [
      running([
        tool('rm -rf ~ \u202e\u001b[2J', { status: 'pending', endedAt: null }),
        answer(
          '<img src=x onerror=alert(1)> <script>alert(1)</script>\n\n[click](javascript:alert(1)) ![pixel](https://example.org/p.png) [data](data:text/html,x)\n\n[plain](http://example.org)',
        ),
        plan(['Step with <b>markup</b>', 'pending']),
      ]),
    ],
    own,
  ),
};
