// Reads what a person pastes or types to join: a link, a code, a code with its place, or the
// whole line that the sharer reads out. Knows nothing of whether the invite is any good.
import { parsePlace, placeOrigin } from '../../protocol/host-place.ts';
import { err, ok, type Result } from '../../protocol/result.ts';
import type { JoinWay } from './ports.ts';

export type JoinTarget =
  /** This page can do it. */
  | { readonly go: 'here'; readonly way: JoinWay }
  /** Another place serves that share: open its page. */
  | { readonly go: 'there'; readonly url: string };

export interface JoinSetting {
  /** Where this page came from, e.g. `http://192.168.1.5:4271`. */
  readonly origin: string;
  /** Whether a code without a place can be looked up from this page. */
  readonly looksUpCodes: boolean;
  /** A signaling service to look it up at instead, where one is set. */
  readonly signal: string | null;
}

const CODE = /^\d{4,8}-[a-z]+-[a-z]+$/;

/** 'code.noPlace' where a bare code cannot be looked up from here. */
export function joinTarget(
  text: string,
  setting: JoinSetting,
): Result<JoinTarget, 'invite.malformed' | 'code.noPlace'> {
  const line = text.trim().replace(/^meshell\s+join\s+/, '');
  return /^https?:\/\//i.test(line) ? linkTarget(line, setting) : codeTarget(line, setting);
}

function linkTarget(
  line: string,
  setting: JoinSetting,
): Result<JoinTarget, 'invite.malformed' | 'code.noPlace'> {
  const at = line.indexOf('#');
  const fragment = line.slice(at + 1);
  if (at < 0 || !/^m1\..{1,200}$/.test(fragment)) return err('invite.malformed');
  return line.slice(0, at).replace(/\/$/, '') === setting.origin && setting.looksUpCodes
    ? ok({ go: 'here', way: { by: 'link', invite: fragment } })
    : ok({ go: 'there', url: line });
}

function codeTarget(
  line: string,
  setting: JoinSetting,
): Result<JoinTarget, 'invite.malformed' | 'code.noPlace'> {
  const [typed = '', place, ...more] = line.split('@');
  const code = typed
    .toLowerCase()
    .split(/[\s-]+/)
    .join('-');
  if (!CODE.test(code) || more.length > 0) return err('invite.malformed');
  if (place === undefined || place === '') {
    if (setting.looksUpCodes) return ok({ go: 'here', way: { by: 'code', code } });
    if (setting.signal === null) return err('code.noPlace');
    return ok({ go: 'there', url: `${httpOf(setting.signal)}/#code=${code}` });
  }
  const parsed = parsePlace(place.trim());
  if (!parsed.ok) return parsed;
  const url = placeOrigin(parsed.value);
  return url === setting.origin && setting.looksUpCodes
    ? ok({ go: 'here', way: { by: 'code', code } })
    : ok({ go: 'there', url: `${url}/#code=${code}` });
}

function httpOf(signal: string): string {
  return signal.replace(/^ws/, 'http').replace(/\/$/, '');
}
