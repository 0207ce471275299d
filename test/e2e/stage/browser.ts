// A real Chromium on the stage, found on this computer.
import { chromium, type Browser, type LaunchOptions } from 'playwright-core';
import { programPath } from './program-path.ts';

export const chromiumPath =
  programPath('chromium') ?? programPath('chromium-browser') ?? programPath('google-chrome');

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
