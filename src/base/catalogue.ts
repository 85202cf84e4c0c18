import type { ExitCode } from './exit-codes.ts';

/** What the catalogue says of one error: what it means, what to do, and the exit code it ends with. */
export interface CatalogueEntry {
  /** One sentence: what this error means in general. */
  readonly meaning: string;
  /** What a person should do about it; one or two sentences. */
  readonly remedy: string;
  readonly exit: ExitCode;
}

/**
 * Every known error of aurora, by code. The docs (`docs/errors.md`) and `aurora explain <code>` are
 * made from this table and a test checks that every code thrown in the source stands here.
 */
export const catalogue = {
  // usage and configuration
  USAGE: {
    meaning: 'The command line is not understood.',
    remedy: 'Run the command with --help: it lists verbs, options and examples.',
    exit: 2,
  },
  CONFIG_MISSING: {
    meaning: 'The configuration file was not found.',
    remedy:
      'Run `aurora init` to write a commented one, or name one with --config or AURORA_CONFIG.',
    exit: 2,
  },
  CONFIG_INVALID: {
    meaning: 'The configuration file cannot be read as aurora configuration.',
    remedy: 'Correct the named path in the file; `aurora doctor` checks the result.',
    exit: 2,
  },
  INSTALLATION_BROKEN: {
    meaning: "Aurora's own package is incomplete: files that ship with it are not there.",
    remedy: 'Install aurora again.',
    exit: 2,
  },
  CREDENTIAL_MISSING: {
    meaning: 'A credential that the configuration names is not to be had.',
    remedy: 'Export the named environment variable, or write it to the vault path it refers to.',
    exit: 2,
  },
  PLAN_INVALID: {
    meaning: 'A checklist of the plan is missing, malformed, or holds an unknown key.',
    remedy: 'Correct the named path; `aurora plan check` validates every checklist.',
    exit: 2,
  },
  ENV_FILE_INVALID: {
    meaning: 'An environment file is missing, unreadable or malformed.',
    remedy: 'Correct the named line, or point environments.<name>.envFile at the right file.',
    exit: 2,
  },
  TIME_SCALE_REFUSED: {
    meaning: '--time-scale shortens watch windows, which is only allowed in a rehearsal.',
    remedy: 'Leave it out, or set `rehearsal: true` in a configuration that serves no customers.',
    exit: 2,
  },
  STEP_UNKNOWN: {
    meaning: 'The plan has no such step.',
    remedy: '`aurora plan show` lists the steps.',
    exit: 2,
  },
  BUILD_UNKNOWN: {
    meaning: 'No packed build has this name, version or digest.',
    remedy: '`aurora build list` shows what there is; `aurora build pack` makes one.',
    exit: 2,
  },
  BUILD_ALTERED: {
    meaning: 'A build does not match its digest: a file was changed after packing.',
    remedy: 'Do not deploy it. Pack it again from its source and find out who changed it.',
    exit: 2,
  },
  BUILD_PACK_FAILED: {
    meaning: 'The sources could not be packed into a build.',
    remedy: 'Correct the reported source file and pack again.',
    exit: 2,
  },
  RELEASE_UNKNOWN: {
    meaning: 'There is no release with this id.',
    remedy: '`aurora history` lists the releases in this state directory.',
    exit: 2,
  },
  NOT_WATCHED: {
    meaning: 'The release watches no canary and no ramp at this moment.',
    remedy: 'Add --wait to wait for its next watch, or look where it stands with `aurora status`.',
    exit: 2,
  },
  RELEASE_STATE: {
    meaning: 'The release is not in a state that allows this.',
    remedy: '`aurora status` shows where it stands and what comes next.',
    exit: 2,
  },
  JOURNAL_BROKEN: {
    meaning: 'A release journal does not fit together: an entry is missing, edited or foreign.',
    remedy: 'Do not edit journals. Keep the file for the investigation and start a new release.',
    exit: 2,
  },
  STREAM_INVALID: {
    meaning: 'A file of a recorded canary is missing, malformed, or of another format.',
    remedy: 'Write it again with `aurora canary backtest --export <directory>`.',
    exit: 2,
  },
  // words of people
  APPROVAL_MALFORMED: {
    meaning: 'A word was offered that is no statement of an approval.',
    remedy: 'Give it with `aurora approve`: it writes the statement that is signed.',
    exit: 2,
  },
  APPROVAL_FOREIGN: {
    meaning: 'A word was given for another release, step or environment.',
    remedy: 'Approve the release that waits: `aurora status` names it and the command.',
    exit: 2,
  },
  APPROVAL_VOID: {
    meaning: 'What a word was given for has changed: plan, build, evidence, verdict or journal.',
    remedy: 'Look at what stands now (`aurora status`) and give the word for that.',
    exit: 2,
  },
  APPROVAL_REPLAYED: {
    meaning: 'A word answers an earlier request and was offered again.',
    remedy: 'Give a new word: each request takes only those that were given for it.',
    exit: 2,
  },
  APPROVAL_EXPIRED: {
    meaning: 'A word was given after its request had run out.',
    remedy: '`aurora resume` asks anew; then approve again.',
    exit: 2,
  },
  APPROVAL_SIGNATURE: {
    meaning: 'The signature of a word is damaged, or was made for other words or by somebody else.',
    remedy: 'Sign with `aurora approve` and your own key; do not change what was signed.',
    exit: 2,
  },
  APPROVAL_KEY_UNKNOWN: {
    meaning: 'A word was signed with a key that is not in the approvers file.',
    remedy:
      'Sign with a key that is there, or let its owner be added: `aurora approvers` shows the file.',
    exit: 2,
  },
  APPROVAL_KEY_REVOKED: {
    meaning: 'A word was signed with a key that was revoked.',
    remedy: 'Sign with another key, and find out who still has this one.',
    exit: 2,
  },
  APPROVAL_KEY_EXPIRED: {
    meaning: 'A word was signed with a key outside the time that the approvers file gives it.',
    remedy: 'Sign with a valid key, or have the time in the approvers file extended.',
    exit: 2,
  },
  APPROVAL_ROLE: {
    meaning: 'The person does not have the role that the plan wants.',
    remedy: 'Let a person of that role approve: `aurora approvers` lists them.',
    exit: 2,
  },
  APPROVAL_PERSON: {
    meaning: 'The plan names another person for this step.',
    remedy: 'Let the named person approve, or change the plan for the next release.',
    exit: 2,
  },
  APPROVAL_SELF: {
    meaning: 'Whoever starts a release cannot approve it.',
    remedy: 'Let another person approve; a plan may allow it with `self: allowed`.',
    exit: 2,
  },
  APPROVAL_UNSIGNED: {
    meaning: 'A word was given without a signature and the plan wants one.',
    remedy:
      'Sign with a key (`--key`); `aurora keygen` makes one. A plan may say `unsigned: allowed`.',
    exit: 2,
  },
  APPROVAL_TWICE: {
    meaning: "A person's second word for a step that wants the words of several people.",
    remedy: 'Let another person of the role approve too.',
    exit: 2,
  },
  // keys and signatures
  SSH_KEY_INVALID: {
    meaning: 'A text that should be an SSH key is damaged, or of a kind that does not count.',
    remedy: 'Use an ed25519 key; `aurora keygen` makes one.',
    exit: 2,
  },
  APPROVERS_INVALID: {
    meaning: 'The file of approvers, or the one of revoked keys beside it, cannot be understood.',
    remedy: 'Correct the named line; `aurora approvers` shows how the file is read.',
    exit: 2,
  },
  SIGNING_KEY_UNREADABLE: {
    meaning: 'The key to sign with cannot be read, or others can read it too.',
    remedy: 'Name another with --key, correct its mode, or make one with `aurora keygen`.',
    exit: 2,
  },
  SIGNING_FAILED: {
    meaning:
      'The signature could not be made: no ssh-keygen, a wrong passphrase, or an agent that refused.',
    remedy: 'Try `ssh-keygen -Y sign` with the same key, or use one of `aurora keygen`.',
    exit: 2,
  },
  // ways around the plan
  FREEZE_WINDOW: {
    meaning: 'The plan lets nothing reach customers now: a freeze window holds.',
    remedy:
      'Wait until it ends, or let a permitted person add --override "reason". A rollback never asks.',
    exit: 3,
  },
  OVERRIDE_UNSIGNED: {
    meaning: 'Overriding a rule of the plan needs a signature, and there is no key to sign with.',
    remedy: 'Name a key with --key; `aurora approvers` shows whose keys count.',
    exit: 2,
  },
  OVERRIDE_REFUSED: {
    meaning: 'Whoever signs may not override this rule of the plan.',
    remedy: 'Let a person do it who has one of the roles in `overrides.roles` of the plan.',
    exit: 2,
  },
  SKIP_REFUSED: {
    meaning: 'This step cannot be passed over: later ones build on what it does to production.',
    remedy: 'Carry it out, or end the release with `aurora abort` or `aurora rollback`.',
    exit: 2,
  },
  // engine
  LEASE_HELD: {
    meaning: 'Another release holds the right to change this environment.',
    remedy:
      '`aurora status` shows it. Repeat with `--wait` to begin when it is free, or with `--takeover` when its holder is stuck; a rollback never waits.',
    exit: 7,
  },
  LEASE_LOST: {
    meaning:
      'This process has lost the right to change the environment: somebody raised the fence.',
    remedy: 'Nothing more was changed. `aurora status` shows who took over.',
    exit: 7,
  },
  EFFECT_FAILED: {
    meaning: 'An act on the infrastructure failed, or could not be seen from outside afterwards.',
    remedy: 'Look at the named service; `aurora doctor` reaches each of them.',
    exit: 3,
  },
  STORE_FAILED: {
    meaning: 'The release state could not be written or read.',
    remedy: 'Check free space and permissions of the state directory; `aurora resume` goes on.',
    exit: 1,
  },
  JOURNAL_REFUSED: {
    meaning: 'Aurora was about to write an entry that does not fit where the release stands.',
    remedy: 'This is a mistake in aurora: nothing was written. Report it with the journal.',
    exit: 1,
  },
  PROOF_BROKEN: {
    meaning: 'Something in a release journal does not fit what it claims: verification failed.',
    remedy: 'Keep the files as they are and ask who changed the first entry that is named.',
    exit: 3,
  },
  INTERRUPTED: {
    meaning: 'The command was interrupted.',
    remedy: 'Nothing is lost: `aurora resume` goes on from where it stood.',
    exit: 130,
  },
  // services
  SERVICE_UNREACHABLE: {
    meaning: 'An outside service did not answer.',
    remedy: 'Check its address in the configuration and that it runs; `aurora doctor` tells more.',
    exit: 3,
  },
  SERVICE_REFUSED: {
    meaning: 'An outside service answered with a refusal or an error.',
    remedy: 'Check the credentials and permissions that the configuration names for it.',
    exit: 3,
  },
  SERVICE_ANSWER_INVALID: {
    meaning: 'An outside service gave an answer that aurora cannot understand.',
    remedy: 'Check that the address points at the service it should, in a supported version.',
    exit: 3,
  },
  SECRET_MISSING: {
    meaning: 'The secrets service has no such secret or field.',
    remedy: 'Write it to the path that the message names.',
    exit: 3,
  },
  BROWSER_MISSING: {
    meaning: 'There is no browser on this machine that screenshots could be made with.',
    remedy:
      'Look at the links instead, or install Chromium; AURORA_BROWSER names one that is not on PATH.',
    exit: 3,
  },
  BROWSER_FAILED: {
    meaning: 'The browser did not start, or broke off.',
    remedy: 'Look at the links instead, or try again; AURORA_BROWSER=off goes without screenshots.',
    exit: 3,
  },
  NO_DATA: {
    meaning: 'A query gave no rows. No data is never a pass.',
    remedy: 'Check that traffic flows and that metrics, logs or events arrive.',
    exit: 4,
  },
  METRICS_NOT_COUNTED: {
    meaning: 'The configured metrics are a look at recent requests, and no counters to judge by.',
    remedy:
      'Set `format: prometheus` for this environment, or use the kind `prometheus`: these judge.',
    exit: 2,
  },
  // local stack
  STACK_START_FAILED: {
    meaning: 'A part of the local stack did not start.',
    remedy: 'Read the named log file; `aurora stack down` clears what is left.',
    exit: 1,
  },
  STACK_NOT_RUNNING: {
    meaning: 'There is no running local stack in this state directory.',
    remedy: 'Start one with `aurora stack up`.',
    exit: 2,
  },
  STACK_RUNNING: {
    meaning: 'A local stack already runs in this state directory.',
    remedy: 'Use it (`aurora stack status`), or end it with `aurora stack down`.',
    exit: 2,
  },
  STACK_FOREIGN: {
    meaning: 'Refused: this address was not started by the local stack, or is not on loopback.',
    remedy: 'Rehearsal faults and resets touch only what `aurora stack up` started.',
    exit: 2,
  },
  STACK_RUNTIME_MISSING: {
    meaning: 'The flag server of the local stack is not installed.',
    remedy: 'Run `aurora stack up` in a terminal and agree to the install, or pass --yes.',
    exit: 2,
  },
} as const satisfies Record<string, CatalogueEntry>;

/** A code of the catalogue. */
export type ErrorCode = keyof typeof catalogue;
