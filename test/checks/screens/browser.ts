import type {
  BrowserPage,
  BrowserService,
  PageAct,
  VisitorCookie,
} from '../../../src/services/browser/browser.ts';

/** What a browser of a test does that is not as it should be. */
export interface Bend {
  /** Status of an address; 200 when left out. */
  readonly status?: (address: string) => number;
  /** Whether an act can be done; every one can when left out. */
  readonly able?: (act: PageAct) => boolean;
  /** Thrown when an address is opened. */
  readonly breaks?: (address: string) => Error | undefined;
}

/** A browser that opens everything and shows nothing but the address that it is at. */
export class PaperBrowser implements BrowserService {
  readonly label = 'paper';
  readonly visits: { readonly cookies: readonly VisitorCookie[]; readonly addresses: string[] }[] =
    [];
  readonly acts: PageAct[] = [];
  open = 0;
  closed = false;

  constructor(private readonly bend: Bend = {}) {}

  async visit(cookies: readonly VisitorCookie[]): Promise<BrowserPage> {
    const addresses: string[] = [];
    this.visits.push({ cookies, addresses });
    this.open += 1;
    const { status = () => 200, able = () => true, breaks = () => undefined } = this.bend;
    return {
      open: async (address) => {
        addresses.push(address);
        const error = breaks(address);
        if (error !== undefined) throw error;
        return status(address);
      },
      act: async (act) => {
        this.acts.push(act);
        return able(act);
      },
      picture: async () => Buffer.from(`a picture of ${addresses.join()}`),
      builds: () => ['c'.repeat(64)],
      close: async () => {
        this.open -= 1;
      },
    };
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}
