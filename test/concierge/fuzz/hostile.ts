import fc from 'fast-check';

/** Bodies that nobody should send, as they go over the wire. */
export const hostileBodies: readonly (readonly [what: string, body: string | Buffer])[] = [
  ['nothing', ''],
  ['half an object', '{"sessionId":"sess_123456"'],
  ['two documents', '{}{}'],
  ['a comment', '{/* */}'],
  ['not a number', '{"sessionId":NaN}'],
  ['null', 'null'],
  ['a number', '42'],
  ['a text', '"text"'],
  ['an array', '[[],{}]'],
  ['a byte order mark', '\ufeff{"sessionId":"sess_123456"}'],
  ['broken UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0xc0, 0x80, 0x22, 0x3a, 0x31, 0x7d])],
  ['NUL bytes', Buffer.alloc(2_000)],
  ['deep arrays', `${'['.repeat(60_000)}${']'.repeat(60_000)}`],
  ['deep objects', `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`],
  [
    'a deep field',
    `{"sessionId":"sess_123456","metadata":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
  ],
  ['a huge number', '{"sessionId":"sess_123456","priceMin":1e999,"limit":1e308}'],
  ['a long number', `{"sessionId":"sess_123456","limit":${'9'.repeat(10_000)}}`],
  ['doubled names', '{"sessionId":"sess_123456","sessionId":"sess_654321"}'],
  ['a prototype', '{"sessionId":"sess_123456","__proto__":{"admin":true}}'],
  ['a constructor', '{"sessionId":"sess_123456","constructor":{"prototype":{"admin":true}}}'],
  ['operators', '{"sessionId":{"$gt":""},"orderNumber":{"$ne":null},"email":{"$regex":".*"}}'],
  ['code', '{"sessionId":"sess_123456","orderNumber":"GG-1","$where":"sleep(9000)"}'],
  ['lone surrogates', '{"sessionId":"sess_123456","rating":"\\ud800","comment":"\\udfff"}'],
  ['too much', `{"sessionId":"sess_123456","comment":"${'x'.repeat(300_000)}"}`],
  ['many names', `{${Array.from({ length: 12_000 }, (_, n) => `"k${n}":${n}`).join(',')}}`],
  ['many items', `{"sessionId":"sess_123456","items":[${'{},'.repeat(40_000)}{}]}`],
];

const oddTexts = [
  '',
  ' ',
  '\u0000',
  '\ud800',
  '\u202eevil',
  'Z̸̢̛a̶l̴g̷o̶',
  '👩‍👩‍👧‍👦'.repeat(50),
  '＜script＞',
  "'; drop table orders; --",
  '#{7*7}{{7*7}}',
  '../../../../etc/passwd',
  '__proto__',
  'x'.repeat(5_000),
];

const operators = [{ $gt: '' }, { $ne: null }, { $regex: '.*' }, { $where: '1' }, { 'a.b': 1 }];

/** Values that stand where another one was wanted; the same ones for the same seed. */
export function hostileValues(seed: number, count: number): unknown[] {
  const value = fc.oneof(
    fc.constantFrom<unknown>(...oddTexts, ...operators, null, true, -0, -1, 1e21, [], {}),
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.anything({ withNullPrototype: false, maxDepth: 4 }),
    fc.double(),
    fc.array(fc.object(), { maxLength: 60 }),
  );
  return fc.sample(value, { seed, numRuns: count });
}

/** The same body with one of its fields replaced, gone, or joined by one more. */
export function spoil(body: unknown, value: unknown, pick: number): unknown {
  if (typeof body !== 'object' || body === null) return value;
  const names = Object.keys(body);
  const name = names[pick % Math.max(1, names.length)] ?? 'sessionId';
  const inner = (body as Record<string, unknown>)[name];
  switch (pick % 5) {
    case 0:
      return Object.fromEntries(Object.entries(body).filter(([one]) => one !== name));
    case 1:
      return { ...body, [typeof value === 'string' ? value.slice(0, 80) : 'extra']: value };
    case 2:
      return typeof inner === 'object' && inner !== null
        ? { ...body, [name]: spoil(inner, value, pick + 1) }
        : { ...body, [name]: [inner] };
    default:
      return { ...body, [name]: value };
  }
}

/** A body as JSON; values that JSON has no words for are left out. */
export function asJson(body: unknown): string {
  try {
    return (
      JSON.stringify(body, (_name, value) => (typeof value === 'bigint' ? `${value}` : value)) ??
      'null'
    );
  } catch {
    return '{"cyclic":true}';
  }
}
