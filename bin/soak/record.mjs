// Keeps what the canaries of a soak saw, small enough for a repository.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/**
 * Writes the watches of a release as stream files, numbered and compressed. The build is a healthy one,
 * whatever became of its release: a journal that ended with a hold could not know.
 */
export async function recordStreams(company, release, directory, of) {
  const words = ['canary', 'backtest', '--releases', release, '--simulate', '0', '--json'];
  const { stdout } = await company.call([...words, '--export', join(company.directory, 'streams')]);
  const { exported } = JSON.parse(stdout);
  await mkdir(directory, { recursive: true });
  for (const [index, path] of exported.entries()) {
    const [first, ...looks] = (await readFile(path, 'utf8')).split('\n');
    const head = { ...JSON.parse(first), of: `soak ${index + 1}: ${of}`, truth: 'good' };
    const name = `healthy-${String(index + 1).padStart(2, '0')}.jsonl.gz`;
    const text = [JSON.stringify(head), ...looks].join('\n');
    await writeFile(join(directory, name), gzipSync(text, { level: 9 }));
  }
  return exported.length;
}
