// A real Chromium on the stage, found on this computer.
import { existsSync } from 'node:fs';
import { chromium, type Browser, type LaunchOptions } from 'playwright-core';

const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export const chromiumPath = PATHS.find((path) => existsSync(path)) ?? null;

/** Quiet, and with timers that run in tabs nobody looks at. */
export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
];

export async function launchChromium(options: LaunchOptions = {}): Promise<Browser> {
  if (chromiumPath === null) throw new Error('no Chromium: apt-get install chromium');
  return await chromium.launch({
    executablePath: chromiumPath,
    args: CHROMIUM_FLAGS,
    ...options,
  });
}
