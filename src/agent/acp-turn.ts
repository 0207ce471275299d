// The messages of ACP around a turn: what a permission is asked for, and the answer that ends it.
// Whatever comes is unknown JSON; nothing here throws.
import * as v from 'valibot';
import { LIST_ITEMS_MAX, PermissionOption } from '../protocol/thread.ts';
import { toolCall } from './acp-content.ts';
import { each, field, text } from './acp-reading.ts';
import { isEstimated, tokensOf, tokensOfQuota } from './acp-usage.ts';
import type { AgentEvent, AgentStop, ToolPatch } from './agent-event.ts';

/** The answer to `session/prompt`. */
export function acpTurnEnd(answer: unknown): readonly AgentEvent[] {
  const tokens = tokensOf(field(answer, 'usage')) ?? tokensOfQuota(field(answer, '_meta', 'quota'));
  const stop = stopOf(field(answer, 'stopReason'));
  if (tokens !== null && isEstimated(answer)) {
    return [
      { on: 'counted', tokens, estimated: true },
      { on: 'turnEnded', stop, tokens: null },
    ];
  }
  return [{ on: 'turnEnded', stop, tokens }];
}

/** What a permission is asked for; null where it is no such request. */
export function acpQuestion(params: unknown): {
  readonly call: string | null;
  readonly patch: ToolPatch;
  readonly options: readonly PermissionOption[];
} | null {
  const options = permissionOptions(field(params, 'options'));
  if (options.length === 0) return null;
  const asked = toolCall(field(params, 'toolCall'));
  return { call: asked?.call ?? null, patch: asked?.patch ?? {}, options };
}

function permissionOptions(list: unknown): readonly PermissionOption[] {
  const Option = v.object({ optionId: v.string(), name: text(''), kind: v.string() });
  return each(Option, list)
    .slice(0, LIST_ITEMS_MAX)
    .flatMap(({ optionId, name, kind }) => {
      const known = v.safeParse(PermissionOption.entries.kind, kind);
      // A kind we do not know could be leave for ever: it is not offered.
      if (!known.success) return [];
      return [{ id: optionId, name: name === '' ? optionId : name, kind: known.output }];
    });
}

function stopOf(reason: unknown): AgentStop {
  const Stop = v.picklist(['end_turn', 'max_tokens', 'max_turn_requests', 'refusal', 'cancelled']);
  const parsed = v.safeParse(Stop, reason);
  return parsed.success ? parsed.output : 'end_turn';
}
