// What may be known of an agent that was named by a command line: its program's name, and which
// variables the line sets. The line itself is nobody's but the sharer's: keys stand in such lines.

export interface NamedAgent {
  readonly name: string;
  readonly variables: Readonly<Record<string, string>>;
}

const ASSIGNMENT = /^([A-Za-z_]\w*)=(.*)$/s;
/** Of `env`: those that take the next word. */
const ENV_TAKES = new Set(['-u', '--unset', '-C', '--chdir']);
/** A name on a card, in UTF-16 units. */
const NAME_CHARS_MAX = 64;

export function namedAgent(line: string): NamedAgent {
  const variables: Record<string, string> = {};
  let isEnv = false;
  let isTaken = false;
  for (const word of wordsOf(line)) {
    const [, name, value] = ASSIGNMENT.exec(word) ?? [];
    if (isTaken) isTaken = false;
    else if (name !== undefined && value !== undefined) variables[name] = value;
    else if (isEnv && word.startsWith('-')) isTaken = ENV_TAKES.has(word);
    else if (/^(?:\/usr)?(?:\/bin\/)?env$/.test(word)) isEnv = true;
    else return { name: programName(word), variables };
  }
  return { name: programName(''), variables };
}

function programName(word: string): string {
  const name = /[^/]*$/.exec(word)?.[0].replaceAll(/[\p{C}\p{Z}]/gu, '') ?? '';
  return name === '' ? 'agent' : name.slice(0, NAME_CHARS_MAX);
}

/** As a shell splits them, as far as quotes and backslashes go; it expands nothing. */
function wordsOf(line: string): readonly string[] {
  const words = line.match(/(?:'[^']*'?|"(?:[^"\\]|\\.)*"?|\\.|[^\s'"\\])+/gs) ?? [];
  return words.map((word) =>
    word.replaceAll(/'([^']*)'?|"((?:[^"\\]|\\.)*)"?|\\(.)/gs, (_, plain, quoted, one) => {
      const texts = [plain, one].filter((text) => typeof text === 'string');
      return typeof quoted === 'string' ? quoted.replaceAll(/\\(.)/gs, '$1') : texts.join('');
    }),
  );
}
