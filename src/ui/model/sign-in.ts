// The ways to sign in that an agent named: they stand beside its notice as JSON, and are read like
// anything else that comes from outside.
import * as v from 'valibot';
import type { Part } from '../../protocol/thread.ts';

const Ways = v.array(
  v.object({
    name: v.pipe(v.string(), v.maxLength(256)),
    description: v.pipe(v.string(), v.maxLength(2048)),
    /** A line for a shell; null where it only says what to do. */
    command: v.nullable(v.pipe(v.string(), v.maxLength(4096))),
  }),
);
export type SignInWay = v.InferOutput<typeof Ways>[number];

export const SIGN_IN_CODE = 'agent.signIn';

export function signInWays(part: Part): readonly SignInWay[] {
  if (part.head.kind !== 'notice' || part.head.code !== SIGN_IN_CODE) return [];
  return part.contents.flatMap((content) => (content.type === 'input' ? waysIn(content.text) : []));
}

function waysIn(text: string): readonly SignInWay[] {
  try {
    const parsed = v.safeParse(Ways, JSON.parse(text));
    return parsed.success ? parsed.output : [];
  } catch {
    return []; // the sentence stands without its buttons
  }
}
