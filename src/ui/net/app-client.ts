// The sharer's page and its process: the socket /app, and a link of its own for each session.
import type { BrowserPorts } from '../browser.ts';
import type { AppClient } from '../model/ports.ts';
import { openBrowserViewer } from './browser-viewer.ts';

export function openAppClient(_token: string, ports: BrowserPorts): AppClient {
  return {
    state: () => ({ phase: 'refused', fault: 'app.token' }),
    watch: () => () => undefined,
    newSession: () => undefined,
    viewer: (session) => openBrowserViewer({ by: 'key', session }, ports),
    retry: () => undefined,
  };
}
