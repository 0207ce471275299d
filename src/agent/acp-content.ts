// ACP's content blocks and tool calls in our own shapes. Cuts and masks nothing.
import * as v from 'valibot';
import { ToolKind, type PlanEntry, type ToolContent } from '../protocol/thread.ts';
import { unreachable } from '../protocol/result.ts';
import type { ToolPatch } from './agent-event.ts';
import { each, field, text } from './acp-reading.ts';
import { changedLines } from './changed-lines.ts';

const Block = v.variant('type', [
  v.object({ type: v.literal('text'), text: v.string() }),
  v.object({ type: v.literal('image'), mimeType: text('image'), uri: text('') }),
  v.object({ type: v.literal('audio'), mimeType: text('audio') }),
  v.object({
    type: v.literal('resource_link'),
    name: text(''),
    title: text(''),
    uri: v.string(),
  }),
  v.object({
    type: v.literal('resource'),
    resource: v.object({ uri: v.string(), text: v.optional(v.string()) }),
  }),
]);

const Content = v.variant('type', [
  v.object({ type: v.literal('content'), content: Block }),
  v.object({
    type: v.literal('diff'),
    path: v.string(),
    oldText: v.fallback(v.nullish(v.string(), null), null),
    newText: v.string(),
  }),
  v.object({ type: v.literal('terminal'), terminalId: text('') }),
]);

const Location = v.object({
  path: v.string(),
  line: v.fallback(v.nullish(v.pipe(v.number(), v.integer(), v.minValue(0)), null), null),
});

const Entry = v.object({
  content: v.string(),
  status: v.fallback(v.picklist(['pending', 'in_progress', 'completed']), 'pending'),
  priority: v.fallback(v.picklist(['high', 'medium', 'low']), 'medium'),
});

const Call = v.object({
  toolCallId: v.string(),
  title: v.fallback(v.nullish(v.string()), null),
  kind: v.fallback(v.nullish(v.string()), null),
  status: v.fallback(
    v.nullish(v.picklist(['pending', 'in_progress', 'completed', 'failed'])),
    null,
  ),
  content: v.fallback(v.nullish(v.array(v.unknown())), null),
  locations: v.fallback(v.nullish(v.array(v.unknown())), null),
  rawInput: v.optional(v.unknown()),
});

export interface ToolCall {
  readonly call: string;
  readonly patch: ToolPatch;
  /** Types of content that we do not know. */
  readonly unknown: readonly string[];
}

/** What a block reads as in an answer or a thought, in Markdown; null where it is none. */
export function blockText(block: unknown): string | null {
  // Word by word nearly all that an agent says: the schema costs more than the words.
  const words = field(block, 'type') === 'text' ? field(block, 'text') : null;
  if (typeof words === 'string') return words;
  const parsed = v.safeParse(Block, block);
  if (!parsed.success) return null;
  const known = parsed.output;
  switch (known.type) {
    case 'text':
      return known.text;
    case 'image':
    case 'audio':
      return `[${known.mimeType}]`;
    case 'resource_link':
      return `[${firstOf(known.title, known.name, known.uri)}](${known.uri})`;
    case 'resource':
      return known.resource.text ?? known.resource.uri;
    default:
      return unreachable(known);
  }
}

/** Of a `tool_call`, a `tool_call_update` or the call of a permission request; null where it is none. */
export function toolCall(raw: unknown): ToolCall | null {
  const parsed = v.safeParse(Call, raw);
  if (!parsed.success) return null;
  const { toolCallId, title, kind, status, content, locations, rawInput } = parsed.output;
  const contents = (content ?? []).map(toolContent);
  const plan = planEntries(field(rawInput, 'todos'));
  const input = inputText(rawInput);
  return {
    call: toolCallId,
    patch: {
      ...(title === null || title === undefined || title === '' ? {} : { title }),
      ...(kind === null || kind === undefined ? {} : { tool: toolKind(kind) }),
      ...(status === null || status === undefined ? {} : { status }),
      ...(locations === null || locations === undefined
        ? {}
        : { locations: each(Location, locations) }),
      ...(content === null || content === undefined
        ? {}
        : { contents: contents.flatMap((known) => known.content) }),
      ...(input === null ? {} : { input }),
      ...(plan.length === 0 ? {} : { plan }),
    },
    unknown: contents.flatMap((known) => known.unknown),
  };
}

/** Those entries of a list that are entries of a plan. */
export function planEntries(list: unknown): readonly PlanEntry[] {
  return each(Entry, list);
}

/** The entries of a plan written as Markdown: its list, or all of it as one. */
export function markdownPlan(markdown: string): readonly PlanEntry[] {
  const items = markdown.split('\n').flatMap((line): PlanEntry[] => {
    const item = /^\s*(?:[-*+]|\d+[.)])\s+(?:\[([ xX~/-])\]\s+)?(.+?)\s*$/.exec(line);
    if (item === null) return [];
    const [, mark = ' ', content = ''] = item;
    const status = /x/i.test(mark) ? 'completed' : mark === ' ' ? 'pending' : 'in_progress';
    return [{ content, status, priority: 'medium' }];
  });
  if (items.length > 0 || markdown.trim() === '') return items;
  return [{ content: markdown.trim(), status: 'pending', priority: 'medium' }];
}

function toolContent(raw: unknown): {
  readonly content: readonly ToolContent[];
  readonly unknown: readonly string[];
} {
  const parsed = v.safeParse(Content, raw);
  if (!parsed.success) {
    const type = field(raw, 'content', 'type') ?? field(raw, 'type');
    return { content: [], unknown: [`content ${typeof type === 'string' ? type : '?'}`] };
  }
  const known = parsed.output;
  if (known.type === 'terminal') return { content: [{ type: 'output' }], unknown: [] };
  if (known.type === 'content') return { content: [ofBlock(known.content)], unknown: [] };
  const { path, newText } = known;
  const before = known.oldText ?? '';
  const oldText = before === '' ? null : before;
  const diff = { path, oldText, newText, ...changedLines(before, newText), cut: false };
  return { content: [{ type: 'diff', ...diff }], unknown: [] };
}

function ofBlock(block: v.InferOutput<typeof Block>): ToolContent {
  switch (block.type) {
    case 'text':
      return { type: 'text', text: block.text };
    case 'image':
      return { type: 'link', name: block.mimeType, uri: block.uri };
    case 'audio':
      return { type: 'link', name: block.mimeType, uri: '' };
    case 'resource_link':
      return {
        type: 'link',
        name: firstOf(block.title, block.name, block.uri),
        uri: block.uri,
      };
    case 'resource':
      return block.resource.text === undefined
        ? { type: 'link', name: block.resource.uri, uri: block.resource.uri }
        : { type: 'text', text: block.resource.text };
    default:
      return unreachable(block);
  }
}

function toolKind(kind: string): ToolKind {
  const parsed = v.safeParse(ToolKind, kind);
  return parsed.success ? parsed.output : 'other';
}

/** Nothing at all says nothing: {} is what an agent sends before it knows more. */
function inputText(input: unknown): string | null {
  if (input === undefined || input === null || input === '') return null;
  if (typeof input === 'object' && Object.keys(input).length === 0) return null;
  return typeof input === 'string' ? input : JSON.stringify(input);
}

function firstOf(...texts: readonly string[]): string {
  return texts.find((candidate) => candidate !== '') ?? '';
}
