// How agents are found, run and understood, broken on purpose.
import type { Planted } from './planted.ts';

const host = ['test/integration/agent/acp-host.test.ts'];
const here = ['test/integration/agent/agents-here.test.ts'];

const fault = (
  rule: string,
  what: string,
  file: string,
  find: string,
  replace: string,
  tests: readonly string[],
): Planted => ({ rule, what, edits: [{ file, find, replace }], tests });

export const acpFaults: readonly Planted[] = [
  fault(
    'AG1',
    'only the agent is ended, and not its children',
    'src/agent/agent-process.ts',
    'process.kill(-pid, name);',
    'process.kill(pid, name);',
    host,
  ),
  fault(
    'AG2',
    'it is offered to read files',
    'src/agent/acp-host.ts',
    'readTextFile: false',
    'readTextFile: true',
    host,
  ),
  fault(
    'AG3',
    'the variables it is started with stand in a sign-in’s command',
    'src/agent/acp-hello.ts',
    'Object.entries(env).map(',
    'Object.entries({ ...launch.env, ...env }).map(',
    host,
  ),
  fault(
    'AG4',
    'a line without an end is kept however long it grows',
    'src/agent/agent-lines.ts',
    '      if (bytes > LINE_BYTES_MAX) return ears.flood();\n',
    '',
    host,
  ),
  fault(
    'AG5',
    'a permission option of a kind nobody knows is offered',
    'src/agent/acp-turn.ts',
    'if (!known.success) return [];',
    "if (!known.success) return [{ id: optionId, name, kind: 'allow_once' as const }];",
    ['test/unit/agent/acp-events.test.ts'],
  ),
  fault(
    'AG6',
    'what follows the end of a turn is told before it',
    'src/agent/acp-host.ts',
    '    return turnOfTheLoop();\n',
    '',
    host,
  ),
  fault(
    'AG7',
    'any number of questions wait',
    'src/agent/acp-questions.ts',
    '      if (waiting.size >= QUESTIONS_MAX) return null;\n',
    '',
    host,
  ),
  fault(
    'AG9',
    'what a session replays is told as new',
    'src/agent/acp-host.ts',
    '    if (isReplay && !isStanding(params)) return;\n',
    '',
    host,
  ),
  fault(
    'AG11',
    'opencode is thought to ask whatever it is started with',
    'src/agent/acting-alone.ts',
    '  if (/\\bopencode/i.test(agent) && !opencodeAsks(env)) return true;\n',
    '',
    ['test/unit/agent/acting-alone.test.ts'],
  ),
  fault(
    'AG15',
    'a program in the project takes an agent’s name by a relative folder on PATH',
    'src/agent/agent-search.ts',
    'isAbsolute(folder) ? runnable(resolve(folder, command)) : null',
    'runnable(resolve(directory, folder, command))',
    here,
  ),
  fault(
    'AG16',
    'what a project names may be run unasked',
    'src/agent/agent-search.ts',
    "state.is !== 'found' || isAgreed(token)",
    "state.is !== 'found' || token !== ''",
    here,
  ),
  fault(
    'AG16',
    'leave for an agent holds for other arguments',
    'src/host/agent-list.ts',
    '[file, name, command, args, variables]',
    '[file, name, command, variables]',
    here,
  ),
  fault(
    'AG18',
    'everybody may read the settings',
    'src/host/settings.ts',
    'mode: 0o600',
    'mode: 0o644',
    here,
  ),
  fault(
    'AG19',
    'variables’ values are printed',
    'src/cli/agents-words.ts',
    'env: Object.keys(line.env)',
    'env: line.env',
    ['test/unit/cli/agents.test.ts'],
  ),
];
