// What is to be known of a line before it is sent.
import { utf8 } from '../../protocol/bytes.ts';
import { FAULTS } from '../../protocol/faults.ts';
import { hasHidden, visibleText } from '../model/words.ts';

/** A limit is in bytes: of most characters there go fewer into it. */
export function isTooLong(text: string, bytesMax: number): boolean {
  return text.length > bytesMax || utf8(text).length > bytesMax;
}

export function InputNotes({
  text,
  what,
  tooLong,
}: {
  text: string;
  what: 'line' | 'prompt';
  tooLong: boolean;
}) {
  if (tooLong) {
    return (
      <p class="input-note" role="status">
        {FAULTS['action.tooLong'].mine}
      </p>
    );
  }
  if (!hasHidden(text)) return null;
  return (
    <p class="input-note" role="status">
      Hidden characters in this {what}: {visibleText(text)}
    </p>
  );
}
