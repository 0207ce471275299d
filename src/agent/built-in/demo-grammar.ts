// What one may ask of the demo agent: a line, or a part of it between ';;', is one step. Reads
// text into steps; carries out none.

/** Steps in one prompt: a turn that can still be followed. */
export const DEMO_STEPS_MAX = 100;
/** Nothing the demo shows needs longer; Stop ends it sooner. */
export const DEMO_SECONDS_MAX = 600;
/** Tokens a second: ten times what a fast model says. */
const DEMO_RATE_MAX = 1000;

export type DemoStep =
  | { readonly do: 'help' }
  | { readonly do: 'run'; readonly command: string }
  | { readonly do: 'read'; readonly path: string }
  | { readonly do: 'write'; readonly path: string; readonly text: string }
  | { readonly do: 'replace'; readonly path: string; readonly from: string; readonly to: string }
  | { readonly do: 'plan'; readonly items: readonly string[] }
  | { readonly do: 'think'; readonly text: string }
  | { readonly do: 'say'; readonly text: string }
  | { readonly do: 'ask'; readonly question: string }
  | { readonly do: 'slow'; readonly seconds: number }
  | { readonly do: 'stream'; readonly perSecond: number; readonly seconds: number }
  | { readonly do: 'title'; readonly text: string }
  | { readonly do: 'notice'; readonly text: string }
  | { readonly do: 'fail'; readonly how: 'error' | 'tool' | 'exit' }
  | { readonly do: 'wrong'; readonly line: string; readonly because: string };

interface Word {
  readonly takes: string;
  readonly says: string;
  /** null where what follows the word is not what it takes. */
  readonly read: (rest: string) => DemoStep | readonly DemoStep[] | null;
}

const TOUR: readonly DemoStep[] = [
  { do: 'think', text: 'This is the tour: a plan, a command, a new file and a change to it.' },
  { do: 'plan', items: ['Look around', 'Write a file', 'Change it'] },
  { do: 'run', command: 'pwd && ls' },
  { do: 'write', path: 'meshell-tour.txt', text: 'Hello from the demo.\n' },
  { do: 'replace', path: 'meshell-tour.txt', from: 'the demo', to: 'the tour' },
  { do: 'say', text: 'That was the tour: `meshell-tour.txt` is really there. Remove it at will.' },
];

/** The grammar: in this order it is told. */
export const DEMO_WORDS: Readonly<Record<string, Word>> = {
  help: { takes: '', says: 'what it can do', read: () => ({ do: 'help' }) },
  tour: { takes: '', says: 'a plan, a command, a file and a change', read: () => TOUR },
  run: {
    takes: 'COMMAND',
    says: 'runs it in a shell, if you allow it',
    read: (command) => (command === '' ? null : { do: 'run', command }),
  },
  read: {
    takes: 'FILE',
    says: 'shows a file',
    read: (rest) => {
      const [path, more] = fileOf(rest);
      return path === '' || more !== '' ? null : { do: 'read', path };
    },
  },
  write: {
    takes: 'FILE TEXT',
    says: 'writes a file; \\n begins a new line',
    read: (rest) => {
      const [path, text] = fileOf(rest);
      return path === '' ? null : { do: 'write', path, text: `${lines(text)}\n` };
    },
  },
  replace: { takes: 'FILE /OLD/NEW/', says: 'changes a file', read: replaceOf },
  plan: {
    takes: 'A; B; C',
    says: 'shows a plan, which the steps after it work off',
    read: (rest) => {
      const items = rest.split(';').flatMap((item) => (item.trim() === '' ? [] : [item.trim()]));
      return items.length === 0 ? null : { do: 'plan', items };
    },
  },
  think: {
    takes: 'TEXT',
    says: 'a thought',
    read: (text) => (text === '' ? null : { do: 'think', text: lines(text) }),
  },
  say: {
    takes: 'TEXT',
    says: 'an answer, in Markdown',
    read: (text) => (text === '' ? null : { do: 'say', text: lines(text) }),
  },
  ask: {
    takes: '[QUESTION]',
    says: 'asks for leave, and does nothing with it',
    read: (text) => ({ do: 'ask', question: text === '' ? 'May I?' : text }),
  },
  slow: {
    takes: 'SECONDS',
    says: 'says nothing for so long',
    read: (rest) => {
      const seconds = numberOf(rest, DEMO_SECONDS_MAX);
      return seconds === null ? null : { do: 'slow', seconds };
    },
  },
  stream: {
    takes: 'TOKENS SECONDS',
    says: 'says so many tokens a second for so long',
    read: (rest) => {
      const [rate = '', time = '', ...more] = rest.split(/\s+/);
      const perSecond = numberOf(rate, DEMO_RATE_MAX);
      const seconds = numberOf(time, DEMO_SECONDS_MAX);
      const wrong = perSecond === null || seconds === null || more.length > 0;
      return wrong ? null : { do: 'stream', perSecond, seconds };
    },
  },
  title: {
    takes: 'TEXT',
    says: 'names the conversation',
    read: (text) => (text === '' ? null : { do: 'title', text }),
  },
  notice: {
    takes: 'TEXT',
    says: 'a notice beside the conversation',
    read: (text) => (text === '' ? null : { do: 'notice', text }),
  },
  fail: {
    takes: '[tool|exit]',
    says: 'fails: the turn, a tool call, or the whole agent',
    read: (rest) =>
      rest === '' || rest === 'error'
        ? { do: 'fail', how: 'error' }
        : rest === 'tool' || rest === 'exit'
          ? { do: 'fail', how: rest }
          : null,
  },
};

export function demoSteps(prompt: string): readonly DemoStep[] {
  const steps = prompt
    .split(/\n|;;/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .flatMap(stepsOf);
  if (steps.length <= DEMO_STEPS_MAX) return steps;
  const because = `One prompt takes at most ${DEMO_STEPS_MAX} steps.`;
  return [{ do: 'wrong', line: `${steps.length} steps`, because }];
}

function stepsOf(line: string): readonly DemoStep[] {
  const [, name = '', rest = ''] = /^\/?(\S+)\s*(.*)$/.exec(line) ?? [];
  const word = Object.hasOwn(DEMO_WORDS, name.toLowerCase())
    ? DEMO_WORDS[name.toLowerCase()]
    : undefined;
  if (word === undefined) return [{ do: 'wrong', line, because: 'I do not know this.' }];
  const read = word.read(rest.trim());
  if (read === null) {
    return [{ do: 'wrong', line, because: `It is: ${`${name} ${word.takes}`.trim()}` }];
  }
  return 'do' in read ? [read] : read;
}

/** The first word, or what stands in double quotes, and the rest. */
function fileOf(rest: string): readonly [path: string, rest: string] {
  const [, quoted, plain, more = ''] = /^(?:"([^"]*)"|(\S+))\s*(.*)$/.exec(rest) ?? [];
  return [quoted ?? plain ?? '', more];
}

/** `/old/new/`, with any character for the slash. */
function replaceOf(rest: string): DemoStep | null {
  const [path, more] = fileOf(rest);
  const mark = more.charAt(0);
  const [before, from = '', to, after, ...others] = mark === '' ? [''] : more.split(mark);
  const isWhole = before === '' && to !== undefined && after === '' && others.length === 0;
  if (path === '' || from === '' || !isWhole) return null;
  return { do: 'replace', path, from: lines(from), to: lines(to) };
}

function numberOf(text: string, max: number): number | null {
  const number = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0;
  return number > 0 && number <= max ? number : null;
}

function lines(text: string): string {
  return text.replaceAll('\\n', '\n');
}

/** Roughly what a model would count, and labelled so wherever it is shown. */
export function estimatedTokens(text: string): number {
  return Math.ceil(text.length / 4);
}
