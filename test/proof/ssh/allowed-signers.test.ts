import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  approverLine,
  findSigner,
  idProblem,
  parseAllowedSigners,
  roleSlug,
} from '../../../src/proof/ssh/allowed-signers.ts';
import { generateKey } from '../../../src/proof/ssh/private-key.ts';
import { fingerprint, publicKeyText } from '../../../src/proof/ssh/public-key.ts';
import { isRevoked, parseRevokedKeys } from '../../../src/proof/ssh/revoked-keys.ts';
import { parseTime } from '../../../src/proof/ssh/signer-time.ts';
import { wireStrings } from '../../../src/proof/ssh/wire.ts';
import { made } from './fixtures.ts';

const omar = generateKey('').publicKey;
const maya = generateKey('').publicKey;
const omarKey = publicKeyText(omar);
const mayaKey = publicKeyText(maya);
const at = Date.UTC(2026, 5, 1);
const about = { namespace: 'aurora-approval', at };
const parse = (text: string) => parseAllowedSigners(text, 'approvers');

describe('allowed signers', () => {
  it('tell who has which key, in which roles, and who they are', () => {
    const text = `# who may approve\n\nomar.v@aurora.example,role:product-manager,role:devops ${omarKey} Omar V.\r\n`;
    expect(parse(text)).toEqual([
      {
        line: 3,
        id: 'omar.v@aurora.example',
        name: 'Omar V.',
        roles: ['product-manager', 'devops'],
        key: { ...omar, comment: 'Omar V.' },
        validAfter: null,
        validBefore: null,
        namespaces: null,
      },
    ]);
  });

  it('take tabs, no name, no role, and a role told twice', () => {
    expect(parse(`\tomar@a\t${omarKey.replace(' ', '\t')}`)).toMatchObject([
      { id: 'omar@a', name: 'omar@a', roles: [] },
    ]);
    expect(parse(`omar@a,role:qa,role:qa ${omarKey}`)).toMatchObject([{ roles: ['qa'] }]);
    expect(parse('')).toEqual([]);
  });

  it('take options in any case and order', () => {
    const options =
      'Namespaces="aurora-approval,git",VALID-AFTER="20260101Z",valid-before="202702011230Z"';
    expect(parse(`omar@a ${options} ${omarKey} Omar V.`)).toMatchObject([
      {
        namespaces: ['aurora-approval', 'git'],
        validAfter: Date.UTC(2026, 0, 1),
        validBefore: Date.UTC(2027, 1, 1, 12, 30),
        name: 'Omar V.',
      },
    ]);
  });

  it.each([
    ['only a name', 'omar@a', /a line is/],
    [
      'no key',
      'omar@a,role:qa namespaces="x" ',
      /neither an option nor a key|a line is|no public key/,
    ],
    ['every id', `* ${omarKey}`, /no id/],
    ['a pattern of ids', `*@a ${omarKey}`, /patterns/],
    ['all but one', `!omar@a ${omarKey}`, /patterns/],
    ['a quoted id', `"omar v" ${omarKey}`, /no id/],
    ['an empty id', `,role:qa ${omarKey}`, /no id/],
    ['a role before the person', `role:qa ${omarKey}`, /not a role/],
    ['two people with one key', `omar@a,maya@a ${omarKey}`, /"maya@a" is no role/],
    ['a role with capitals', `omar@a,role:QA ${omarKey}`, /"role:QA" is no role/],
    ['a role without a word', `omar@a,role: ${omarKey}`, /is no role/],
    ['a pattern of roles', `omar@a,role:* ${omarKey}`, /is no role/],
    ['an authority', `omar@a cert-authority ${omarKey}`, /cert-authority is refused: who may/],
    ['an unknown option', `omar@a no-touch-required ${omarKey}`, /no option of a signer/],
    ['an option twice', `omar@a namespaces="a",namespaces="b" ${omarKey}`, /twice/],
    ['an option without a value', `omar@a valid-after ${omarKey}`, /needs a value/],
    ['an option with nothing', `omar@a namespaces="" ${omarKey}`, /needs a value/],
    ['an option without quotes', `omar@a valid-after=20260101 ${omarKey}`, /neither an option/],
    ['a comma at the end', `omar@a namespaces="a", ${omarKey}`, /neither an option/],
    ['a pattern of namespaces', `omar@a namespaces="a*" ${omarKey}`, /plain names/],
    ['a day that is none', `omar@a valid-after="20260230" ${omarKey}`, /no time/],
    ['an hour that is none', `omar@a valid-after="202601012500Z" ${omarKey}`, /no time/],
    [
      'an end before the beginning',
      `omar@a valid-after="20270101",valid-before="20260101" ${omarKey}`,
      /not later/,
    ],
    ['a space that OpenSSH does not take for one', `omar@a\u00a0${omarKey}`, /a line is/],
    ['a damaged key', `omar@a ssh-ed25519 AAAAC3 Omar V.`, /damaged/],
    [
      'a key of a type that is gone',
      `omar@a ssh-dss ${wireStrings('ssh-dss', 'x').toString('base64')}`,
      /"ssh-dss" are not supported/,
    ],
  ])('with %s are refused, and the line is named', (_, text, message) => {
    expect(() => parse(`# first\n${text}`)).toThrow(
      expect.objectContaining({
        code: 'APPROVERS_INVALID',
        where: 'approvers:2',
        message: expect.stringMatching(message),
      }),
    );
  });

  it('refuse one key for two people, and one id with two names', () => {
    const first = `omar@a ${omarKey} Omar V.\n`;
    expect(() => parse(`${first}maya@a ${omarKey} Maya T.`)).toThrow(/given to maya@a too/);
    expect(() => parse(`${first}omar@a ${mayaKey} Maya T.`)).toThrow(/is Omar V. in line 1/);
  });

  it('throw nothing but what names the line, whatever the text', () => {
    const word = fc.constantFrom(
      'omar@a',
      ',',
      'role:qa',
      ' ',
      '="',
      '"',
      omarKey,
      'namespaces',
      '#',
      '\n',
      '\0',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(word).map((words) => words.join('')),
        ),
        (text) => {
          try {
            for (const signer of parse(text)) expect(idProblem(signer.id)).toBeUndefined();
          } catch (error) {
            expect(error).toMatchObject({ code: 'APPROVERS_INVALID' });
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('whose key it is', () => {
  const signers = parse(
    [
      `omar@a,role:product-manager valid-before="20260101Z" ${omarKey} Omar V.`,
      `omar@a,role:product-manager ${mayaKey} Omar V.`,
    ].join('\n'),
  );

  it('may be one of several keys of one person', () => {
    expect(findSigner(signers, maya, about)).toMatchObject({ ok: true, signer: { line: 2 } });
    expect(findSigner(signers, omar, { ...about, at: at - 365 * 86_400_000 })).toMatchObject({
      ok: true,
      signer: { line: 1 },
    });
  });

  it('is nobody whose key does not stand there', () => {
    const stranger = generateKey('').publicKey;
    expect(findSigner(signers, stranger, about)).toEqual({ ok: false, why: 'unknown-key' });
    expect(findSigner([], omar, about)).toEqual({ ok: false, why: 'unknown-key' });
  });

  it.each([
    ['valid-after="20270101Z"', 'not-yet-valid'],
    ['valid-before="20260101Z"', 'expired-key'],
    ['namespaces="git"', 'namespace'],
    ['namespaces="aurora-approval2"', 'namespace'],
  ])('does not count with %s', (options, why) => {
    const [signer] = parse(`omar@a ${options} ${omarKey}`);
    expect(findSigner(signer === undefined ? [] : [signer], omar, about)).toEqual({
      ok: false,
      why,
    });
  });

  it('counts in the very second of both ends, and not beside them', () => {
    const limits = 'valid-after="20260601000000Z",valid-before="20260601000010Z"';
    const listed = parse(`omar@a ${limits} ${omarKey}`);
    const ok = (ms: number) => findSigner(listed, omar, { ...about, at: at + ms }).ok;
    expect([-1, 0, 10_000, 10_001, Number.NaN].map(ok)).toEqual([false, true, true, false, false]);
  });

  it('counts by the second line with the same key when the first has run out', () => {
    const twice = parse(
      [
        `omar@a,role:qa valid-before="20260101Z" ${omarKey} Omar V.`,
        `omar@a valid-after="20260101Z" ${omarKey} Omar V.`,
      ].join('\n'),
    );
    expect(findSigner(twice, omar, about)).toMatchObject({ signer: { line: 2, roles: [] } });
  });
});

describe('a time of OpenSSH', () => {
  it.each([
    ['20261122Z', Date.UTC(2026, 10, 22)],
    ['202611221530Z', Date.UTC(2026, 10, 22, 15, 30)],
    ['20261122153059Z', Date.UTC(2026, 10, 22, 15, 30, 59)],
    ['20240229Z', Date.UTC(2024, 1, 29)],
    ['20261122', new Date(2026, 10, 22).getTime()],
    ['202611221530', new Date(2026, 10, 22, 15, 30).getTime()],
  ])('%s', (text, ms) => {
    expect(parseTime(text)).toBe(ms);
  });

  it.each([
    '',
    'Z',
    '2026',
    '20260229Z',
    '20261301',
    '2026112224',
    '20261122156000Z',
    '+20260101',
  ])('%j is none', (text) => {
    expect(parseTime(text)).toBeUndefined();
  });
});

describe('roles', () => {
  it.each([
    ['Product Manager', 'product-manager'],
    ['DevOps', 'devops'],
    ['  QA / Lead (EU) ', 'qa-lead-eu'],
    ['Qualitätsprüfer', 'qualitatsprufer'],
    ['発売 責任者', '発売-責任者'],
    ['***', ''],
  ])('%j is %j', (role, slug) => {
    expect(roleSlug(role)).toBe(slug);
  });

  it('give the same word again, and one that a line can hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (role) => {
        const slug = roleSlug(role);
        expect(roleSlug(slug)).toBe(slug);
        if (slug === '') return;
        const text = approverLine({ id: 'omar@a', name: 'Omar V.', roles: [slug], key: omar });
        expect(parse(text)).toMatchObject([{ id: 'omar@a', name: 'Omar V.', roles: [slug] }]);
      }),
    );
  });
});

describe('revoked keys', () => {
  it('are known by the key, its comment aside, or by the fingerprint', () => {
    const revoked = parseRevokedKeys(
      `# lost in March\n${omarKey} laptop\n\n${fingerprint(maya)} left the company\n`,
    );
    expect(revoked).toEqual([
      { fingerprint: fingerprint(omar), comment: 'laptop' },
      { fingerprint: fingerprint(maya), comment: 'left the company' },
    ]);
    expect(isRevoked({ ...omar, comment: 'desk' }, revoked)).toBe(true);
    expect(isRevoked(maya, revoked)).toBe(true);
    expect(isRevoked(generateKey('').publicKey, revoked)).toBe(false);
  });

  it('may be of a type that counts nowhere', () => {
    const dss = `ssh-dss ${wireStrings('ssh-dss', 'x').toString('base64')}`;
    expect(parseRevokedKeys(dss)).toHaveLength(1);
    expect(parseRevokedKeys(made.signatures.map((one) => one.publicKey).join('\n'))).toHaveLength(
      made.signatures.length,
    );
  });

  it.each([
    ['a fingerprint cut off', fingerprint(omar).slice(0, -1)],
    ['a fingerprint that no key can have', `${fingerprint(omar).slice(0, -1)}B`],
    ['an MD5 fingerprint', 'MD5:aa:bb'],
    ['a damaged key', omarKey.slice(0, 40)],
    ['a word', 'omar@a'],
  ])('with %s are refused: nothing stays good because of a slip', (_, text) => {
    expect(() => parseRevokedKeys(`\n${text}`, 'approvers.revoked')).toThrow(
      expect.objectContaining({ code: 'APPROVERS_INVALID', where: 'approvers.revoked:2' }),
    );
  });

  it('as a binary list are refused with what to do', () => {
    expect(() => parseRevokedKeys('SSHKRL\n\0', 'x')).toThrow(
      expect.objectContaining({ remedy: expect.stringContaining('fingerprints') }),
    );
  });
});
