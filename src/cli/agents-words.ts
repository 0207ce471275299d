// The agents as `meshell agents` prints them, and what came of checking one.
import type { AgentEvent } from '../agent/agent-event.ts';
import type { AgentLine, ListedAgent } from '../agent/agent-search.ts';
import { fitted, printable } from './printable.ts';

const ID_COLS = 14;
const NAME_COLS = 22;

const GROUPS: readonly {
  readonly title: string;
  readonly holds: (agent: ListedAgent) => boolean;
}[] = [
  { title: 'Found', holds: ({ state, from }) => state.is === 'found' && from !== 'built-in' },
  { title: 'Built in', holds: ({ from }) => from === 'built-in' },
  {
    title: 'Named by this project, and not run before you say so',
    holds: ({ state }) => state.is === 'unasked',
  },
  { title: 'Not usable', holds: ({ state }) => state.is === 'broken' },
  { title: 'Not found', holds: ({ state }) => state.is === 'notFound' },
];

export function agentLines(agents: readonly ListedAgent[]): readonly string[] {
  return GROUPS.flatMap(({ title, holds }) => {
    const held = agents.filter(holds);
    return held.length === 0 ? [] : [title, ...held.map(agentLine)];
  });
}

function agentLine(agent: ListedAgent): string {
  const { id, name } = agent.card;
  const head = `  ${fitted(printable(id), ID_COLS)}${fitted(printable(name), NAME_COLS)}`;
  return `${head}${printable(stateWords(agent))}`.trimEnd();
}

function stateWords(agent: ListedAgent): string {
  const { card, from, state } = agent;
  switch (state.is) {
    case 'found':
      return from === 'built-in' ? BUILT_IN_WORDS[card.kind] : commandText(agent, state.line);
    case 'unasked':
      return `${commandText(agent, state.line)}   (meshell agents --agree ${quoted(card.id)})`;
    case 'broken':
      return state.because;
    case 'notFound': {
      const lacks = state.lacksAdapter ? 'it is here, and needs its ACP adapter: ' : '';
      const otherwise = state.otherwise?.join(' ') ?? `no “${state.command}” on PATH`;
      return `${lacks}${otherwise}`;
    }
    default:
      return state satisfies never;
  }
}

const BUILT_IN_WORDS: { readonly [K in ListedAgent['card']['kind']]: string } = {
  agent: '',
  demo: 'no AI: it does what a few words say',
  'local-model': 'a model at an OpenAI-compatible endpoint (local_model in the settings)',
};

/** A variable that a file names by `${NAME}` may be a key: the words are as they are written. */
function wordsOf({ written }: ListedAgent, { command, args }: AgentLine): readonly string[] {
  return written ?? [command, ...args];
}

export function commandText(agent: ListedAgent, line: AgentLine): string {
  return wordsOf(agent, line).map(quoted).join(' ');
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** Its variables may be keys: they are named, and not shown. */
export function agentRecord(agent: ListedAgent): object {
  const { card, from, state, signIn } = agent;
  const head = { id: card.id, name: card.name, kind: card.kind, from, state: state.is, signIn };
  switch (state.is) {
    case 'found':
      return { ...head, ...lineRecord(agent, state.line) };
    case 'unasked':
      return { ...head, ...lineRecord(agent, state.line), file: state.file };
    case 'notFound':
      return { ...head, command: state.command, otherwise: state.otherwise };
    case 'broken':
      return { ...head, because: state.because };
    default:
      return state satisfies never;
  }
}

function lineRecord(agent: ListedAgent, line: AgentLine): object {
  const [command = line.command, ...args] = wordsOf(agent, line);
  return { command, args, env: Object.keys(line.env) };
}

/** What it said first, in sentences. */
export function checkWords(agent: ListedAgent, first: AgentEvent): readonly string[] {
  const name = agent.card.name;
  const lines = ((): readonly string[] => {
    switch (first.on) {
      case 'ready': {
        const how = first.actsAlone ? 'It acts without asking.' : 'It asks before it acts.';
        return [`${name} is ready: ${`${first.name} ${first.version}`.trim()}. ${how}`];
      }
      case 'signIn':
        return [
          `${name} needs a sign-in.`,
          ...(agent.signIn === null ? [] : [agent.signIn]),
          ...first.ways.map(({ name: way, description, command }) =>
            [way, description, command === null ? '' : command.map(quoted).join(' ')]
              .filter((words) => words !== '')
              .join(': '),
          ),
        ];
      case 'failed':
        return [
          `${name} ${FAILED_WORDS[first.because]}`,
          ...(first.detail === '' ? [] : first.detail.split('\n').map((line) => `  ${line}`)),
          ...(agent.signIn === null || first.because !== 'refused'
            ? []
            : [`Perhaps it needs a sign-in. ${agent.signIn}`]),
        ];
      default:
        return [`${name} said something else first: ${first.on}.`];
    }
  })();
  return lines.map(printable);
}

type Failed = Extract<AgentEvent, { on: 'failed' }>['because'];

const FAILED_WORDS: { readonly [B in Failed]: string } = {
  missing: 'could not be started: there is no such program or folder.',
  noDirectory: 'has no directory to start in.',
  exited: 'ended before it was ready.',
  refused: 'answered with an error.',
  silent: 'did not answer.',
  tooOld: 'speaks another version of the Agent Client Protocol.',
  garbage: 'does not speak the Agent Client Protocol.',
  flood: 'sent a message that is too long.',
};
