// One JSON object a line: what comes on stdin is checked against a schema, what goes to stdout
// is written whole. Knows no commands.
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import * as v from 'valibot';

/** A line longer than this is no order of a person's or a program's. */
const LINE_CHARS_MAX = 256 * 1024;

/** Calls back with each line that fits the schema, or with the fault of one that does not. */
export function readJsonLines<S extends v.GenericSchema>(
  input: Readable,
  schema: S,
  take: (line: v.InferOutput<S>) => void,
  malformed: (why: string) => void,
): () => void {
  const lines = createInterface({ input, crlfDelay: Infinity });
  lines.on('line', (line) => {
    if (line.trim() === '') return;
    if (line.length > LINE_CHARS_MAX) return malformed('the line is too long');
    const raw = parseJson(line);
    const parsed = v.safeParse(schema, raw);
    if (parsed.success) take(parsed.output);
    else malformed(v.getDotPath(parsed.issues[0]) ?? 'not an object of this protocol');
  });
  return () => lines.close();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export function writeJsonLine(output: Writable, value: object): void {
  output.write(`${JSON.stringify(value)}\n`);
}
