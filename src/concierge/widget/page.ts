/** What the page was told when it asked for the widget. */
export interface PageFacts {
  readonly sessionId: string;
  /** The text to show in place of returns while they are off; undefined while they are on. */
  readonly returnsOutage: string | undefined;
}

/** Reads what `/widget.js` left on the page's root element. */
export function pageFacts(): PageFacts {
  const { auroraSession = '', auroraReturnsOutage } = document.documentElement.dataset;
  return { sessionId: auroraSession, returnsOutage: auroraReturnsOutage };
}
