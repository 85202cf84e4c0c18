/**
 * The configuration that `aurora init` writes: every setting once, with what it means. The values
 * are examples; the file is valid as it stands.
 */
export function configTemplate(project = 'aurora-concierge'): string {
  return `# The configuration of aurora. Paths count from this file's directory. Unknown keys are refused.
#
# A secret never stands here. Where one is needed, say where it is:
#   { env: NAME }           from the environment, or from the credentials file below
#   { vault: path#field }   from the secrets service

project: ${JSON.stringify(project)}

# true only where no customer is served: it allows --time-scale.
rehearsal: false

# A file of NAME=value lines, mode 0600, for { env: NAME }. The environment wins over it.
# credentials: ./credentials.env

environments:
  staging:
    # What the service is started with; \`vault:path#field\` values are resolved then.
    envFile: ./env/staging.env
    # Origin -> origin, as curl's --connect-to. Leave it out unless an address is not public.
    # connect:
    #   https://staging.api.glowglitch.com: http://127.0.0.1:8080
    driver:
      kind: process # a host service that runs slots, and an edge that routes to them
      host: https://host.staging.example.com
      edge: https://edge-admin.staging.example.com
      token: { env: AURORA_STAGING_DRIVER_TOKEN }
    metrics: { kind: concierge }
    logs:
      kind: file
      paths: [/var/log/concierge/staging-blue.jsonl, /var/log/concierge/staging-green.jsonl]
      # Names in the log, where they differ from the concierge's own:
      # fields: { status: http.status, endpoint: path }
    # Where a person looks before signing.
    views:
      widget: https://staging.api.glowglitch.com/widget.js
      dashboard: https://staging.glowglitch.com/dashboard/login?next=/dashboard/support/queue
    # With the token of a viewer, step 5 keeps screenshots of the dashboards too:
    # viewer: { vault: aurora-staging-dashboard#viewer }

  production:
    envFile: ./env/production.env
    driver:
      kind: process
      host: https://host.production.example.com
      edge: https://edge-admin.production.example.com
      token: { env: AURORA_PRODUCTION_DRIVER_TOKEN }
    metrics: { kind: concierge }
    logs:
      kind: file
      paths: [/var/log/concierge/production-blue.jsonl, /var/log/concierge/production-green.jsonl]
    views:
      widget: https://api.glowglitch.com/widget.js

# A rollback must not depend on the vault: give what it needs (flags, cache, cdn, driver, notify) by
# { env: ... } where you can.
services:
  secrets:
    kind: vault
    url: https://vault.example.com
    mount: secret
    auth:
      # token: { env: VAULT_TOKEN }
      roleId: { env: AURORA_VAULT_ROLE_ID }
      secretId: { env: AURORA_VAULT_SECRET_ID }

  database:
    kind: mongodb
    uri: { env: AURORA_MONGODB_URI }
    databases: { staging: concierge_staging, production: concierge }
    events: { database: aurora, collection: events }

  flags:
    kind: unleash
    url: https://unleash.example.com
    adminToken: { env: AURORA_UNLEASH_ADMIN_TOKEN }
    clientTokens:
      staging: { env: AURORA_UNLEASH_STAGING_TOKEN }
      production: { env: AURORA_UNLEASH_PRODUCTION_TOKEN }
    project: default
    # What Unleash calls each environment.
    environments: { staging: development, production: production }

  cache:
    kind: redis
    url: { env: AURORA_REDIS_URL }
    # Only keys that begin so are sessions, and are cleared by a rollback.
    prefixes: { staging: "aurora:staging:session:", production: "aurora:production:session:" }

  cdn:
    kind: purge
    # The addresses that customers' browsers use.
    urls:
      staging: https://staging.api.glowglitch.com
      production: https://api.glowglitch.com
    token: { env: AURORA_CDN_TOKEN }

  notify:
    - kind: slack
      channel: "#aurora-ops"
      webhook: { env: AURORA_SLACK_WEBHOOK }
    # - kind: pagerduty
    #   policy: aurora-concierge-oncall
    #   routingKey: { vault: aurora-pagerduty#routingKey }
    # - kind: email
    #   host: smtp.example.com
    #   port: 587
    #   from: aurora@example.com
    #   to: [ops@example.com]

  alerts:
    kind: alertmanager
    url: https://alertmanager.example.com
    # Only alerts with all of these labels are silenced.
    labels: { service: concierge }

# Directory of your own checklists; without it the shipped plan is used.
# plan: ./checklists

# Who may approve: one line for each key, as OpenSSH's allowed signers. \`aurora keygen\` writes the
# line for a new key. Without this setting it is the file \`approvers\` beside the checklists.
# approvers: ./approvers

# Directory of releases, leases and builds.
state: .aurora

# Where journals, leases and approvals are kept: files in that directory, for one machine; or a
# MongoDB replica set, so that terminals and CI jobs on many machines work on the same releases.
store:
  kind: files
  # kind: mongodb
  # uri: { env: AURORA_STATE_MONGODB_URI }
  # database: aurora_releases
`;
}
