// Decides which page an address opens, and what of the address is kept and what leaves it.
// Pure: the address bar and the storage come in as values and go out as wishes.
import * as v from 'valibot';
import { SessionId } from '../../protocol/ids.ts';
import type { JoinWay, Shelf } from './ports.ts';

/** What a tab keeps, by name. The seed of an identity not yet admitted is kept by src/ui/net. */
export const KEPT = {
  /** The app's lasting token. */
  token: 'meshell.token',
  /** The way of a join that is not yet admitted: a reload goes on with it. */
  join: 'meshell.join',
  /** The session whose sharer is followed. */
  follows: 'meshell.follows',
  /** In the browser's shelf: the name and colour given last. */
  person: 'meshell.person',
  theme: 'meshell.theme',
} as const;

export type Entry =
  | { readonly page: 'app'; readonly token: string }
  | { readonly page: 'join'; readonly way: JoinWay; readonly resumed: boolean }
  | { readonly page: 'form' };

export interface Place {
  readonly hostname: string;
  readonly pathname: string;
  readonly hash: string;
}

export interface Opening {
  readonly entry: Entry;
  /** What the address bar shows from now on: never a secret. */
  readonly address: string;
}

const TOKEN = /^#token=([\w-]{43})$/;
const INVITE = /^#(m1\..{1,200})$/;
const CODE = /^#code=([\w-]{6,80})$/;
const SESSION = /^\/s\/([\w-]{22})\/?$/;

const KeptWay = v.variant('by', [
  v.object({ by: v.literal('link'), invite: v.pipe(v.string(), v.maxLength(200)) }),
  v.object({ by: v.literal('code'), code: v.pipe(v.string(), v.maxLength(80)) }),
]);

/** The fragment first, then the session in the path, then what this tab kept. */
export function entryOf(place: Place, tab: Pick<Shelf, 'get'>): Opening {
  const token = TOKEN.exec(place.hash)?.[1];
  if (token !== undefined) return { entry: { page: 'app', token }, address: '/' };
  const invite = INVITE.exec(place.hash)?.[1];
  if (invite !== undefined) return joining({ by: 'link', invite }, false);
  const code = CODE.exec(place.hash)?.[1];
  if (code !== undefined) return joining({ by: 'code', code }, false);
  const session = v.safeParse(SessionId, SESSION.exec(place.pathname)?.[1]);
  if (session.success) {
    const address = `/s/${session.output}`;
    const way: JoinWay = { by: 'key', session: session.output };
    return { entry: { page: 'join', way, resumed: true }, address };
  }
  const kept = parseWay(tab.get(KEPT.join));
  if (kept !== null) return joining(kept, true);
  const keptToken = tab.get(KEPT.token);
  if (keptToken !== null && place.hostname === '127.0.0.1') {
    return { entry: { page: 'app', token: keptToken }, address: '/' };
  }
  return { entry: { page: 'form' }, address: '/' };
}

export function keptWay(way: JoinWay): string {
  return JSON.stringify(way);
}

function joining(way: JoinWay, resumed: boolean): Opening {
  return { entry: { page: 'join', way, resumed }, address: '/' };
}

function parseWay(text: string | null): JoinWay | null {
  if (text === null) return null;
  try {
    const parsed = v.safeParse(KeptWay, JSON.parse(text));
    return parsed.success ? parsed.output : null;
  } catch {
    return null; // not ours: as good as nothing kept
  }
}
