import { drawingOf } from '../art.ts';
import { h } from '../dom.ts';

const namespace = 'http://www.w3.org/2000/svg';

function svg(tag: string, attributes: Readonly<Record<string, string>>): SVGElement {
  const made = document.createElementNS(namespace, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

function drawing(category: string, name: string): SVGElement {
  const picture = svg('svg', { viewBox: '0 0 120 90', role: 'img', 'aria-label': name });
  for (const { tag, attributes } of drawingOf(category)) picture.append(svg(tag, attributes));
  return picture;
}

/**
 * The picture of a piece. A photograph is shown when it comes from this page's own origin: the
 * widget asks nobody else for anything. Otherwise, or when it does not load, the piece is drawn.
 */
export function picture(piece: {
  readonly name: string;
  readonly category: string;
  readonly metal: string;
  readonly image: string | undefined;
}): HTMLElement {
  const { name, category, metal, image } = piece;
  const frame = h('div', { class: 'picture', 'data-metal': metal });
  const draw = () => frame.replaceChildren(drawing(category, name));
  if (image === undefined || new URL(image).origin !== location.origin) draw();
  else frame.append(h('img', { src: image, alt: name, loading: 'lazy', onerror: draw }));
  return frame;
}
