// The same number of steps that do nothing, in tools that people use for releases today.
import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const numbers = (count) => Array.from({ length: count }, (_, index) => index + 1);

function isInstalled(command) {
  return spawnSync('which', [command], { stdio: 'ignore' }).status === 0;
}

/** A playbook on localhost whose tasks are all of this kind. */
async function playbook(directory, name, task, count) {
  const path = join(directory, `${name}-${count}.yml`);
  const tasks = numbers(count).map((at) => `    - name: step ${at}\n      ${task}\n`);
  const head = '- hosts: localhost\n  connection: local\n  gather_facts: false\n  tasks:\n';
  await writeFile(path, head + tasks.join(''));
  return {
    file: 'ansible-playbook',
    args: ['-i', 'localhost,', path],
    cwd: directory,
    env: { ANSIBLE_LOCALHOST_WARNING: 'false', ANSIBLE_NOCOLOR: '1' },
  };
}

/** A deploy whose steps are tasks with this body. */
async function capfile(directory, name, body, count) {
  const cwd = join(directory, `cap-${name}-${count}`);
  await mkdir(join(cwd, 'config/deploy'), { recursive: true });
  const setup = [
    'require "capistrano/setup"',
    'require "capistrano/scm/plugin"',
    'class NoScm < Capistrano::SCM::Plugin; end',
    'install_plugin NoScm',
  ];
  const tasks = numbers(count).map((at) => `task(:step_${at}) { ${body} }`);
  const names = numbers(count).map((at) => `:step_${at}`);
  const whole = `task(deploy: [${names.join(', ')}])`;
  await writeFile(join(cwd, 'Capfile'), `${setup.join('\n')}\n`);
  await writeFile(join(cwd, 'config/deploy.rb'), `${[...tasks, whole].join('\n')}\n`);
  await writeFile(join(cwd, 'config/deploy/production.rb'), '');
  return { file: 'cap', args: ['production', 'deploy'], cwd };
}

/**
 * Every kind of step that is compared. `like` says whether it does what a step of aurora does at the
 * least: look at something outside of the tool and report what came of it. The others are shown, since
 * they are a floor: nothing leaves the tool's own process and nothing is recorded. `more` is how many
 * steps the longer run has beyond nine: where a step costs little, nine more drown in the noise.
 */
const kinds = [
  {
    command: 'ansible-playbook',
    name: 'ansible-playbook, ping',
    more: 9,
    like: true,
    make: (directory, count) => playbook(directory, 'ping', 'ansible.builtin.ping:', count),
  },
  {
    command: 'ansible-playbook',
    name: 'ansible-playbook, debug',
    more: 27,
    like: false,
    make: (directory, count) =>
      playbook(directory, 'debug', 'ansible.builtin.debug: { msg: nothing }', count),
  },
  {
    command: 'ansible-playbook',
    name: 'ansible-playbook, meta: noop',
    more: 90,
    like: false,
    make: (directory, count) => playbook(directory, 'meta', 'ansible.builtin.meta: noop', count),
  },
  {
    command: 'cap',
    name: 'capistrano, execute :true',
    more: 90,
    like: true,
    make: (directory, count) => capfile(directory, 'true', 'run_locally { execute :true }', count),
  },
  {
    command: 'cap',
    name: 'capistrano, empty task',
    more: 90,
    like: false,
    make: (directory, count) => capfile(directory, 'empty', '', count),
  },
];

/** The kinds whose tool is here, with a way to make their programs; and the tools that are not. */
export function otherTools() {
  const commands = [...new Set(kinds.map(({ command }) => command))];
  const missing = commands.filter((command) => !isInstalled(command));
  return { kinds: kinds.filter(({ command }) => !missing.includes(command)), missing };
}
