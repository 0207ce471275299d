// The command palette: everything the page can do, found by a few letters.
import type { IconNode } from 'lucide';
import { Search } from 'lucide';
import { useId, useRef, useState } from 'preact/hooks';
import { single } from 'fuzzysort';
import { Icon } from './icon.tsx';
import { Modal } from './dialog.tsx';

/** Letters strewn over a sentence are no match. Of 1. */
const SCORE_MIN = 0.4;

export interface Command {
  readonly words: string;
  readonly icon: IconNode;
  readonly keys?: string;
  readonly do: () => void;
}

export function Palette({ commands, close }: { commands: readonly Command[]; close: () => void }) {
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState(0);
  const list = useId();
  const box = useRef<HTMLUListElement>(null);
  const found = matching(commands, query);
  const at = Math.min(chosen, Math.max(0, found.length - 1));
  const run = (command: Command | undefined): void => {
    if (command === undefined) return;
    close();
    // After the dialog has given the focus back, so that what opens next may take it.
    queueMicrotask(command.do);
  };
  const pressed = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      const next = (at + step + found.length) % Math.max(1, found.length);
      setChosen(next);
      box.current?.children[next]?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter') run(found[at]?.command);
    else return;
    event.preventDefault();
  };
  return (
    <Modal class="dialog palette" label="Command palette" close={close}>
      <div class="palette-search">
        <Icon node={Search} />
        <input
          type="text"
          role="combobox"
          aria-label="Find a command"
          aria-expanded="true"
          aria-controls={list}
          aria-activedescendant={found.length > 0 ? `${list}-${at}` : undefined}
          placeholder="What do you want to do?"
          autocomplete="off"
          autofocus
          value={query}
          onInput={(event) => {
            setQuery(event.currentTarget.value);
            setChosen(0);
          }}
          onKeyDown={pressed}
        />
      </div>
      <ul ref={box} class="palette-list" role="listbox" id={list} aria-label="Commands">
        {found.map(({ command, letters }, index) => (
          <li
            key={command.words}
            id={`${list}-${index}`}
            role="option"
            aria-selected={index === at}
            onPointerMove={() => setChosen(index)}
            onClick={() => run(command)}
          >
            <Icon node={command.icon} />
            <span class="grow">{marked(command.words, letters)}</span>
            {command.keys !== undefined && <kbd>{command.keys}</kbd>}
          </li>
        ))}
      </ul>
      {found.length === 0 && <p class="palette-none">Nothing here is called that.</p>}
    </Modal>
  );
}

interface Found {
  readonly command: Command;
  readonly letters: readonly number[];
}

function matching(commands: readonly Command[], query: string): readonly Found[] {
  if (query.trim() === '') return commands.map((command) => ({ command, letters: [] }));
  const begins = query.trim().toLowerCase();
  return commands
    .flatMap((command) => {
      const match = single(query, command.words);
      if (match === null || match.score < SCORE_MIN) return [];
      // What begins as one typed comes first: 'sha' is to share, not to end the share.
      const first = command.words.toLowerCase().startsWith(begins) ? 1 : 0;
      return [{ command, letters: match.indexes, score: match.score + first }];
    })
    .toSorted((a, b) => b.score - a.score);
}

function marked(words: string, letters: readonly number[]) {
  if (letters.length === 0) return words;
  return Array.from(words).map((letter, index) =>
    letters.includes(index) ? <mark key={index}>{letter}</mark> : letter,
  );
}
