/** The words and examples of docs/spec.md that the schema does not hold. A test runs every example through the schema. */

export const SPEC_DOCS_INTRO = `# The spec

One YAML (or JSON) file says what is watched and what runs. \`pgmon validate\` checks it and names every problem at once as
\`file:line:column key: message\`; \`pgmon schema\` prints its JSON Schema, which editors use for completion. Ready-made specs
are in \`stacks/\`. This page is written from the schema; a test fails when the two differ.

\`\`\`yaml
apiVersion: pgmon/v1
name: demo
servers:
  - name: orders
    host: db1.example.com
    password: {env: ORDERS_PASSWORD}
\`\`\`

Unknown keys are errors. A key that this version of pgmon takes but cannot act on yet is marked *(not yet)*; a spec that
uses it is refused with a message that says so.

- **secret**: \`{env: NAME}\` (environment variable), \`{file: path}\` (a last line break is dropped) or \`{generate: true}\`
  (made once, kept below the output directory). A secret never stands in the spec itself. *Not generated*: the other side
  decides the value, so only the first two forms fit.
- **duration**: Prometheus' notation: \`15s\`, \`5m\`, \`12h\`, \`30d\`, \`1h30m\`.
- **size**: \`512MiB\`, \`1GiB\`, \`50GB\`. All units count in powers of 1024, as Prometheus and Docker do.
- **path**: absolute, or relative to the spec's own directory. \`~\` is not expanded.
- **labels**: names of letters, digits and \`_\`. Reserved are \`instance\`, \`job\`, \`le\`, \`quantile\`, \`server\`, \`datname\`,
  \`alertname\`, \`alertstate\`, \`environment\`, \`datacenter\`, \`stack\` and whatever begins with \`__\` or \`exported_\`.
- **YAML 1.2**: \`yes\`, \`no\`, \`on\` and \`off\` are text; write \`true\` and \`false\`. Versions such as \`3.10\` need quotes. One document, no
  tags, no merge keys; up to 1000 aliases, 50 levels and 16 MiB.

A server is either one that exists (\`host\`) or the one that pgmon runs itself (\`bundled\`, at most one). Its image is the one in
\`images\`, otherwise the lock file's, otherwise the catalogue's with \`versions\` applied.

With \`runtime: native\` systemd runs the services: there are no images, nothing is bundled, and \`native\` says where the programs
come from. A server on this machine's socket (\`host: /var/run/postgresql\`) without a password is asked by peer authentication.
`;

/** Of an empty file. */
const EXAMPLE_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** By documented path; the schema's defaults serve the others. */
export const SPEC_EXAMPLES: Readonly<Record<string, string>> = {
  apiVersion: 'pgmon/v1',
  name: 'demo',
  environment: 'prod',
  datacenter: 'fra1',
  labels: '{team: payments}',
  'servers[].name': 'orders',
  'servers[].host': 'db1.example.com',
  'servers[].database': 'orders',
  'servers[].password': '{env: ORDERS_PASSWORD}',
  'servers[].tls.ca': 'certs/ca.pem',
  'servers[].tls.cert': 'certs/client.pem',
  'servers[].tls.key': 'certs/client.key',
  'servers[].bundled.port': '5432',
  'servers[].bundled.memory': '2GiB',
  'servers[].bundled.pids': '512',
  'servers[].admin.password': '{env: ADMIN_PASSWORD}',
  'servers[].environment': 'staging',
  'servers[].datacenter': 'ams1',
  'servers[].labels': '{team: payments}',
  'servers[].version': '17',
  'servers[].thresholds.<name>.value': '30',
  'servers[].thresholds.<name>.for': '5m',
  'servers[].thresholds.<name>.keepFiringFor': '10m',
  'servers[].disabledAlerts': '[PostgreSQLReplicationLag]',
  'servers[].slo.queryLatencyMs': '50',
  'servers[].drill': 'true',
  'scrape.timeout': '10s',
  'prometheus.memory': '4GiB',
  'prometheus.pids': '512',
  'prometheus.tls.cert': 'certs/monitoring.pem',
  'prometheus.tls.key': 'certs/monitoring.key',
  'prometheus.tls.ca': 'certs/ca.pem',
  'prometheus.externalUrl': 'https://monitoring.example.com',
  'prometheus.externalLabels': '{region: eu}',
  'prometheus.remoteWrite[].name': 'central',
  'prometheus.remoteWrite[].url': 'https://metrics.example.com/api/v1/write',
  'prometheus.remoteWrite[].basicAuth.user': 'pgmon',
  'prometheus.remoteWrite[].basicAuth.password': '{env: REMOTE_WRITE_PASSWORD}',
  'prometheus.remoteWrite[].bearerToken': '{file: secrets/token}',
  'postgresExporter.memory': '512MiB',
  'postgresExporter.pids': '128',
  'postgresExporter.collectors.enable': '[stat_statements]',
  'postgresExporter.collectors.disable': '[wal]',
  'scrape.slowInterval': '120s',
  'alerting.runbookUrl': 'https://wiki.example/runbooks',
  'sqlExporter.memory': '256MiB',
  'sqlExporter.pids': '64',
  'nodeExporter.memory': '128MiB',
  'nodeExporter.pids': '128',
  'nodeExporter.targets[].address': '10.0.0.5:9100',
  'nodeExporter.targets[].labels': '{team: payments}',
  'alertmanager.memory': '128MiB',
  'alertmanager.pids': '128',
  'alertmanager.externalUrl': 'https://alerts.example.com',
  'grafana.memory': '1GiB',
  'grafana.pids': '256',
  'grafana.rootUrl': 'https://monitoring.example.com/grafana/',
  'alerting.defaultReceiver': 'chat',
  'alerting.receivers[].name': 'chat',
  'alerting.receivers[].webhook.url': 'http://hooks.example.com/alerts',
  'alerting.receivers[].slack.url': '{env: SLACK_WEBHOOK_URL}',
  'alerting.receivers[].slack.channel': '"#alerts"',
  'alerting.receivers[].email.to': '[dba@example.com]',
  'alerting.receivers[].email.from': 'pgmon@example.com',
  'alerting.receivers[].email.smarthost': 'smtp.example.com:587',
  'alerting.receivers[].email.user': 'pgmon@example.com',
  'alerting.receivers[].email.password': '{env: SMTP_PASSWORD}',
  'alerting.receivers[].pagerduty.routingKey': '{env: PAGERDUTY_ROUTING_KEY}',
  'alerting.receivers[].pagerduty.apiUrl': 'https://events.example.com/v2/enqueue',
  'alerting.receivers[].teams.url': '{env: TEAMS_WEBHOOK_URL}',
  'alerting.receivers[].telegram.token': '{env: TELEGRAM_TOKEN}',
  'alerting.receivers[].telegram.chatId': '-1001234567890',
  'alerting.receivers[].telegram.apiUrl': 'https://telegram.example.com',
  'alerting.receivers[].discord.url': '{env: DISCORD_WEBHOOK_URL}',
  'alerting.routes[].receiver': 'chat',
  'alerting.routes[].match': '{severity: critical}',
  'alerting.routes[].mute': '[nights]',
  'alerting.muteTimes[].name': 'nights',
  'alerting.muteTimes[].weekdays': '[saturday, sunday]',
  'alerting.muteTimes[].times[].from': '"22:00"',
  'alerting.muteTimes[].times[].to': '"24:00"',
  'alerting.deadManSwitch.receiver': 'heartbeat',
  'alerting.thresholds.<name>.value': '90',
  'alerting.thresholds.<name>.for': '10m',
  'alerting.thresholds.<name>.keepFiringFor': '5m',
  'alerting.disabled': '[PostgreSQLHighTableBloat]',
  'versions.postgres': '"18"',
  'versions.postgresExporter': '0.19.1',
  'versions.sqlExporter': '24.21.0',
  'versions.prometheus': '3.5.3',
  'versions.alertmanager': '0.33.1',
  'versions.nodeExporter': '1.11.1',
  'versions.grafana': '12.4.2',
  'images.postgres': 'registry.example/postgres:18.6',
  'images.postgresExporter': 'registry.example/postgres-exporter:v0.19.1',
  'images.sqlExporter': 'registry.example/node:24.21.0-alpine',
  'images.prometheus': 'registry.example/prometheus:v3.5.3',
  'images.alertmanager': 'registry.example/alertmanager:v0.33.1',
  'images.nodeExporter': 'registry.example/node-exporter:v1.11.1',
  'images.grafana': 'registry.example/grafana:12.4.2',
  'limits.memory': '512MiB',
  'limits.pids': '256',
  'slo.queryLatencyMs': '50',
  'customMetrics[].name': 'orders_open',
  'customMetrics[].help': 'Open orders',
  'customMetrics[].query': 'SELECT shop, count(*) AS open FROM orders GROUP BY shop',
  'customMetrics[].value': 'open',
  'customMetrics[].labels': '[shop]',
  'customMetrics[].minVersion': '14',
  'customMetrics[].servers': '[orders]',
  'dashboards.community[].id': '9628',
  'dashboards.community[].revision': '7',
  'dashboards.directory': 'dashboards',
  'proxy.host': 'monitoring.example.com',
  'proxy.tls.cert': 'certs/monitoring.pem',
  'proxy.tls.key': 'certs/monitoring.key',
  'proxy.tls.acmeEmail': 'ops@example.com',
  'longTerm.url': 'https://metrics.example.com',
  'longTerm.objectStore': 'thanos-bucket.yaml',
  'ha.replica': 'a',
  'ha.peers': '[monitoring-b.example.com:9094]',
  'ha.grafanaDatabase.server': 'orders',
  'ha.grafanaDatabase.password': '{env: GRAFANA_DB_PASSWORD}',
  'backup.directory': '/var/backups/pgmon',
  'backup.schedule': 'daily',
  'backup.passphrase': '{file: secrets/backup-passphrase}',
  'drill.faults': '[stop-exporter]',
  'native.archives': '/srv/archives',
  'native.collectorUser': 'pgmon',
  'native.programs.postgresExporter.path': '/usr/bin/prometheus-postgres-exporter',
  'native.programs.postgresExporter.archive': '/srv/archives/postgres_exporter-0.19.1.linux-amd64.tar.gz',
  'native.programs.postgresExporter.sha256': EXAMPLE_SHA256,
  'native.programs.sqlExporter.path': '/usr/bin/node',
  'native.programs.sqlExporter.archive': '/srv/archives/node-v24.21.0-linux-x64.tar.xz',
  'native.programs.sqlExporter.sha256': EXAMPLE_SHA256,
  'native.programs.prometheus.path': '/usr/bin/prometheus',
  'native.programs.prometheus.archive': '/srv/archives/prometheus-3.5.3.linux-amd64.tar.gz',
  'native.programs.prometheus.sha256': EXAMPLE_SHA256,
  'native.programs.alertmanager.path': '/usr/bin/prometheus-alertmanager',
  'native.programs.alertmanager.archive': '/srv/archives/alertmanager-0.33.1.linux-amd64.tar.gz',
  'native.programs.alertmanager.sha256': EXAMPLE_SHA256,
  'native.programs.nodeExporter.path': '/usr/bin/prometheus-node-exporter',
  'native.programs.nodeExporter.archive': '/srv/archives/node_exporter-1.11.1.linux-amd64.tar.gz',
  'native.programs.nodeExporter.sha256': EXAMPLE_SHA256,
  'native.programs.grafana.path': '/usr/share/grafana/bin/grafana',
  'native.programs.grafana.archive': '/srv/archives/grafana-12.4.2.linux-amd64.tar.gz',
  'native.programs.grafana.sha256': EXAMPLE_SHA256,
};
