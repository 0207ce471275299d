// The bar's right end: who is here, sharing, and the menu of everything else.
import { useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { Ellipsis, Share2, Waypoints } from 'lucide';
import type { SessionModel } from '../model/session-model.ts';
import { Avatar } from './avatar.tsx';
import { LinkState } from './connection.tsx';
import { Icon } from './icon.tsx';
import { Menu, type MenuEntry, type MenuPoint } from './menu.tsx';

/** More faces than this are a number. */
const FACES_MAX = 4;

/** The page's heading, where nothing else is. */
export function Brand({ heading }: { heading: boolean }) {
  const mark = (
    <>
      <Icon node={Waypoints} size={18} />
      <span>meshell</span>
    </>
  );
  return heading ? <h1 class="brand">{mark}</h1> : <span class="brand">{mark}</span>;
}

export function BarEnd({
  session,
  people,
  peopleOpen,
  share,
  menu,
  children,
}: {
  session: SessionModel | null;
  people: () => void;
  peopleOpen: boolean;
  /** null where this viewer may not share. */
  share: (() => void) | null;
  menu: readonly MenuEntry[];
  children?: ComponentChildren;
}) {
  const [at, setAt] = useState<MenuPoint | null>(null);
  return (
    <div class="bar-end">
      {session !== null && (
        <>
          <LinkState session={session} />
          <PeopleButton session={session} people={people} open={peopleOpen} />
          {share !== null && (
            <button type="button" class="button primary share-button" onClick={share}>
              <Icon node={Share2} /> <span>Share</span>
            </button>
          )}
        </>
      )}
      {children}
      <button
        type="button"
        class="button icon-only"
        aria-label="More"
        aria-haspopup="menu"
        title="More"
        onClick={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          setAt({ x: box.right - 232, y: box.bottom + 4 });
        }}
      >
        <Icon node={Ellipsis} />
      </button>
      {at !== null && <Menu name="More" at={at} entries={menu} close={() => setAt(null)} />}
    </div>
  );
}

function PeopleButton({
  session,
  people,
  open,
}: {
  session: SessionModel;
  people: () => void;
  open: boolean;
}) {
  const roster = session.roster.value;
  const here = roster.filter((one) => one.present);
  const shown = here.slice(0, FACES_MAX);
  return (
    <button
      type="button"
      class="people-button"
      aria-label={`Participants: ${here.map((one) => one.name).join(', ') || 'nobody'}`}
      aria-expanded={open}
      title="Participants"
      onClick={people}
    >
      <span class="avatars">
        {shown.map((one) => (
          <Avatar key={one.key} name={one.name} hue={one.hue} />
        ))}
      </span>
      {here.length > shown.length && <span class="people-more">+{here.length - shown.length}</span>}
    </button>
  );
}
