// The tools that the local model may call: how they are described to it, and how its arguments are
// read. Carries out none.
import * as v from 'valibot';
import { err, ok, type Result } from '../../protocol/result.ts';
import { LIST_ITEMS_MAX } from '../../protocol/thread.ts';

/** A command without a time of its own, in seconds. */
const COMMAND_SECONDS = 120;
/** The longest it may ask for, in seconds: nobody waits longer without a word. */
const COMMAND_SECONDS_MAX = 600;

const Path = v.pipe(v.string(), v.minLength(1), v.maxLength(4096));
const Entry = v.object({
  content: v.pipe(v.string(), v.minLength(1), v.maxLength(2048)),
  status: v.optional(v.picklist(['pending', 'in_progress', 'completed']), 'pending'),
});
const Line = v.pipe(v.number(), v.integer(), v.minValue(1));

const TOOLS = {
  shell: {
    says: `Runs a command in the directory and returns its output and exit code. Nobody can answer questions it asks. It is ended after timeout_seconds (${COMMAND_SECONDS} unless given).`,
    takes: v.object({
      command: v.pipe(v.string(), v.minLength(1)),
      timeout_seconds: v.optional(
        v.pipe(v.number(), v.minValue(1), v.maxValue(COMMAND_SECONDS_MAX)),
        COMMAND_SECONDS,
      ),
    }),
    schema: {
      command: { type: 'string' },
      timeout_seconds: { type: 'number', maximum: COMMAND_SECONDS_MAX },
    },
    required: ['command'],
  },
  read: {
    says: 'Returns the text of a file, or of the lines that are asked for.',
    takes: v.object({ path: Path, first_line: v.optional(Line), lines: v.optional(Line) }),
    schema: {
      path: { type: 'string' },
      first_line: { type: 'integer', minimum: 1 },
      lines: { type: 'integer', minimum: 1 },
    },
    required: ['path'],
  },
  write: {
    says: 'Writes a whole file; it is made if it is not there.',
    takes: v.object({ path: Path, content: v.string() }),
    schema: { path: { type: 'string' }, content: { type: 'string' } },
    required: ['path', 'content'],
  },
  edit: {
    says: 'Replaces a piece of a file. `old` must stand in it exactly once, blanks and all.',
    takes: v.object({ path: Path, old: v.pipe(v.string(), v.minLength(1)), new: v.string() }),
    schema: { path: { type: 'string' }, old: { type: 'string' }, new: { type: 'string' } },
    required: ['path', 'old', 'new'],
  },
  plan: {
    says: 'Shows people the plan, whole, each time it changes. For work of several steps.',
    takes: v.object({ entries: v.pipe(v.array(Entry), v.maxLength(LIST_ITEMS_MAX)) }),
    schema: {
      entries: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            content: { type: 'string' },
            status: { type: 'string', enum: ['pending', 'in_progress', 'completed'] },
          },
          required: ['content', 'status'],
        },
      },
    },
    required: ['entries'],
  },
} as const;

export type ToolName = keyof typeof TOOLS;
export type ToolOrder = {
  [N in ToolName]: { readonly tool: N } & v.InferOutput<(typeof TOOLS)[N]['takes']>;
}[ToolName];

/** As chat/completions wants them. */
export const TOOL_LIST = Object.entries(TOOLS).map(([name, { says, schema, required }]) => ({
  type: 'function',
  function: {
    name,
    description: says,
    parameters: { type: 'object', properties: schema, required },
  },
}));

/** The order, or what to tell the model that is wrong with it. */
export function toolOrder(name: string, args: string): Result<ToolOrder> {
  const given = jsonOf(args);
  switch (name) {
    case 'shell':
      return order(name, given, (takes) => ({ tool: 'shell', ...takes }));
    case 'read':
      return order(name, given, (takes) => ({ tool: 'read', ...takes }));
    case 'write':
      return order(name, given, (takes) => ({ tool: 'write', ...takes }));
    case 'edit':
      return order(name, given, (takes) => ({ tool: 'edit', ...takes }));
    case 'plan':
      return order(name, given, (takes) => ({ tool: 'plan', ...takes }));
    default:
      return err(`There is no tool “${name}”. There are: ${Object.keys(TOOLS).join(', ')}.`);
  }
}

function order<N extends ToolName>(
  name: N,
  given: unknown,
  made: (takes: v.InferOutput<(typeof TOOLS)[N]['takes']>) => ToolOrder,
): Result<ToolOrder> {
  const read = v.safeParse(TOOLS[name].takes, given);
  if (read.success) return ok(made(read.output));
  const [issue] = read.issues;
  const at = v.getDotPath(issue);
  return err(`Wrong arguments for ${name}: ${at === null ? '' : `${at}: `}${issue.message}`);
}

function jsonOf(args: string): unknown {
  try {
    return JSON.parse(args === '' ? '{}' : args);
  } catch {
    return null;
  }
}
