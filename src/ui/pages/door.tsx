// A page with one thing on it: what stands before a session, or where there is none.
import type { ComponentChildren } from 'preact';
import { Waypoints } from 'lucide';
import { Icon } from '../parts/icon.tsx';

export function Door({
  title,
  busy = false,
  children,
}: {
  title: string;
  busy?: boolean;
  children?: ComponentChildren;
}) {
  return (
    <main class="door" aria-busy={busy}>
      <div class="door-card">
        <div class="door-top">
          <Icon node={Waypoints} size={28} />
          <h1>{title}</h1>
        </div>
        {busy && <span class="spin" aria-hidden="true" />}
        {children}
      </div>
    </main>
  );
}
