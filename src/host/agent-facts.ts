// What of a thread decides who may ask what of it, read from its segments: cheap to ask for, as
// a segment that did not change is not read again. Knows no rights.
import type { PublicKey } from '../protocol/ids.ts';
import type { Part, PermissionOption, Segment } from '../protocol/thread.ts';
import type { ThreadFacts } from '../session/agent-rights.ts';

interface SegmentFacts {
  readonly offered: readonly (readonly [
    part: number,
    options: ReadonlyMap<string, PermissionOption['kind']>,
  ])[];
  readonly open: number;
}

const known = new WeakMap<readonly Part[], SegmentFacts>();

function read({ parts }: Segment): SegmentFacts {
  const before = known.get(parts);
  if (before !== undefined) return before;
  const offered: SegmentFacts['offered'][number][] = [];
  let open = 0;
  for (const { id, head } of parts) {
    if (head.kind !== 'permission') continue;
    offered.push([id, new Map(head.options.map((option) => [option.id, option.kind]))]);
    if (head.answer.state === 'open') open++;
  }
  const facts = { offered, open };
  known.set(parts, facts);
  return facts;
}

export function factsOf(segments: readonly Segment[]): ThreadFacts {
  const queued = new Map<number, PublicKey>();
  for (const { queue } of segments) for (const one of queue) queued.set(one.id, one.author);
  return {
    actsAlone: segments.at(-1)?.head.actsAlone ?? false,
    queued,
    offered: new Map(segments.flatMap((segment) => read(segment).offered)),
  };
}

export function permissionsOpen(segments: readonly Segment[]): number {
  return segments.reduce((sum, segment) => sum + read(segment).open, 0);
}
