// Dark or light: what the person chose, else what the system says. Knows no DOM.
import { computed, signal, type ReadonlySignal } from '@preact/signals-core';
import { KEPT } from './entry.ts';
import type { Shelf } from './ports.ts';

export type Theme = 'dark' | 'light';

export interface ThemeModel {
  readonly theme: ReadonlySignal<Theme>;
  readonly toggle: () => void;
  /** The system changed its mind; matters only while the person has not. */
  readonly system: (theme: Theme) => void;
}

export function themeModel(browser: Shelf, system: Theme): ThemeModel {
  const kept = browser.get(KEPT.theme);
  const chosen = signal<Theme | null>(kept === 'dark' || kept === 'light' ? kept : null);
  const says = signal(system);
  const theme = computed(() => chosen.value ?? says.value);
  return {
    theme,
    toggle() {
      chosen.value = theme.value === 'dark' ? 'light' : 'dark';
      browser.set(KEPT.theme, chosen.value);
    },
    system(next) {
      says.value = next;
    },
  };
}
