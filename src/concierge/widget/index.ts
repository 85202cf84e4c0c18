import { AuroraConcierge } from './element.ts';

const name = 'aurora-concierge';

// Loaded twice, the first one stays. A page may place the element itself; else it goes to the end.
if (customElements.get(name) === undefined) {
  customElements.define(name, AuroraConcierge);
  if (document.querySelector(name) === null) document.body.append(document.createElement(name));
}
