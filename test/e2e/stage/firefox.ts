// A real Firefox on the stage, driven over WebDriver BiDi, on this computer or in a namespace.
import { launch, type Browser, type Page } from 'puppeteer-core';
import { openTunnel, type Tunnel } from '../../net/tunnel.ts';
import type { Computer } from './namespaces.ts';
import { programPath } from './program-path.ts';

export interface Firefox {
  readonly browser: Browser;
  readonly close: () => Promise<void>;
}

/** `at` is another computer than this one. */
export async function launchFirefox(at?: Computer): Promise<Firefox> {
  const program = programPath('firefox-esr');
  if (program === null) throw new Error('no Firefox: apt-get install firefox-esr');
  if (at === undefined) return own(await start(program, {}), null);
  // BiDi is spoken over TCP: its port, here, leads to the same one there.
  const tunnel = await openTunnel(at.netns);
  try {
    const browser = await start(at.runner(program), { debuggingPort: tunnel.port });
    return own(browser, tunnel);
  } catch (cause) {
    tunnel.close();
    throw cause;
  }
}

async function start(
  executablePath: string,
  options: { readonly debuggingPort?: number },
): Promise<Browser> {
  return await launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    timeout: 60_000,
    ...options,
  });
}

function own(browser: Browser, tunnel: Tunnel | null): Firefox {
  return {
    browser,
    async close() {
      await browser.close();
      tunnel?.close();
    },
  };
}

/** The one element with this role and name. */
export function byRole(page: Page, role: string, name: string) {
  return page.locator(`::-p-aria([name="${name}"][role="${role}"])`);
}
