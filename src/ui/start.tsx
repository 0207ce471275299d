// Puts a page on the screen from its ports: which one, in which theme.
import { effect } from '@preact/signals';
import { render } from 'preact';
import './style/tokens.css';
import './style/base.css';
import './style/controls.css';
import './style/bar.css';
import './style/timeline.css';
import './style/live.css';
import './style/input.css';
import './style/over.css';
import './style/share.css';
import './style/door.css';
import './style/conversations.css';
import './style/turns.css';
import './style/tools.css';
import './style/questions.css';
import './style/thread-view.css';
import './style/prompting.css';
import './style/thread-dialogs.css';
import './style/markdown.css';
import { entryOf, type Opening } from './model/entry.ts';
import type { Ports } from './model/ports.ts';
import { themeModel } from './model/theme.ts';
import { ticker } from './model/ticker.ts';
import { AppPage } from './pages/app.tsx';
import { JoinPage } from './pages/join.tsx';

/** Reads the address and takes its secret out of the address bar before anything else. */
export function openingOf(ports: Ports): Opening {
  const opening = entryOf(location, ports.tab);
  ports.readdress(opening.address);
  return opening;
}

export function start(root: Element, ports: Ports, { entry }: Opening): void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const theme = themeModel(ports.browser, dark.matches ? 'dark' : 'light');
  dark.addEventListener('change', () => theme.system(dark.matches ? 'dark' : 'light'));
  effect(() => {
    document.documentElement.dataset['theme'] = theme.theme.value;
  });
  const now = ticker(ports.clock);
  render(
    entry.page === 'app' ? (
      <AppPage token={entry.token} ports={ports} theme={theme} now={now} />
    ) : (
      <JoinPage
        entry={entry}
        ports={ports}
        theme={theme}
        now={now}
        origin={location.origin}
        proven={isSecureContext}
      />
    ),
    root,
  );
}
