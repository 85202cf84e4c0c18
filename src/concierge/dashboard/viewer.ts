import { maskEmail, maskPhone } from '../masks.ts';
import type { Rights, Role } from './role.ts';

/** For whom, when and where a page is made. */
export interface Viewer {
  /** Null before signing in. */
  readonly role: Role | null;
  readonly rights: Rights;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Path and query of the page. */
  readonly address: string;
  readonly requestId: string;
  readonly build: string;
  readonly environment: string;
  readonly slot: string;
  /** Names the styles and scripts that the page's policy lets through. */
  readonly nonce: string;
}

/** An e-mail address as a role may see it. */
export function emailFor({ personal }: Rights, email: string): string {
  return personal ? email : maskEmail(email);
}

/** A telephone number as a role may see it. */
export function phoneFor({ personal }: Rights, phone: string): string {
  return personal ? phone : maskPhone(phone);
}

/** A name as a role may see it: initials when masked. */
export function nameFor({ personal }: Rights, name: string): string {
  if (personal) return name;
  const initials = name.split(/\s+/).flatMap((word) => [...word].slice(0, 1));
  return initials.map((letter) => `${letter}.`).join(' ');
}

/** A postal code as a role may see it: its first two places when masked. */
export function postalCodeFor({ personal }: Rights, code: string): string {
  return personal ? code : `${code.slice(0, 2)}***`;
}
