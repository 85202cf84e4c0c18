import type { DoctorRow } from './examine.ts';

/** Whether everybody whose word the plan wants can give it: `missing` holds a line for each gap. */
export function approversRow(path: string, people: number, missing: readonly string[]): DoctorRow {
  const what = `approvers: ${path}`;
  if (missing.length === 0) return { what, ok: true, detail: `${people} people`, remedy: null };
  const remedy = '`aurora keygen` makes a key and the line for it; `aurora approvers` lists them.';
  return { what, ok: false, detail: missing.join('; '), remedy };
}
