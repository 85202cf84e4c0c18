import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { unlessAborted } from '../../base/deadline.ts';
import { AuroraError, messageOf } from '../../base/errors.ts';
import type { Dispatcher } from '../http/connect.ts';
import type { BrowserPage, BrowserService, PageAct, VisitorCookie } from './browser.ts';
import { findBrowser } from './find.ts';
import { relayAll } from './relay.ts';

type Variables = Readonly<Record<string, string | undefined>>;

const screen = { width: 1280, height: 860 };
const startTimeout = 20_000;
/** What the browser's own process needs of ours, and nothing that may be a secret. */
const passedOn = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'LC_ALL', 'FONTCONFIG_PATH', 'XDG_CACHE_HOME'];

/** The library that drives it. It is not needed for anything else, so it may be missing. */
async function loadLibrary() {
  try {
    return (await import('playwright-core')).chromium;
  } catch (cause) {
    throw new AuroraError('BROWSER_MISSING', 'the package playwright-core is not installed', {
      remedy: 'Install aurora with its optional packages, or look at the links instead.',
      cause,
    });
  }
}

function failed(what: string, error: unknown): AuroraError {
  // The first line says what; the rest is the library's own log.
  const reason = messageOf(error).split('\n')[0];
  return new AuroraError('BROWSER_FAILED', `${what}: ${reason}`, { cause: error });
}

async function launch(path: string, variables: Variables): Promise<Browser> {
  const library = await loadLibrary();
  const env = Object.fromEntries(
    passedOn.flatMap((name) => (variables[name] === undefined ? [] : [[name, variables[name]]])),
  );
  // As root it has no sandbox of its own. Names lead nowhere: all that it asks goes through the relay.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  try {
    return await library.launch({
      executablePath: path,
      args: [...sandbox, '--host-resolver-rules=MAP * ~NOTFOUND', '--disable-dev-shm-usage'],
      env,
      timeout: startTimeout,
      // Signals are aurora's: it closes the browser on its way out.
      ...{ handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false },
    });
  } catch (error) {
    throw failed(`${path} did not start`, error);
  }
}

/** What an act is done on. */
function targetOf(act: PageAct, page: Page): Locator {
  if ('press' in act) {
    const buttons = page.getByRole('button', { name: act.press, exact: true });
    return buttons.filter({ visible: true }).last();
  }
  if ('pressNext' in act) {
    const start = act.pressNext.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    return page.getByRole('button', { name: new RegExp(`^${start}`), pressed: false }).first();
  }
  if ('click' in act) return page.locator(act.click).first();
  if ('check' in act) return page.getByLabel(act.check, { exact: true });
  if ('fill' in act) return page.locator(`[name=${JSON.stringify(act.fill)}]`).last();
  return page.getByText(act.see).filter({ visible: true }).last();
}

async function perform(act: PageAct, page: Page, timeout: number): Promise<void> {
  const target = targetOf(act, page);
  if ('check' in act) return target.check({ timeout });
  if ('fill' in act) return target.fill(act.with, { timeout });
  if ('see' in act) return target.waitFor({ timeout });
  return target.click({ timeout });
}

class ChromiumPage implements BrowserPage {
  constructor(
    private readonly context: BrowserContext,
    private readonly page: Page,
    private readonly answered: ReadonlySet<string>,
    private readonly signal: AbortSignal,
  ) {}

  async open(address: string, withinMs: number): Promise<number> {
    const going = this.page.goto(address, { timeout: withinMs });
    const answer = await unlessAborted(going, this.signal).catch((error: unknown) => {
      if (this.signal.aborted) throw this.signal.reason;
      throw failed(`${address} did not open`, error);
    });
    return answer?.status() ?? 0;
  }

  async act(act: PageAct, withinMs: number): Promise<boolean> {
    try {
      // A timeout of 0 would mean: for ever.
      await unlessAborted(perform(act, this.page, Math.max(1, withinMs)), this.signal);
      return true;
    } catch (error) {
      if (this.signal.aborted) throw this.signal.reason;
      if (error instanceof Error && error.name === 'TimeoutError') return false;
      throw failed('the page could not be driven', error);
    }
  }

  async picture({ whole = false }: { readonly whole?: boolean } = {}): Promise<Uint8Array> {
    const taking = this.page.screenshot({ fullPage: whole, animations: 'disabled' });
    return unlessAborted(taking, this.signal).catch((error: unknown) => {
      if (this.signal.aborted) throw this.signal.reason;
      throw failed('no picture could be taken', error);
    });
  }

  builds(): readonly string[] {
    return [...this.answered];
  }

  close(): Promise<void> {
    return this.context.close().catch(() => undefined);
  }
}

/**
 * Starts the Chromium of this machine, with a profile of its own that is gone afterwards. What its
 * pages ask goes through `dispatcher`. BROWSER_MISSING, BROWSER_FAILED.
 */
export async function openChromium(
  variables: Variables,
  dispatcher: Dispatcher,
): Promise<BrowserService> {
  const path = await findBrowser(variables);
  const browser = await launch(path, variables);
  return {
    label: path,
    visit: async (cookies: readonly VisitorCookie[], signal: AbortSignal) => {
      try {
        const context = await browser.newContext({
          viewport: screen,
          reducedMotion: 'reduce',
          serviceWorkers: 'block',
          acceptDownloads: false,
        });
        const answered = new Set<string>();
        const heard = (headers: Readonly<Record<string, string>>) => {
          const build = headers['x-aurora-build'];
          if (build !== undefined) answered.add(build);
        };
        await context.addCookies(
          cookies.map(({ name, value, origin }) => ({
            ...{ name, value, url: origin, httpOnly: true, sameSite: 'Lax' as const },
            secure: origin.startsWith('https:'),
          })),
        );
        await relayAll(context, { dispatcher, signal, heard });
        return new ChromiumPage(context, await context.newPage(), answered, signal);
      } catch (error) {
        throw failed('no page could be opened', error);
      }
    },
    close: () => browser.close().catch(() => undefined),
  };
}
