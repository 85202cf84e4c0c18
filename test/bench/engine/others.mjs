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

const ansible = (name, task, about) => ({
  command: 'ansible-playbook',
  name: `ansible-playbook, ${name}`,
  make: (directory, count) => playbook(directory, name.replaceAll(/\W/g, ''), task, count),
  ...about,
});

/** The one host of a deploy, with the key for it. */
function serverLine({ port, user, key }) {
  const options = [
    `port: ${port}`,
    `keys: [${JSON.stringify(key)}]`,
    'keys_only: true',
    'config: false',
    'use_agent: false',
    'verify_host_key: :never',
  ];
  return `server "127.0.0.1", user: ${JSON.stringify(user)}, roles: [:app], ssh_options: { ${options.join(', ')} }\n`;
}

/** A deploy whose steps are tasks with this body. */
async function capfile(directory, name, { body, ssh }, count) {
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
  const stage = ssh === undefined ? '' : serverLine(ssh);
  await writeFile(join(cwd, 'config/deploy/production.rb'), stage);
  return { file: 'cap', args: ['production', 'deploy'], cwd };
}

const capistrano = (name, how, about) => ({
  command: 'cap',
  name: `cap deploy, ${name}`,
  make: (directory, count) => capfile(directory, name.replaceAll(/\W/g, ''), how, count),
  ...about,
});

/** A deploy reaches its host by SSH; where no server can be had, the nearest thing to it. */
function deploys(ssh) {
  const local = { body: 'run_locally { execute :true }' };
  if ('why' in ssh) return [capistrano('`true` run locally', local, { more: 90, like: true })];
  const remote = { body: 'on(roles(:app)) { execute :true }', ssh };
  return [
    capistrano('`true` over SSH', remote, { more: 27, like: true }),
    capistrano('`true` run locally', local, { more: 90, like: false }),
  ];
}

/**
 * Every kind of step that is compared. `like` says whether it does what a step of aurora does at the
 * least: reach its host and report what came of it. The others are shown, since they are a floor:
 * nothing leaves the machine's or the tool's own process. `more` is how many steps the longer run has
 * beyond nine: where a step costs little, nine more drown in the noise.
 */
const kindsOver = (ssh) => [
  ansible('ping', 'ansible.builtin.ping:', { more: 9, like: true }),
  ...deploys(ssh),
  ansible('debug', 'ansible.builtin.debug: { msg: nothing }', { more: 27, like: false }),
  ansible('meta: noop', 'ansible.builtin.meta: noop', { more: 90, like: false }),
  capistrano('empty tasks', { body: '' }, { more: 90, like: false }),
];

/** The kinds whose tool is here, with a way to make their programs; and what is missing. */
export function otherTools(ssh) {
  const kinds = kindsOver(ssh);
  const commands = [...new Set(kinds.map(({ command }) => command))];
  const absent = commands.filter((command) => !isInstalled(command));
  const missing = absent.map((command) => `${command} is not installed`);
  if ('why' in ssh) missing.push(`no deploy over SSH: ${ssh.why}`);
  return { kinds: kinds.filter(({ command }) => !absent.includes(command)), missing };
}
