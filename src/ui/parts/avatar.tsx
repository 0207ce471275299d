// How a participant appears: initials on the colour they chose. The name is always said too.
import { initialsOf } from '../model/words.ts';

export function Avatar({
  name,
  hue,
  size = '',
  away = false,
}: {
  name: string;
  hue: number;
  size?: '' | 'small' | 'large';
  away?: boolean;
}) {
  return (
    <span
      class={`avatar ${size} ${away ? 'away' : ''}`}
      style={{ '--hue': String(hue) }}
      title={name}
      aria-hidden="true"
    >
      {initialsOf(name)}
    </span>
  );
}
