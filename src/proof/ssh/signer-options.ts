import { parseTime } from './signer-time.ts';

/** What a line of the allowed signers says about its key besides whose it is. */
export interface SignerOptions {
  /** Milliseconds since the epoch; null for no limit. */
  readonly validAfter: number | null;
  readonly validBefore: number | null;
  /** What its signatures may be for; null for anything. */
  readonly namespaces: readonly string[] | null;
}

export const noOptions: SignerOptions = { validAfter: null, validBefore: null, namespaces: null };

const anOption = /^([A-Za-z-]+)(?:="([^"\\]*)")?(?:,(?!$)|$)/;

/** Reads `namespaces="a,b",valid-before="20270101Z"`; a sentence for what is not understood. */
export function readOptions(text: string): SignerOptions | string {
  let options = noOptions;
  const seen = new Set<string>();
  for (let rest = text; rest !== ''; ) {
    const [whole, word = '', value] = anOption.exec(rest) ?? [];
    if (whole === undefined) return `${JSON.stringify(rest)} is neither an option nor a key`;
    const name = word.toLowerCase();
    if (seen.has(name)) return `the option ${name} stands there twice`;
    seen.add(name);
    const read = readOption(name, value);
    if (typeof read === 'string') return read;
    options = { ...options, ...read };
    rest = rest.slice(whole.length);
  }
  const { validAfter, validBefore } = options;
  if (validAfter !== null && validBefore !== null && validBefore <= validAfter) {
    return 'valid-before is not later than valid-after';
  }
  return options;
}

function readOption(name: string, value: string | undefined): Partial<SignerOptions> | string {
  if (name === 'cert-authority') {
    return 'cert-authority is refused: who may approve is written down here, not left to whom an authority certifies';
  }
  if (!['namespaces', 'valid-after', 'valid-before'].includes(name)) {
    return `${name} is no option of a signer`;
  }
  if (value === undefined || value === '') return `the option ${name} needs a value: ${name}="..."`;
  if (name === 'namespaces') return readNamespaces(value);
  const time = parseTime(value);
  if (time === undefined) {
    return `${name}="${value}" is no time: YYYYMMDD or YYYYMMDDHHMM[SS], with a Z behind it for UTC`;
  }
  return name === 'valid-after' ? { validAfter: time } : { validBefore: time };
}

function readNamespaces(value: string): Partial<SignerOptions> | string {
  const namespaces = value.split(',');
  if (namespaces.every((one) => /^[^\s*?!]+$/.test(one))) return { namespaces };
  return `namespaces="${value}" must be plain names with commas between them`;
}
