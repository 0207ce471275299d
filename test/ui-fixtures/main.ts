// Shows one scene, named by `?scene=`: the whole page over a pretended wire.
import { browserPorts } from '../../src/ui/browser.ts';
import type { AppClient, Ports } from '../../src/ui/model/ports.ts';
import { entryOf, KEPT } from '../../src/ui/model/entry.ts';
import { start } from '../../src/ui/start.tsx';
import { pretendedViewer } from './pretended-viewer.ts';
import { ENTERED, SCENES, type Scene } from './scenes.ts';

const LATER_MS = 300;
const name = new URLSearchParams(location.search).get('scene') ?? 'app';
const scene = SCENES[name];
const root = document.getElementById('root');
if (root !== null && scene !== undefined) show(root, scene);
else document.body.append(...Object.keys(SCENES).flatMap(linkTo));

function show(root: Element, scene: Scene): void {
  const browser = browserPorts();
  const viewer = pretendedViewer(scene.state, scene.screen ?? '');
  let failed: (fault: string) => void = () => undefined;
  const client: AppClient = {
    state: () => scene.appState ?? { ...ENTERED, ...scene.app },
    watch: () => () => undefined,
    onFailed(hear) {
      failed = hear;
      return () => undefined;
    },
    newSession: () => failed(scene.fails ?? 'terminal.noPty'),
    signIn: () => failed('agent.signInGone'),
    viewer: () => viewer,
    retry: () => undefined,
  };
  const ports: Ports = {
    ...browser,
    openApp: () => client,
    openViewer: () => viewer,
    readdress: () => undefined,
    tab: { get: () => null, set: () => true, remove: () => undefined },
    browser: { ...browser.browser, get: (key) => kept(key, scene, browser.browser.get(key)) },
  };
  const hash = scene.page === 'app' ? `#token=${'t'.repeat(43)}` : (scene.hash ?? '');
  const opening = entryOf({ hostname: '127.0.0.1', pathname: scene.path ?? '/', hash }, ports.tab);
  const entry =
    scene.known === true && opening.entry.page === 'join'
      ? { ...opening.entry, resumed: true }
      : opening.entry;
  start(root, ports, { ...opening, entry });
  const { later } = scene;
  const pretended = { ...viewer, isSettled: later === undefined };
  if (later !== undefined) {
    setTimeout(() => {
      viewer.set(later);
      pretended.isSettled = true;
    }, LATER_MS);
  }
  Object.assign(globalThis, { pretended });
}

function kept(key: string, scene: Scene, real: string | null): string | null {
  if (key !== KEPT.person) return real;
  return scene.known === true ? JSON.stringify({ name: 'Bob', hue: 140 }) : null;
}

function linkTo(name: string): HTMLElement[] {
  const link = document.createElement('a');
  link.href = `?scene=${name}`;
  link.textContent = name;
  return [link, document.createElement('br')];
}
