// One icon from lucide's data, drawn as SVG. Always decoration: what it stands for is in words.
import type { IconNode } from 'lucide';
import { h } from 'preact';

export function Icon({
  node,
  size = 16,
  class: name = '',
}: {
  node: IconNode;
  size?: number;
  class?: string;
}) {
  return (
    <svg
      class={`icon ${name}`}
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.75"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {node.map(([tag, attributes]) => h(tag, attributes))}
    </svg>
  );
}
