// A thread, a turn or an answer as Markdown, to be copied and kept.
import type { PublicKey } from '../../protocol/ids.ts';
import { unreachable } from '../../protocol/result.ts';
import type { Part, PlanEntry, ToolContent } from '../../protocol/thread.ts';
import { turnsOf, type Thread, type Turn } from '../../session/threads.ts';
import { diffRows } from './diff-rows.ts';
import { outputRows } from './output-rows.ts';
import { rowsText } from './spans.ts';
import {
  agentBadge,
  answerWords,
  endReason,
  endWords,
  threadName,
  thoughtWords,
  TOOL_KIND_WORDS,
  TOOL_STATUS_WORDS,
} from './thread-words.ts';

export interface Wording {
  readonly nameOf: (key: PublicKey) => string;
  /** When something was, for people. */
  readonly timeOf: (atMs: number) => string;
}

export function threadMarkdown(thread: Thread, wording: Wording): string {
  const badge = agentBadge(thread.agent);
  const agent =
    badge === null || badge === thread.agent.name
      ? thread.agent.name
      : `${thread.agent.name} (${badge})`;
  const top = `# ${threadName(thread)}\n\n${agent} · \`${thread.directory}\``;
  return `${[top, ...turnsOf(thread.parts).map((turn) => turnMarkdown(turn, wording))].join('\n\n')}\n`;
}

function turnMarkdown(turn: Turn, wording: Wording): string {
  return turn.parts
    .map((part) => partMarkdown(part, wording))
    .filter((text) => text !== '')
    .join('\n\n');
}

/** All that the agent answered in a turn, without how it came to it. */
export function answerMarkdown(turn: Turn): string {
  return turn.parts
    .filter((part) => part.head.kind === 'answer')
    .map((part) => part.text.trim())
    .join('\n\n');
}

function partMarkdown(part: Part, wording: Wording): string {
  const { head, text } = part;
  switch (head.kind) {
    case 'prompt': {
      const name = head.author === null ? 'From the agent’s history' : wording.nameOf(head.author);
      return `## ${name}, ${wording.timeOf(head.at)}\n\n${text.trim()}`;
    }
    case 'answer':
      return text.trim();
    case 'thought':
      return `_${thoughtWords(head, head.startedAt)}_\n\n${quoted(text.trim())}`;
    case 'tool': {
      const exit = head.exit === null ? '' : `, exit ${head.exit}`;
      const top = `**${TOOL_KIND_WORDS[head.tool]}** ${inline(head.title)} (${TOOL_STATUS_WORDS[head.status].toLowerCase()}${exit})`;
      const output = text === '' ? [] : [fenced(rowsText(outputRows(text)), '')];
      return [top, ...part.contents.flatMap(contentMarkdown), ...output].join('\n\n');
    }
    case 'plan':
      return planMarkdown(head.entries);
    case 'permission': {
      const { answer } = head;
      const said =
        answer.state === 'given'
          ? answerWords(
              head.options.find((option) => option.id === answer.option),
              wording.nameOf(answer.by),
            )
          : answer.state === 'open'
            ? 'Not answered yet'
            : 'Taken back';
      return `**Permission** ${inline(head.title)}: ${said}`;
    }
    case 'notice':
      return quoted(text.trim());
    case 'end': {
      const reason = endReason(head, wording.nameOf);
      return `_${reason === null ? '' : `${reason.words} · `}${endWords(head)}_`;
    }
    default:
      return unreachable(head);
  }
}

function contentMarkdown(content: ToolContent): readonly string[] {
  switch (content.type) {
    case 'text':
      return [fenced(content.text, '')];
    case 'diff': {
      const marks = { added: '+', removed: '-', same: ' ', gap: '@@' };
      const rows = diffRows(content.oldText, content.newText);
      const body = rows.map((row) => `${marks[row.kind]}${row.text}`).join('\n');
      return [`\`${content.path}\` +${content.added} −${content.removed}`, fenced(body, 'diff')];
    }
    case 'link':
      return [`${content.name}: ${content.uri}`];
    case 'output':
    case 'input':
      return [];
    default:
      return unreachable(content);
  }
}

function planMarkdown(entries: readonly PlanEntry[]): string {
  return entries
    .map((entry) => `- [${entry.status === 'completed' ? 'x' : ' '}] ${entry.content}`)
    .join('\n');
}

function quoted(text: string): string {
  return text.replace(/^/gm, '> ');
}

/** Within fences longer than any that it holds. */
function fenced(text: string, language: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`{3,}/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text.replace(/\n$/, '')}\n${fence}`;
}

function inline(text: string): string {
  const line = text.replaceAll('\n', ' ');
  return line.includes('`') ? `\`\` ${line} \`\`` : `\`${line}\``;
}
