/** One act on a page, or one look: as a customer would do it, by the words that are on the screen. */
export type PageAct =
  /** The button with exactly this name; the newest where there are several. */
  | { readonly press: string }
  /** What a CSS selector finds first: for what each build names as it likes. */
  | { readonly click: string }
  /** The first button whose name begins so and that is not pressed yet. */
  | { readonly pressNext: string }
  /** The box or the choice with this label. */
  | { readonly check: string }
  /** The field with this name; the newest where there are several. */
  | { readonly fill: string; readonly with: string }
  /** A text somewhere on the page. */
  | { readonly see: string };

/** A page of a visitor who shares nothing with any other. */
export interface BrowserPage {
  /** Goes there; answers with the status of the answer. */
  open(address: string, withinMs: number): Promise<number>;
  /** Does it as soon as it can be done; false when it could not be within that time. */
  act(act: PageAct, withinMs: number): Promise<boolean>;
  /** A PNG of what is seen, or of the whole page. */
  picture(options?: { readonly whole?: boolean }): Promise<Uint8Array>;
  /** Digests of the builds that answered this page, in the order of their first answer. */
  builds(): readonly string[];
  close(): Promise<void>;
}

/** A cookie that a visitor has from the beginning. */
export interface VisitorCookie {
  readonly name: string;
  readonly value: string;
  /** Origin that gets it. */
  readonly origin: string;
}

/** A real browser on this machine. Every method may throw BROWSER_FAILED. */
export interface BrowserService {
  /** Its executable. */
  readonly label: string;
  visit(cookies: readonly VisitorCookie[], signal: AbortSignal): Promise<BrowserPage>;
  close(): Promise<void>;
}
