// What the sharer's own page says to its process beside the sessions themselves: JSON on the
// socket /app, behind the token. Each session then has a link of its own at /app/session/<id>.
import * as v from 'valibot';
import { SessionId, ThreadId } from './ids.ts';

const Token = v.pipe(v.string(), v.regex(/^[\w-]{43}$/));

export const ToApp = v.variant('type', [
  /** Must be first. The opening token works once; the kept one as long as the process lives. */
  v.object({ type: v.literal('enter'), token: Token }),
  /** A terminal that nobody else sees. */
  v.object({ type: v.literal('newSession') }),
  /** One that begins with a way to sign in, by its place, that a thread's agent has named. */
  v.object({
    type: v.literal('signIn'),
    session: SessionId,
    thread: ThreadId,
    way: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(63)),
  }),
]);
export type ToApp = v.InferOutput<typeof ToApp>;

export const SessionCard = v.object({
  id: SessionId,
  title: v.string(),
  /** Participants connected, the sharer's own devices not counted. */
  viewers: v.number(),
  /** Knocks and requests that wait. */
  waiting: v.number(),
});
export type SessionCard = v.InferOutput<typeof SessionCard>;

export const FromApp = v.variant('type', [
  v.object({
    type: v.literal('entered'),
    /** To keep in sessionStorage. */
    token: Token,
    name: v.string(),
    hue: v.number(),
    /** Ways a share can be reached on this computer, with the LAN addresses found. */
    reaches: v.array(v.picklist(['local', 'lan', 'signal'])),
    addresses: v.array(v.string()),
    signal: v.nullable(v.string()),
  }),
  v.object({ type: v.literal('sessions'), sessions: v.array(SessionCard) }),
  /** The page opens nothing; the socket closes. */
  v.object({
    type: v.literal('refused'),
    fault: v.picklist(['app.token', 'message.malformed']),
  }),
  /** What was asked did not work, and why; all else goes on. */
  v.object({ type: v.literal('failed'), fault: v.pipe(v.string(), v.maxLength(64)) }),
]);
export type FromApp = v.InferOutput<typeof FromApp>;
