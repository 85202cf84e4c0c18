/** Where two values of plain data differ, a line each: path, what is there, what was expected. */
export function differences(actual: unknown, expected: unknown, path = ''): readonly string[] {
  if (isTree(actual) && isTree(expected)) {
    const names = new Set([...Object.keys(actual), ...Object.keys(expected)]);
    return [...names].flatMap((name) =>
      differences(actual[name], expected[name], path === '' ? name : `${path}.${name}`),
    );
  }
  if (Object.is(actual, expected)) return [];
  return [`${path}: ${told(actual)} instead of ${told(expected)}`];
}

function isTree(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function told(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 160);
}
