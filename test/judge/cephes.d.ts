// The package ships its types without naming them in its `exports`; only what the oracle uses.
declare module 'cephes' {
  export const compiled: Promise<void>;
  export function incbet(a: number, b: number, x: number): number;
  export function igam(a: number, x: number): number;
  export function lgam(x: number): number;
  export function bdtr(k: number, n: number, p: number): number;
  export function bdtrc(k: number, n: number, p: number): number;
}
