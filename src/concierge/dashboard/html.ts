import { escaped } from '../escaped.ts';

/** Text that may stand in a page as it is. Only `html` and `raw` make it. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

/** What may stand in a template. Anything that is not Html is escaped; null and false are nothing. */
export type Part = Html | string | number | null | undefined | false | readonly Part[];

/** A piece of a page. What is put in is escaped, between tags and in quoted attributes. */
export function html(fixed: TemplateStringsArray, ...parts: readonly Part[]): Html {
  let text = fixed[0] ?? '';
  parts.forEach((part, index) => {
    text += written(part) + (fixed[index + 1] ?? '');
  });
  return new Html(text);
}

/** Text of our own that must not be escaped: styles and scripts. Never anything from outside. */
export function raw(text: string): Html {
  return new Html(text);
}

function written(part: Part): string {
  if (part === null || part === undefined || part === false) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'string' || typeof part === 'number') {
    return escaped(String(part));
  }
  return part.map(written).join('');
}
