// The settings file: JSON with comments, read once at the start. A broken file is a fault with
// its place, never a silent default.
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { parse, printParseErrorCode, type ParseError } from 'jsonc-parser';
import * as v from 'valibot';
import { PersonName } from '../protocol/action.ts';
import { err, ok, type Result } from '../protocol/result.ts';

const Settings = v.object({
  name: v.optional(PersonName),
  /** ws:// or wss:// address of a signaling service. */
  signal: v.optional(v.pipe(v.string(), v.regex(/^wss?:\/\//))),
  shell: v.optional(v.string()),
});
export type Settings = v.InferOutput<typeof Settings>;

export const SETTINGS_FILE = 'settings.json';

/** The settings, or a sentence that says what is wrong and where. */
export function readSettings(configFolder: string): Result<Settings> {
  const file = join(configFolder, SETTINGS_FILE);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return ok({});
  }
  const errors: ParseError[] = [];
  const raw: unknown = parse(text, errors, { allowTrailingComma: true });
  const first = errors[0];
  if (first !== undefined) {
    const line = text.slice(0, first.offset).split('\n').length;
    return err(`${file}, line ${line}: ${printParseErrorCode(first.error)}`);
  }
  const parsed = v.safeParse(Settings, raw ?? {});
  if (parsed.success) return ok(parsed.output);
  const issue = parsed.issues[0];
  return err(`${file}: ${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`);
}

/** How the sharer is called where it has not said: by its login, or plainly. */
export function defaultName(): string {
  try {
    const parsed = v.safeParse(PersonName, userInfo().username);
    return parsed.success ? parsed.output : 'Sharer';
  } catch {
    return 'Sharer';
  }
}
