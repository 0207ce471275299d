import { expect, test } from 'vitest';
import { lasting, PRESETS } from '../../../src/protocol/capability.ts';
import { HOLD_MS_MAX } from '../../../src/ui/model/crop.ts';
import { sessionModel } from '../../../src/ui/model/session-model.ts';
import { fakeClock } from '../../fake-clock.ts';
import { ALICE, BLOCKS, blockOf, BOB, grantOf, rowsOf } from '../../ui-fixtures/people.ts';
import { segmentOf } from '../../ui-fixtures/threads.ts';
import {
  AT_PROMPT,
  guestOf,
  pretendedViewer,
  stateOf,
} from '../../ui-fixtures/pretended-viewer.ts';

test('what did not change is the same value, so that nothing is drawn for it', () => {
  const viewer = pretendedViewer(stateOf({}), '');
  const model = sessionModel(viewer, fakeClock());
  const [finished, roster] = [model.finished.value, model.roster.value];
  viewer.set({ connection: { phase: 'live', path: 'webrtc', rttMs: 40 } });
  expect(model.finished.value).toBe(finished);
  expect(model.roster.value).toBe(roster);
});

test('Bob may do what his grant says; Alice’s own page may do everything', () => {
  const alice = sessionModel(pretendedViewer(stateOf({}), ''), fakeClock());
  expect(alice.can('manage')).toBe(true);
  const viewer = pretendedViewer(guestOf(), '');
  const bob = sessionModel(viewer, fakeClock());
  expect(bob.can('run')).toBe(false);
  const { grant } = viewer.state();
  if (grant === null) throw new Error('Bob has a grant');
  viewer.set({ grant: { ...grant, capabilities: lasting(PRESETS.editor, null) } });
  expect(bob.can('run')).toBe(true);
});

test('what anyone may do is read from the signed grants; one that is not a grant gives nothing', () => {
  const { document } = stateOf({});
  if (document === null) throw new Error('a fixture has its document');
  const broken = { grant: new Uint8Array([1, 2]), signature: new Uint8Array(64) };
  const grants = { [BOB]: grantOf(BOB, lasting(PRESETS.editor, 5)), [ALICE]: broken };
  const viewer = pretendedViewer(stateOf({ document: { ...document, grants } }), '');
  const model = sessionModel(viewer, fakeClock());
  expect(model.accessOf(BOB).run).toBe(5);
  expect(model.accessOf(ALICE)).toEqual({});
});

test('a command that is refused comes back into the line with its reason', async () => {
  const viewer = pretendedViewer(stateOf({}), '');
  const refusing = {
    ...viewer,
    act: () => Promise.resolve({ ok: false as const, fault: 'command.queueFull' }),
  };
  const model = sessionModel(refusing, fakeClock());
  model.input.set('make');
  await model.run('make');
  expect(model.input.text.value).toBe('make');
  expect(model.notices.value.map((notice) => notice.text)).toEqual([
    'Sixteen commands are waiting already. Wait until one has run.',
  ]);
});

test('a fault code that nobody knows is never shown as it is', async () => {
  const viewer = pretendedViewer(stateOf({}), '');
  const strange = {
    ...viewer,
    act: () => Promise.resolve({ ok: false as const, fault: '<b>boo</b>' }),
  };
  const model = sessionModel(strange, fakeClock());
  await model.act({ type: 'share.end' });
  expect(model.notices.value[0]?.text).not.toContain('boo');
});

test('notices go after a while, and no more than four stand', async () => {
  const clock = fakeClock();
  const model = sessionModel(pretendedViewer(stateOf({}), ''), clock);
  for (const text of ['1', '2', '3', '4', '5', '5']) model.say(text);
  expect(model.notices.value.map((notice) => notice.text)).toEqual(['2', '3', '4', '5']);
  await clock.pass(8000);
  expect(model.notices.value).toEqual([]);
});

test('the cut is held for a document that is late, but not for one that never comes', async () => {
  const clock = fakeClock();
  const viewer = pretendedViewer(stateOf({}), '');
  const model = sessionModel(viewer, clock);
  const next = AT_PROMPT.block + 1;
  viewer.set({ place: { ...AT_PROMPT, from: 930, block: next } });
  expect(model.held.value?.block).toBe(AT_PROMPT.block);
  await clock.pass(HOLD_MS_MAX);
  expect(model.held.value).toEqual({ from: 930, block: next });
});

test('the finished block and the cut change in one step', () => {
  const viewer = pretendedViewer(stateOf({}), '');
  const model = sessionModel(viewer, fakeClock());
  const number = AT_PROMPT.block;
  const running = blockOf('make', [], { number, state: 'running', endedAt: null, exit: null });
  viewer.set({ blocks: [...BLOCKS, running], place: { ...AT_PROMPT, shell: 'running' } });
  expect(model.running.value?.command).toBe('make');
  const seen: string[] = [];
  model.finished.subscribe(
    (blocks) => void seen.push(`${blocks.length} ${model.held.peek()?.block}`),
  );
  viewer.set({ blocks: [...BLOCKS, { ...running, state: 'done', head: rowsOf('ok') }] });
  viewer.set({ place: { ...AT_PROMPT, block: number + 1, from: 940 } });
  expect(seen).toEqual([`${BLOCKS.length} ${number}`, `${BLOCKS.length + 1} ${number + 1}`]);
  expect(model.running.value).toBeUndefined();
});

test('when the shell has exited every block stands above', () => {
  const viewer = pretendedViewer(stateOf({}), '');
  const model = sessionModel(viewer, fakeClock());
  const last = blockOf('exit', [], { number: AT_PROMPT.block });
  viewer.set({ blocks: [...BLOCKS, last], place: { ...AT_PROMPT, shell: 'exited' } });
  expect(model.finished.value.at(-1)).toBe(last);
});

test('Up recalls the blocks’ commands', () => {
  const model = sessionModel(pretendedViewer(stateOf({}), ''), fakeClock());
  model.input.set('gi');
  expect(model.recall('older')).toBe(true);
  expect(model.input.text.value).toBe('tail -f harbor.log');
  expect(model.recall('newer')).toBe(true);
  expect(model.input.text.value).toBe('gi');
});

test('a long paste travels as several actions, in order and whole', () => {
  const viewer = pretendedViewer(stateOf({}), '');
  const model = sessionModel(viewer, fakeClock());
  model.type(new Uint8Array(40_000).map((_, at) => at % 251));
  const sizes = viewer.done.map((action) => (action.type === 'keys.type' ? action.keys.length : 0));
  expect(sizes).toEqual([16_384, 16_384, 7_232]);
});

test('closing ends the watching and every timer', async () => {
  const clock = fakeClock();
  const viewer = pretendedViewer(stateOf({}), '');
  const model = sessionModel(viewer, clock);
  model.say('something');
  model.close();
  expect(clock.timers()).toBe(0);
  viewer.set({ request: 'open' });
  expect(model.request.value).toBe('none');
});

test('where only agents worked, what is before is wanted as well, and again on another link', () => {
  const viewer = pretendedViewer(stateOf({ blocksToCome: 90 }), '');
  const wanted: (readonly number[])[] = [];
  const asking = { ...viewer, want: (numbers: readonly number[]) => void wanted.push(numbers) };
  const model = sessionModel(asking, fakeClock());
  viewer.set({ blocks: [], segments: [140, 142].map((number) => segmentOf('a', number)) });
  model.wantOlder();
  expect(wanted[0]?.slice(0, 3)).toEqual([141, 139, 138]);
  viewer.set({ connection: { phase: 'away', fault: 'link.silent', attempt: 1 } });
  viewer.set({ connection: { phase: 'live', path: 'webrtc', rttMs: null } });
  model.wantOlder();
  expect(wanted).toHaveLength(2);
});

test('nearing the oldest block, those before it are wanted, once', () => {
  const viewer = pretendedViewer(stateOf({ blocksToCome: 90 }), '');
  const wanted: (readonly number[])[] = [];
  const asking = { ...viewer, want: (numbers: readonly number[]) => void wanted.push(numbers) };
  const model = sessionModel(asking, fakeClock());
  viewer.set({ blocks: BLOCKS.map((block) => ({ ...block, number: block.number + 100 })) });
  model.wantOlder();
  model.wantOlder();
  expect(wanted).toHaveLength(1);
  expect(wanted[0]?.slice(0, 3)).toEqual([100, 99, 98]);
  viewer.set({ blocksToCome: 0, blocks: BLOCKS });
  model.wantOlder();
  expect(wanted).toHaveLength(1);
});
