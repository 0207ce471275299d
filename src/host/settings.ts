// The settings file: JSON with comments, read once at the start. A broken file is a fault with
// its place, never a silent default.
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import {
  findNodeAtLocation,
  parse,
  parseTree,
  printParseErrorCode,
  type ParseError,
} from 'jsonc-parser';
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

/** What each setting takes, for whoever wrote something else. */
const TAKES: { readonly [N in keyof Settings]-?: string } = {
  name: 'takes a name of at most 40 characters',
  signal: 'takes an address, ws://… or wss://…',
  shell: 'takes the path of a shell',
};

const MISSING: Readonly<Record<string, string>> = {
  CommaExpected: 'a comma is missing here',
  ColonExpected: 'a colon is missing here',
  PropertyNameExpected: 'a name in double quotes is missing here',
  ValueExpected: 'a value is missing here',
  CloseBraceExpected: 'a } is missing here',
  CloseBracketExpected: 'a ] is missing here',
  EndOfFileExpected: 'the file should end here',
  UnexpectedEndOfString: 'a text has no closing quote',
  UnexpectedEndOfComment: 'a comment has no end',
};

/** The settings, or a sentence that says what is wrong and where. */
export function readSettings(configFolder: string): Result<Settings> {
  const file = join(configFolder, SETTINGS_FILE);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return ok({});
  }
  const at = (offset: number): string =>
    `${file}, line ${text.slice(0, offset).split('\n').length}`;
  const errors: ParseError[] = [];
  const raw: unknown = parse(text, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first !== undefined) {
    const code = printParseErrorCode(first.error);
    return err(`${at(first.offset)}: ${MISSING[code] ?? 'this is not JSON'}.`);
  }
  const parsed = v.safeParse(Settings, raw ?? {});
  if (parsed.success) return ok(parsed.output);
  const name = v.getDotPath(parsed.issues[0]);
  if (name === null) return err(`${at(0)}: the settings stand between { and }.`);
  const tree = parseTree(text);
  const node = tree === undefined ? undefined : findNodeAtLocation(tree, [name]);
  return err(`${at(node?.offset ?? 0)}: “${name}” ${takes(name)}.`);
}

function takes(name: string): string {
  for (const [known, words] of Object.entries(TAKES)) if (known === name) return words;
  return 'is not what belongs here';
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
