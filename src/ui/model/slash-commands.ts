// The menu of an agent's slash commands while one types: what is asked for, what fits, and what
// the line becomes. Knows no DOM.
import type { AgentCommand } from '../../protocol/thread.ts';

/** More at once nobody reads; typing narrows them. */
const SHOWN_MAX = 50;

/** What is typed after the slash while the line is nothing else, or null. */
export function slashQuery(text: string): string | null {
  return /^\/(\S*)$/u.exec(text)?.[1]?.toLowerCase() ?? null;
}

/** Those that begin so, then those that hold it anywhere, in the agent's order. */
export function slashMatches(
  commands: readonly AgentCommand[],
  query: string,
): readonly AgentCommand[] {
  const begins = commands.filter(({ name }) => name.toLowerCase().startsWith(query));
  const holds = commands.filter(
    (command) =>
      !begins.includes(command) &&
      (command.name.toLowerCase().includes(query) ||
        command.description.toLowerCase().includes(query)),
  );
  return [...begins, ...holds].slice(0, SHOWN_MAX);
}

export function slashLine(command: AgentCommand): string {
  return `/${command.name} `;
}
