// What an agent says over ACP, translated into our events: one `session/update` at a time. Whatever
// comes is unknown JSON; nothing here throws, and what is not understood is said to be so.
// `_meta` is read by the keys named here and dropped otherwise.
import * as v from 'valibot';
import { AGENT_COMMANDS_MAX } from '../protocol/thread.ts';
import { unreachable } from '../protocol/result.ts';
import { blockText, markdownPlan, planEntries, toolCall } from './acp-content.ts';
import { withOptions, type AcpMemory, type AcpStep } from './acp-memory.ts';
import { choose, replaceConfig } from './acp-options.ts';
import { each, field, text } from './acp-reading.ts';
import { costOf, isEstimated, tokensOf } from './acp-usage.ts';
import type { AgentEvent } from './agent-event.ts';

/** An unknown update's name is the agent's to choose: this much of it is shown. */
const NAME_CHARS_MAX = 64;
/** A summary grows no longer than a message is shown. */
const SUMMARY_CHARS_MAX = 64 * 1024;

const KINDS = [
  'user_message_chunk',
  'agent_message_chunk',
  'agent_thought_chunk',
  'tool_call',
  'tool_call_update',
  'plan',
  'plan_update',
  'plan_removed',
  'usage_update',
  'available_commands_update',
  'current_mode_update',
  'config_option_update',
  'session_info_update',
  'notice',
  'compaction_update',
  'compaction_summary_chunk',
] as const;

const Usage = v.object({ used: natural(), size: natural() });
const Command = v.object({ name: v.string(), description: text('') });
const Notice = v.object({ severity: text('info'), title: v.string(), description: text('') });
const Compaction = v.object({ status: v.string(), error: text('') });
const PlanOf = v.variant('type', [
  v.object({ type: v.literal('items'), planId: v.string(), entries: v.unknown() }),
  v.object({ type: v.literal('file'), planId: v.string(), uri: v.string() }),
  v.object({ type: v.literal('markdown'), planId: v.string(), content: v.string() }),
]);

/** `update` is the field of that name of a `session/update`. */
export function acpUpdate(memory: AcpMemory, update: unknown): AcpStep {
  const name = field(update, 'sessionUpdate');
  if (typeof name !== 'string') return [memory, [unknownEvent('session/update')]];
  const kind = KINDS.find((one) => one === name);
  const step = kind === undefined ? null : translate(memory, kind, update);
  return step ?? [memory, [unknownEvent(name)]];
}

/** null where the update is not what its name says. */
function translate(
  memory: AcpMemory,
  kind: (typeof KINDS)[number],
  update: unknown,
): AcpStep | null {
  switch (kind) {
    // Our own prompt, said back: the transcript has it already.
    case 'user_message_chunk':
      return [memory, []];
    case 'agent_message_chunk':
    case 'agent_thought_chunk':
      return say(memory, kind === 'agent_message_chunk' ? 'answer' : 'thought', update);
    case 'tool_call':
    case 'tool_call_update':
      return tell(memory, toolEvents(update));
    case 'plan':
    case 'plan_update':
    case 'plan_removed':
      return tell(memory, planEvents(kind, update));
    case 'usage_update':
      return tell(memory, usageEvents(update));
    case 'available_commands_update':
      return tell(memory, commandEvents(update));
    case 'current_mode_update':
    case 'config_option_update':
      return optionStep(memory, kind, update);
    case 'session_info_update':
      return [memory, titleEvents(update)];
    case 'notice':
      return tell(memory, noticeEvents(update));
    case 'compaction_update':
    case 'compaction_summary_chunk':
      return compactionStep(memory, kind, update);
    default:
      return unreachable(kind);
  }
}

function say(memory: AcpMemory, on: 'answer' | 'thought', update: unknown): AcpStep | null {
  const said = blockText(field(update, 'content'));
  if (said === null) return null;
  const id = field(update, 'messageId');
  const message = typeof id === 'string' ? id : null;
  const tokens = tokensOf(field(update, '_meta', 'usage'));
  return [
    memory,
    [
      ...(said === '' ? [] : [{ on, message, text: said }]),
      ...(tokens === null
        ? []
        : [{ on: 'counted' as const, tokens, estimated: isEstimated(update) }]),
    ],
  ];
}

function toolEvents(update: unknown): readonly AgentEvent[] | null {
  const known = toolCall(update);
  if (known === null) return null;
  const { call, patch } = known;
  const output = ['terminal_output', 'terminal_output_delta'].flatMap((key): AgentEvent[] => {
    const data = field(update, '_meta', key, 'data');
    return typeof data === 'string' && data !== ''
      ? [{ on: 'output', call, text: data, whole: false }]
      : [];
  });
  const exit = exitOf(update);
  const ended: AgentEvent[] = exit === 'none' ? [] : [{ on: 'outputEnd', call, exit }];
  const isNews = Object.keys(patch).length > 0 || output.length + ended.length === 0;
  return [
    ...(isNews ? [{ on: 'tool' as const, call, patch }] : []),
    ...output,
    ...ended,
    ...known.unknown.map(unknownEvent),
  ];
}

/** By `_meta.terminal_exit`; opencode and Codex say it in `rawOutput`. */
function exitOf(update: unknown): number | null | 'none' {
  const exit = field(update, '_meta', 'terminal_exit');
  const code =
    field(exit, 'exit_code') ??
    field(update, 'rawOutput', 'metadata', 'exit') ??
    field(update, 'rawOutput', 'exit_code');
  if (typeof code === 'number' && Number.isInteger(code)) return code;
  return typeof exit === 'object' && exit !== null ? null : 'none';
}

function planEvents(
  kind: 'plan' | 'plan_update' | 'plan_removed',
  update: unknown,
): readonly AgentEvent[] | null {
  if (kind === 'plan') {
    const list = field(update, 'entries');
    return Array.isArray(list) ? [{ on: 'plan', plan: null, entries: planEntries(list) }] : null;
  }
  if (kind === 'plan_removed') {
    const plan = field(update, 'planId');
    return typeof plan === 'string' ? [{ on: 'plan', plan, entries: [] }] : null;
  }
  const parsed = v.safeParse(PlanOf, field(update, 'plan'));
  if (!parsed.success) return null;
  const known = parsed.output;
  switch (known.type) {
    case 'items':
      return [{ on: 'plan', plan: known.planId, entries: planEntries(known.entries) }];
    case 'markdown':
      return [{ on: 'plan', plan: known.planId, entries: markdownPlan(known.content) }];
    case 'file': {
      const entry = { content: known.uri, status: 'pending', priority: 'medium' } as const;
      return [{ on: 'plan', plan: known.planId, entries: [entry] }];
    }
    default:
      return unreachable(known);
  }
}

function usageEvents(update: unknown): readonly AgentEvent[] | null {
  const parsed = v.safeParse(Usage, update);
  if (!parsed.success) return null;
  return [{ on: 'context', ...parsed.output, cost: costOf(field(update, 'cost')) }];
}

function commandEvents(update: unknown): readonly AgentEvent[] | null {
  const list = field(update, 'availableCommands');
  if (!Array.isArray(list)) return null;
  const commands = list.slice(0, AGENT_COMMANDS_MAX).flatMap((raw: unknown) =>
    each(Command, [raw]).map((command) => {
      const hint = field(raw, 'input', 'hint');
      return { ...command, hint: typeof hint === 'string' ? hint : '' };
    }),
  );
  return [{ on: 'commands', commands }];
}

function optionStep(
  memory: AcpMemory,
  kind: 'current_mode_update' | 'config_option_update',
  update: unknown,
): AcpStep | null {
  if (kind === 'config_option_update') {
    const list = field(update, 'configOptions');
    return Array.isArray(list) ? withOptions(memory, replaceConfig(memory.options, list)) : null;
  }
  const mode = field(update, 'currentModeId');
  if (typeof mode !== 'string') return null;
  const chosen = choose(memory.options, (known) => known.option.category === 'mode', mode);
  return withOptions(memory, chosen);
}

function titleEvents(update: unknown): readonly AgentEvent[] {
  const title = field(update, 'title');
  if (title === null) return [{ on: 'title', title: '' }];
  return typeof title === 'string' ? [{ on: 'title', title }] : [];
}

function noticeEvents(update: unknown): readonly AgentEvent[] | null {
  const parsed = v.safeParse(Notice, update);
  if (!parsed.success) return null;
  const { severity, title, description } = parsed.output;
  const level = severity === 'error' || severity === 'warning' ? severity : 'info';
  return [{ on: 'notice', level, text: description === '' ? title : `${title}\n${description}` }];
}

function compactionStep(
  memory: AcpMemory,
  kind: 'compaction_update' | 'compaction_summary_chunk',
  update: unknown,
): AcpStep | null {
  if (kind === 'compaction_summary_chunk') {
    const piece = blockText(field(update, 'content'));
    if (piece === null) return null;
    return [{ ...memory, summary: (memory.summary + piece).slice(0, SUMMARY_CHARS_MAX) }, []];
  }
  const parsed = v.safeParse(Compaction, update);
  if (!parsed.success) return null;
  const blocks = field(update, 'summary');
  const whole = Array.isArray(blocks) ? blocks.map((block) => blockText(block) ?? '').join('') : '';
  const summary = (whole === '' ? memory.summary : whole).slice(0, SUMMARY_CHARS_MAX);
  const { status, error } = parsed.output;
  if (status === 'completed') {
    return [{ ...memory, summary: '' }, [{ on: 'compaction', state: 'done', summary }]];
  }
  if (status === 'failed' || status === 'cancelled') {
    return [{ ...memory, summary: '' }, [{ on: 'compaction', state: 'failed', summary: error }]];
  }
  return [{ ...memory, summary }, [{ on: 'compaction', state: 'running', summary }]];
}

function tell(memory: AcpMemory, events: readonly AgentEvent[] | null): AcpStep | null {
  return events === null ? null : [memory, events];
}

function unknownEvent(name: string): AgentEvent {
  return { on: 'unknown', name: name.slice(0, NAME_CHARS_MAX) };
}

function natural() {
  return v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));
}
