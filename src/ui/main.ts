// The page's composition root: the browser's ports and the wire's, joined and started.
import { browserPorts } from './browser.ts';
import { openAppClient } from './net/app-client.ts';
import { openBrowserViewer } from './net/browser-viewer.ts';
import { openingOf, start } from './start.tsx';

const browser = browserPorts();
const ports = {
  ...browser,
  openApp: (token: string) => openAppClient(token, browser),
  openViewer: (way: Parameters<typeof openBrowserViewer>[0]) => openBrowserViewer(way, browser),
};
const root = document.getElementById('root');
if (root !== null) start(root, ports, openingOf(ports));
