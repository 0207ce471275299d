// Many edits as few changes, each of which fits one frame. Knows how large an edit is, and
// nothing of what it says.
import type { DocumentKind } from '../protocol/document.ts';
import type { Frame } from '../protocol/message.ts';
import type { AuthoredDocument } from './document-author.ts';
import type { Shapes } from './document-shape.ts';
import type { ListEdit } from './list-edits.ts';

/** Edits joined into one change, in bytes: half a frame, so that what is around them fits. */
const CHANGE_BYTES_MAX = 32 * 1024;

/** Applied in order; one larger than CHANGE_BYTES_MAX is a change of its own, and must fit a frame. */
export async function changeInFrames<K extends DocumentKind>(
  document: AuthoredDocument<K>,
  edits: readonly ListEdit<Shapes[K]>[],
): Promise<Frame[]> {
  const frames = await Promise.all(
    inChanges(edits).map((group) => {
      const [first] = group;
      const isGrowth = group.length === 1 && first?.growth !== undefined;
      const frame = isGrowth ? document.grow(first.growth) : 'none';
      if (frame !== 'none') return frame;
      return document.change((draft) => {
        for (const edit of group) edit.apply(draft);
      });
    }),
  );
  return frames.filter((frame) => frame !== null);
}

function inChanges<Draft>(edits: readonly ListEdit<Draft>[]): ListEdit<Draft>[][] {
  const changes: ListEdit<Draft>[][] = [];
  let bytes = Infinity;
  for (const edit of edits) {
    bytes += edit.bytes;
    if (bytes > CHANGE_BYTES_MAX) {
      changes.push([]);
      bytes = edit.bytes;
    }
    changes[changes.length - 1]?.push(edit);
  }
  return changes;
}
