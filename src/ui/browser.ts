// What the browser itself gives the page: its storage, its clipboard, its clock and its address
// bar, as ports. The wire is not here but in net/.
import type { Clock } from '../protocol/ports.ts';
import type { Ports, Shelf } from './model/ports.ts';

export type BrowserPorts = Omit<Ports, 'openApp' | 'openViewer'>;

export function browserPorts(): BrowserPorts {
  return {
    clock: browserClock(),
    tab: shelfOf(() => sessionStorage),
    browser: shelfOf(() => localStorage),
    copy: copyText,
    readdress: (path) => history.replaceState(null, '', path),
    go(url, where) {
      if (where === 'here') location.assign(url);
      else window.open(url, '_blank', 'noopener');
    },
  };
}

function browserClock(): Clock {
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    after(afterMs, wake) {
      const timer = setTimeout(wake, afterMs);
      return () => clearTimeout(timer);
    },
  };
}

/** Reading the property alone throws where storage is refused. */
function shelfOf(storage: () => Storage): Shelf {
  return {
    get(key) {
      try {
        return storage().getItem(key);
      } catch {
        return null; // refused: as if nothing had been kept
      }
    },
    set(key, value) {
      try {
        storage().setItem(key, value);
        return true;
      } catch {
        return false;
      }
    },
    remove(key) {
      try {
        storage().removeItem(key);
      } catch {
        // refused: nothing was kept
      }
    },
  };
}

/** On plain http there is no navigator.clipboard: the old way then, from a field of its own. */
async function copyText(text: string): Promise<boolean> {
  if (isSecureContext) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return copyBySelection(text);
    }
  }
  return copyBySelection(text);
}

function copyBySelection(text: string): boolean {
  const before = document.activeElement;
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'unseen';
  field.setAttribute('aria-hidden', 'true');
  // Inside an open dialog, as everything outside it is inert.
  (document.querySelector('dialog[open]') ?? document.body).append(field);
  field.select();
  const copied = document.execCommand('copy');
  field.remove();
  if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  return copied;
}
