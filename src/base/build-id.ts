/** Set by the build; not there when aurora runs from its sources. */
declare const AURORA_BUILD: string | undefined;

/** A name for the sources that this aurora was built from; null when it runs from the sources. */
export const buildId: string | null = typeof AURORA_BUILD === 'string' ? AURORA_BUILD : null;
