// What is drawn anew each second, and nothing around it.
import type { ReadonlySignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';

export function Ticking({
  now,
  children,
}: {
  now: ReadonlySignal<number>;
  children: (nowMs: number) => ComponentChildren;
}) {
  return <>{children(now.value)}</>;
}
