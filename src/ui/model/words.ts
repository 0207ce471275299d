// Puts times, lengths and rights into the words and figures that the page shows. Fault
// sentences are not here: those are said once, in protocol/faults.ts.
import type { Capability } from '../../protocol/capability.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** How long a command took: `48 ms`, `1.2 s`, `3 m 04 s`, `2 h 05 m`. */
export function durationWords(ms: number): string {
  if (ms < SECOND) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 10 * SECOND) return `${(ms / SECOND).toFixed(1)} s`;
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} m ${two(Math.floor((ms % MINUTE) / SECOND))} s`;
  return `${Math.floor(ms / HOUR)} h ${two(Math.floor((ms % HOUR) / MINUTE))} m`;
}

/** What is left of something that ends: `9:41`, `1:02:09`; `0:00` when it is over. */
export function leftWords(ms: number): string {
  const left = Math.max(0, Math.ceil(ms / SECOND));
  const [h, m, s] = [Math.floor(left / 3600), Math.floor((left % 3600) / 60), left % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** A time of day; another day than today carries its date. `offset` is minutes east of UTC. */
export function clockWords(atMs: number, nowMs: number, offsetMinutes: number): string {
  const local = dayAndTime(atMs + offsetMinutes * MINUTE);
  const today = dayAndTime(nowMs + offsetMinutes * MINUTE);
  return local.day === today.day ? local.time : `${local.day} ${local.time}`;
}

function dayAndTime(shifted: number): { readonly day: string; readonly time: string } {
  const dayNumber = Math.floor(shifted / (24 * HOUR));
  const within = shifted - dayNumber * 24 * HOUR;
  const time = `${two(Math.floor(within / HOUR))}:${two(Math.floor((within % HOUR) / MINUTE))}`;
  return { day: calendarDay(dayNumber), time };
}

/** Days since 1970 as YYYY-MM-DD (the civil-from-days method of the proleptic Gregorian calendar). */
function calendarDay(days: number): string {
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const doe = z - era * 146_097;
  const yoe = Math.floor(
    (doe - Math.floor(doe / 1460) + Math.floor(doe / 36_524) - Math.floor(doe / 146_096)) / 365,
  );
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100));
  const mp = Math.floor((5 * doy + 2) / 153);
  const day = doy - Math.floor((153 * mp + 2) / 5) + 1;
  const month = mp < 10 ? mp + 3 : mp - 9;
  const year = yoe + era * 400 + (month <= 2 ? 1 : 0);
  return `${year}-${two(month)}-${two(day)}`;
}

function two(n: number): string {
  return String(n).padStart(2, '0');
}

export const CAPABILITY_WORDS = {
  view: 'See the session',
  suggest: 'Suggest commands and prompts',
  draft: 'Edit the shared input line',
  run: 'Run commands',
  type: 'Type into the running program: what it does not read, your shell runs',
  prompt: 'Prompt agents',
  approve: 'Answer agents’ permission requests',
  manage: 'Invite, admit, grant and remove',
} as const satisfies Record<Capability, string>;

/** One or two letters for an avatar. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/u);
  const letters = (words.length > 1 ? [words[0], words.at(-1)] : [words[0]]).map(
    (word) => Array.from(word ?? '')[0] ?? '',
  );
  return letters.join('').toLocaleUpperCase('en') || '?';
}

const HIDDEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;

/** The text with every control and bidi character written out, so that it cannot pretend. */
export function visibleText(text: string): string {
  return text.replace(HIDDEN, (char) => {
    const code = char.codePointAt(0) ?? 0;
    return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
  });
}

export function hasHidden(text: string): boolean {
  return visibleText(text) !== text;
}

/** Failed, as people mean it: not a Ctrl-C (130) and not a closed pipe (141). */
export function isFailure(exit: number | null): boolean {
  return exit !== null && exit !== 0 && exit !== 130 && exit !== 141;
}

/** A directory short enough for a header: its last two names when it is long. */
export function shortDirectory(directory: string): string {
  if (directory.length <= 40) return directory;
  return `…/${directory.split('/').slice(-2).join('/')}`;
}
