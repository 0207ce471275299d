// Which agents act without asking, as far as one can tell from the modes they name and the
// settings they are started with. Where a mode lets an agent edit files unasked it counts: an
// edit of the right file runs commands.
import type { AgentOption } from '../protocol/thread.ts';

/** Words in a mode's id or name, without anything but letters and digits. */
const ALONE_WORDS = [
  'acceptedits', // Claude: edits without asking
  'autoedit', // Gemini, Qwen
  'autoapprove',
  'autoaccept',
  'autopilot', // Copilot
  'bypass', // Claude: bypassPermissions
  'dontask', // Claude: what it was once allowed, and no more questions
  'fullaccess', // Codex
  'fullauto',
  'allowall',
  'actwithoutasking',
  'unattended',
  'yolo', // Gemini, Qwen
];
/** Short words count only where they are all there is. */
const ALONE_NAMES = new Set(['act', 'auto', 'never']);

/** Agents that ask in no mode but these. */
const ASKS_ONLY_IN: readonly { readonly agent: RegExp; readonly modes: ReadonlySet<string> }[] = [
  { agent: /\bcodex/i, modes: new Set(['readonly']) },
];

/**
 * `agent` is its own name for itself, `env` what it was started with. True where prompting it
 * amounts to running commands.
 */
export function actsAlone(
  agent: string,
  options: readonly AgentOption[],
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  if (/\bopencode/i.test(agent) && !opencodeAsks(env)) return true;
  return options.some((option) => isAlone(agent, option));
}

function isAlone(agent: string, option: AgentOption): boolean {
  const isMode = option.category === 'mode' || plain(option.id) === 'mode';
  const isLeave = /permission|approv/.test(plain(option.id) + plain(option.name));
  if (option.value === 'true') return saysAlone(option.id) || saysAlone(option.name);
  if (!isMode && !isLeave) return false;
  const value = plain(option.value);
  for (const { agent: named, modes } of ASKS_ONLY_IN) {
    if (isMode && named.test(agent)) return !modes.has(value);
  }
  const name = option.choices.find((choice) => choice.value === option.value)?.name ?? '';
  return saysAlone(option.value) || saysAlone(name);
}

function saysAlone(text: string): boolean {
  const words = plain(text);
  return ALONE_NAMES.has(words) || ALONE_WORDS.some((word) => words.includes(word));
}

function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

/**
 * opencode's modes say nothing of it: it asks where its settings say 'ask', and by itself allows
 * all. Only settings given with its start are read; a file of the project's can say otherwise.
 */
function opencodeAsks(env: Readonly<Record<string, string | undefined>>): boolean {
  const content = record(parsed(env['OPENCODE_CONFIG_CONTENT']));
  const rules = [parsed(env['OPENCODE_PERMISSION']), content['permission']];
  const given = rules.filter((rule) => rule !== undefined);
  if (given.length === 0) return false;
  return given.every(
    (rule) => rule === 'ask' || ['edit', 'bash'].every((tool) => asks(rule, tool)),
  );
}

function asks(rules: unknown, tool: string): boolean {
  const rule = record(rules)[tool] ?? record(rules)['*'];
  return rule === 'ask' || rule === 'deny' || record(rule)['*'] === 'ask';
}

function parsed(json: string | undefined): unknown {
  if (json === undefined || json === '') return undefined;
  try {
    const value: unknown = JSON.parse(json);
    return value;
  } catch {
    return undefined; // opencode ignores it as well
  }
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
