// What may lie over a page, one at a time, and the keys that open the palette.
import { useSignal, type Signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Question } from './confirm.tsx';

export type Overlay =
  | { readonly over: 'nothing' }
  | { readonly over: 'palette' }
  | { readonly over: 'share'; readonly from: number | null }
  | { readonly over: 'join' }
  | { readonly over: 'question'; readonly question: Question };

export const NOTHING_OVER: Overlay = { over: 'nothing' };

export function useOverlay(): Signal<Overlay> {
  const overlay = useSignal<Overlay>(NOTHING_OVER);
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const key = event.key.toLowerCase();
      const command = event.ctrlKey || event.metaKey;
      const palette = command && (event.shiftKey ? key === 'p' : key === 'k') && !event.altKey;
      if (!palette) return;
      event.preventDefault();
      const open = overlay.peek().over;
      if (open === 'nothing') overlay.value = { over: 'palette' };
      else if (open === 'palette') overlay.value = NOTHING_OVER;
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, []);
  return overlay;
}
