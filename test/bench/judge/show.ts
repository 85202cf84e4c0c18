import type { Cell } from './cells.ts';
import type { Round } from './contest.ts';

export const figure = (value: number, digits: number) => value.toFixed(digits);
export const percent = (share: number) => `${figure(share * 100, 2)} %`;

/** Columns with room between them; all but the first to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) =>
    Math.max(...rows.map((row) => row[at]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      row
        .map((text, at) =>
          at === 0 ? text.padEnd(widths[at] ?? 0) : text.padStart(widths[at] ?? 0),
        )
        .join('   '),
    )
    .map((line) => `  ${line}`)
    .join('\n');
}

function claimOf({ claimed, range }: Cell): string {
  if (range === undefined) return percent(claimed);
  return range.low === 0
    ? `<= ${percent(range.high)}`
    : `${figure(range.low * 100, 0)} to ${percent(range.high)}`;
}

/** Cells against what is claimed of them. */
export function showCells(cells: readonly (Cell & { readonly exact?: number })[]): void {
  const exact = cells.some((cell) => cell.exact !== undefined);
  console.log(
    table([
      ['', 'design', ...(exact ? ['exact'] : []), 'simulated', 'tolerance', ''],
      ...cells.map((cell) => [
        cell.name,
        claimOf(cell),
        ...(exact ? [percent(cell.exact ?? Number.NaN)] : []),
        percent(cell.seen),
        figure(cell.tolerance * 100, 2),
        cell.met ? '' : 'MISSED',
      ]),
    ]),
  );
}

const orNone = (share: number | null) => (share === null ? '' : percent(share));

/** One situation with all judges. */
export function showRound({ name, runs, standings, falseRedAtMost }: Round): void {
  const most =
    falseRedAtMost === null ? '' : `; aurora's false red at most ${percent(falseRedAtMost)}`;
  console.log(`  ${name} (${runs} canaries${most})`);
  console.log(
    table([
      ['', 'red', 'green', 'amber', 'false red', 'false green', 'median minute'],
      ...standings.map((one) => [
        one.judge,
        percent(one.red),
        percent(one.green),
        percent(one.amber),
        orNone(one.falseRed),
        orNone(one.falseGreen),
        one.median === null ? '' : String(one.median),
      ]),
    ]),
  );
  console.log('');
}
