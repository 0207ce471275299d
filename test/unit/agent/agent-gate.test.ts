import { expect, test } from 'vitest';
import { NO_OUTPUT, outputEnd, outputText } from '../../../src/agent/output-text.ts';
import { ENDED, answer, last, runningTalk, SECRET, thought, tool } from './talk.ts';

test('[TH13] a secret is masked wherever an agent puts it, whole or in pieces', () => {
  const talk = runningTalk();
  for (const letter of `My key is ${SECRET}.`) talk.tell(thought(letter));
  talk.tell(
    answer(`${SECRET.slice(0, 5)}\u202e`),
    answer(`${SECRET.slice(5)}, you see`),
    tool('c', {
      title: `echo ${SECRET}`,
      locations: [{ path: `/${SECRET}`, line: 1 }],
      input: `{"command":"echo ${SECRET}"}`,
      contents: [
        { type: 'text', text: SECRET },
        { type: 'link', name: SECRET, uri: `file:///${SECRET}` },
        {
          type: 'diff',
          path: SECRET,
          oldText: `a=${SECRET}`,
          newText: `b=${SECRET}`,
          added: 1,
          removed: 1,
          cut: false,
        },
      ],
    }),
    { on: 'output', call: 'c', text: `${SECRET.slice(0, 3)}\u001b[K`, whole: false },
    { on: 'output', call: 'c', text: `${SECRET.slice(3)}\u0007\n`, whole: false },
    { on: 'output', call: 'd', text: `=${SECRET}=`, whole: true },
    { on: 'plan', plan: null, entries: [{ content: SECRET, status: 'pending', priority: 'low' }] },
    { on: 'notice', level: 'info', text: SECRET },
    { on: 'unknown', name: SECRET },
    { on: 'title', title: SECRET },
    { on: 'commands', commands: [{ name: SECRET, description: SECRET, hint: SECRET }] },
    { on: 'compaction', state: 'done', summary: SECRET },
    { on: 'permission', request: 1, call: null, patch: { title: SECRET }, options: [] },
    { on: 'turnFailed', message: SECRET, signIn: false },
  );
  const said = JSON.stringify(talk.segments());
  expect(said).not.toContain(SECRET);
  expect(said.split('‹masked secret›').length).toBeGreaterThan(20);
});

test('[TH13] what is cut was masked before: the half of a secret does not show', () => {
  const talk = runningTalk();
  const before = 'x'.repeat(6150);
  const text = `${before}${SECRET}${'y'.repeat(9000)}`;
  for (let shift = 0; shift < 40; shift++) {
    talk.tell(tool(`c${shift}`, { contents: [{ type: 'text', text: text.slice(shift) }] }));
  }
  expect(JSON.stringify(talk.segments())).not.toContain(SECRET.slice(0, 7));
});

test('[TH14] what was kept back shows when something else begins, or the turn ends', () => {
  const talk = runningTalk();
  talk.tell(answer(`almost ${SECRET.slice(0, 6)}`));
  expect(last(talk, 'answer').text).toBe('almost ');
  talk.tell(tool('c'));
  expect(last(talk, 'answer').text).toBe(`almost ${SECRET.slice(0, 6)}`);
  talk.tell({ on: 'output', call: 'c', text: SECRET.slice(0, 4), whole: false });
  expect(last(talk, 'tool').text).toBe('');
  talk.tell(ENDED);
  expect(last(talk, 'tool').text).toBe(SECRET.slice(0, 4));
});

/** What a command that writes these chunks leaves in its card. */
function printed(...chunks: readonly string[]): string {
  let left = NO_OUTPUT;
  let text = '';
  for (const chunk of chunks) {
    const [more, next] = outputText(left, chunk);
    text += more;
    left = next;
  }
  return text + outputEnd(left);
}

test('[TH6] colours stay, all else that moves or asks goes, however it is split', () => {
  const raw =
    'a\u001b[1;31mb\u001b[m\u001b[2J\u001b[10;5Hc\u001b]0;title\u0007\u001b]8;;x\u001b\\d\u001b(B\u0007\b\u009be\tf\u202e😀\n';
  const clean = 'a\u001b[1;31mb\u001b[mcde\tf😀\n';
  expect(printed(raw)).toBe(clean);
  for (let at = 0; at < raw.length; at++) {
    expect(printed(raw.slice(0, at), raw.slice(at))).toBe(clean);
  }
});

test('[TH6] a progress bar shows as it began and as it ended', () => {
  expect(printed('get 1%\rget 50%\rget 100%\ndone\r\n')).toBe('get 100%\ndone\n');
  expect(printed('get 1%', '\rget 50%', '\rget 9', '9%\rget 100%', '\ndone', '\r', '\n')).toBe(
    'get 1%\nget 100%\ndone\n',
  );
  expect(printed('get 1%', '\rget 50%')).toBe('get 1%\nget 50%');
});
