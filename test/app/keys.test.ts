import { appendFile, cp, readFile, stat, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { shippedChecklists } from '../../src/config/shipped.ts';
import { Desk } from './support.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await new Desk().open();
  desk.variables.HOME = desk.path('home');
});
afterEach(() => desk.close());

const omar = ['--name', 'Omar V.', '--id', 'omar.v@aurora.example', '--role', 'Product Manager'];

/** A plan of one's own, and the approvers beside it; `unsigned` is what step 5 says of signatures. */
async function ownPlan(unsigned: 'allowed' | 'refused'): Promise<void> {
  await desk.configured();
  await cp(shippedChecklists(), desk.path('plan'), { recursive: true });
  const file = desk.path('plan', 'release.yaml');
  const text = await readFile(file, 'utf8');
  const move = '          role: Product Manager\n';
  const bare = text.replace(/^ +unsigned: .*\n/m, '');
  await writeFile(file, bare.replace(move, `${move}          unsigned: ${unsigned}\n`));
  await appendFile(desk.path('aurora.config.yaml'), '\nplan: ./plan\napprovers: ./approvers\n');
}

/** Makes a key and gives its line to the approvers, with options perhaps. */
async function admit(options = '', ...who: readonly string[]): Promise<string> {
  const { json } = await desk.run(
    'keygen',
    `keys/${who.length}${options.length}`,
    ...who,
    '--json',
  );
  const { approversLine: line, fingerprint } = json() as Record<string, string>;
  const text = `${line?.replace(' ', options === '' ? ' ' : ` ${options} `)}\n`;
  await appendFile(desk.path('approvers'), text);
  return fingerprint ?? '';
}

describe('keygen', () => {
  it('writes a key where it is looked for, and the line that lets it approve', async () => {
    const { exit, stdout } = await desk.run('keygen', ...omar);
    expect(exit).toBe(0);
    const path = desk.path('home', '.ssh', 'id_ed25519');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const line = /^omar\.v@aurora\.example,role:product-manager ssh-ed25519 AAAA\S+ Omar V\.$/m;
    expect(stdout).toMatch(line);
    expect(stdout).toContain((await readFile(`${path}.pub`, 'utf8')).split(' ')[1]);
    const secret = (await readFile(path, 'utf8')).split('\n')[3] ?? 'none';
    expect(stdout).not.toContain(secret);
  });

  it('writes where it is told to, in one document with --json, and never over a key', async () => {
    const made = await desk.run('keygen', 'keys/omar', ...omar, '--json');
    expect(made.json()).toMatchObject({
      kind: 'key',
      file: desk.path('keys', 'omar'),
      fingerprint: expect.stringMatching(/^SHA256:/),
    });
    const before = await readFile(desk.path('keys', 'omar'), 'utf8');
    expect(await desk.run('keygen', 'keys/omar', ...omar)).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('there is a key already'),
    });
    expect(await readFile(desk.path('keys', 'omar'), 'utf8')).toBe(before);
  });

  it.each([
    ['no name', ['--id', 'a@b'], "required option '--name <name>'"],
    ['no id', ['--name', 'A'], "required option '--id <id>'"],
    ['a pattern for an id', ['--name', 'A', '--id', '*'], 'patterns'],
    ['two ids', ['--name', 'A', '--id', 'a@b,c@d'], 'commas'],
    ['a name of two lines', ['--name', 'A\n* ssh-ed25519', '--id', 'a@b'], 'on one line'],
    ['a role of no letters', ['--name', 'A', '--id', 'a@b', '--role', '*'], 'no letter'],
  ])('refuses %s, and writes nothing', async (_, argv, message) => {
    const { exit, stderr } = await desk.run('keygen', 'key', ...argv);
    expect([exit, stderr]).toEqual([2, expect.stringContaining(message)]);
    await expect(stat(desk.path('key'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('says that a key without a role may approve nothing', async () => {
    const { stderr } = await desk.run('keygen', ...omar.slice(0, 4));
    expect(stderr).toContain('may approve nothing');
  });
});

describe('approvers', () => {
  it('are shown with their keys, and with what each may give a word for', async () => {
    await ownPlan('refused');
    const print = await admit('', ...omar);
    const { exit, stdout } = await desk.run('approvers');
    expect(stdout).toContain(`${desk.path('approvers')}: 1 key of 1 person`);
    expect(stdout).toMatch(/omar\.v@aurora\.example +Omar V\. +product-manager/);
    expect(stdout).toContain(print);
    expect(stdout).toContain('step 5, Sign-off: Product Manager (Omar V.): Omar V.');
    expect(exit).toBe(0);
  });

  it('are missing where a step wants a signed word that nobody may give: exit 3', async () => {
    await ownPlan('refused');
    const nobody = await desk.run('approvers');
    expect(nobody.exit).toBe(3);
    expect(nobody.stdout).toContain('nobody is listed; `aurora keygen`');
    expect(nobody.stdout).toMatch(/missing: step 5 wants the word of Omar V\./);
    await admit('', '--name', 'Maya T.', '--id', 'maya@a', '--role', 'Platform Eng');
    expect(await desk.run('approvers', '--json')).toMatchObject({ exit: 3 });
  });

  it('need not be there where a word without a signature counts', async () => {
    await ownPlan('allowed');
    const { exit, stdout } = await desk.run('approvers');
    expect(stdout).toContain('nobody; a word without a signature counts too');
    expect(exit).toBe(0);
  });

  it.each([
    ['valid-before="20200101Z"', 'expired-key', 'no: expired'],
    ['valid-after="20990101Z"', 'not-yet-valid', 'no: not yet valid'],
    ['namespaces="git"', 'namespace', 'no: not for approvals'],
  ])('do not count with %s', async (options, counts, shown) => {
    await ownPlan('refused');
    await admit(options, ...omar);
    const { exit, json } = await desk.run('approvers', '--json');
    expect([exit, json()]).toEqual([
      3,
      expect.objectContaining({ keys: [expect.objectContaining({ counts })] }),
    ]);
    expect((await desk.run('approvers')).stdout).toContain(shown);
  });

  it('do not count with a revoked key, and do with another of the same person', async () => {
    await ownPlan('refused');
    await writeFile(desk.path('approvers.revoked'), `${await admit('', ...omar)} lost\n`);
    expect(await desk.run('approvers')).toMatchObject({
      exit: 3,
      stdout: expect.stringContaining('no: revoked'),
    });
    await admit('namespaces="aurora-approval"', ...omar);
    expect((await desk.run('approvers')).exit).toBe(0);
  });

  it('are refused with file and line when they make no sense', async () => {
    await ownPlan('refused');
    await writeFile(desk.path('approvers'), '\n* ssh-ed25519 AAAA\n');
    expect(await desk.run('approvers')).toMatchObject({
      exit: 2,
      stderr: expect.stringMatching(/^APPROVERS_INVALID: .*approvers:2\)/),
    });
  });
});
