/** Writes docs/alerts.md from the catalogue, so that the page cannot say anything else than what pgmon renders. */
import { type AlertDefinition, FAMILIES, type Family } from '../../src/catalog/alerts/alert.ts';
import { type CataloguedAlert, EVERY_ALERT } from '../../src/catalog/alerts/every-alert.ts';
import { PROOFS } from '../../src/catalog/proofs/all-proofs.ts';
import { RECORDING_GROUPS } from '../../src/catalog/recordings/all-recordings.ts';
import type { RecordingGroup } from '../../src/catalog/recordings/recording.ts';
import { limitExpression, limitText } from '../../src/catalog/thresholds.ts';
import { buildSloRecordings } from '../../src/render/slo.ts';
import { REAL_FAULTS } from './real-faults.ts';
import { createServer, createStack } from './stack-fixture.ts';

export const FAMILY_TITLES = {
  availability: 'Availability',
  collection: 'Collection of the figures',
  connections: 'Connections',
  sessions: 'Sessions and locks',
  transactions: 'Transactions, cache and statements',
  replication: 'Replication, slots and subscriptions',
  wal: 'Write-ahead log and archiving',
  checkpoints: 'Checkpoints',
  vacuum: 'Vacuum and wraparound',
  integrity: 'Integrity, sequences and settings',
  storage: 'Storage',
  host: 'Host',
  stack: 'The monitoring stack',
  slo: 'Service level objectives',
} as const satisfies Readonly<Record<CataloguedAlert['family'], string>>;

/** Go template placeholders as words: `{{ $labels.datname }}` is *datname*. Look-ups in Prometheus are left out. */
function readable(text: string): string {
  return text
    .replace(/\{\{ if [^}]*\}\}(.*?)\{\{ else \}\}(.*?)\{\{ end \}\}/g, '$1 or $2')
    .replace(
      /\{\{ with \$labels\.(\w+) \}\}(.*?)\{\{ \. \}\}(.*?)\{\{ end \}\}/g,
      (_all, label: string, before: string, after: string) => `${before}*${label}*${after}`,
    )
    .replace(/\{\{ with .*?\}\}.*?\{\{ end \}\}/g, '')
    .replace(/\{\{ \$labels\.(\w+) \}\}/g, '*$1*')
    .replace(/\{\{[^}]*\$value[^}]*\}\}/g, '*value*')
    .replace(/\{\{[^}]*\}\}/g, '…')
    .replace(/ {2,}/g, ' ')
    .trim();
}

function withLimit({ threshold }: AlertDefinition, text: string): string {
  return threshold === null ? text : text.replaceAll('<limit>', limitText(threshold.value, threshold.unit));
}

function expression({ expr, threshold }: AlertDefinition): string {
  return threshold === null
    ? expr
    : expr.replaceAll('<limit>', limitExpression(threshold.value, threshold.unit));
}

/** In words, and as the spec writes it where that differs. */
function thresholdText({ threshold }: AlertDefinition): string {
  if (threshold === null) return '';
  const text = limitText(threshold.value, threshold.unit);
  return threshold.unit === 'percent' || text === String(threshold.value)
    ? `threshold ${text}`
    : `threshold ${text} (\`value: ${threshold.value}\`)`;
}

function versionsText(versions: AlertDefinition['versions']): string {
  if (versions === null) return 'any PostgreSQL';
  const { min, max } = versions;
  if (max === null) return `PostgreSQL ${min} and newer`;
  return min === null ? `PostgreSQL up to ${max}` : `PostgreSQL ${min} to ${max}`;
}

function needsText({ needs, ownLabel, versions, scope }: AlertDefinition): string {
  const parts = [
    ...(needs.length === 0 ? [] : [needs.join(', ')]),
    ...(ownLabel === null ? [] : [`servers with a label \`${ownLabel}\` of their own`]),
    ...(scope === 'server' ? [versionsText(versions)] : []),
  ];
  return parts.length === 0 ? 'nothing more' : parts.join('; ');
}

function proofText({ family, alert }: CataloguedAlert): string {
  const faults = REAL_FAULTS.filter((one) => one.alert === alert.name).map(({ fault }) => fault);
  const hasProof = family === 'slo' || Object.hasOwn(PROOFS[family], alert.name);
  return [hasProof ? 'promtool' : 'none', ...faults.map((fault) => `real fault: ${fault}`)].join('; ');
}

function timing(alert: AlertDefinition): string {
  const wait = alert.for === null ? 'at once' : `for ${alert.for}`;
  const keep = alert.keepFiringFor === null ? '' : `, stays ${alert.keepFiringFor} after the end`;
  return [thresholdText(alert), `${wait}${keep}`, alert.severity].filter((part) => part !== '').join(', ');
}

function formatAlert(one: CataloguedAlert): string {
  const { alert } = one;
  return [
    `### ${alert.name}`,
    '',
    `**${readable(withLimit(alert, alert.summary))}.** ${readable(withLimit(alert, alert.description))}`,
    '',
    '```promql',
    expression(alert),
    '```',
    '',
    `- Default: ${timing(alert)}`,
    `- Needs: ${needsText(alert)}`,
    ...(alert.silentWhen === null ? [] : [`- Silent by design: ${alert.silentWhen}`]),
    `- Proof: ${proofText(one)}`,
    `- Runbook: [${alert.name}](runbooks/${alert.name}.md)`,
    '',
  ].join('\n');
}

function formatFamily(family: Family | 'slo'): string {
  const alerts = EVERY_ALERT.filter((one) => one.family === family);
  return [`## ${FAMILY_TITLES[family]}`, '', ...alerts.map(formatAlert)].join('\n');
}

/** The groups of a stack with both objectives over 30 days. */
function sloGroups(): readonly RecordingGroup[] {
  const slo = { availability: 99.9, windowDays: 30, latency: { thresholdMs: 50, objective: 99 } };
  return buildSloRecordings(createStack({ servers: [createServer({ name: 'app', slo })] }));
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function formatGroup({ name, intervalSeconds, rules }: RecordingGroup): string {
  const rows = rules.map(({ record, meaning }) => `| \`${record}\` | ${cell(meaning)} |`);
  return [
    `### ${name}, ${intervalSeconds === 'slow' ? 'at the slow interval (60 s)' : `every ${intervalSeconds} s`}`,
    '',
    '| Record | Meaning |',
    '|---|---|',
    ...rows,
    '',
  ].join('\n');
}

function intro(): string {
  const faulted = new Set(REAL_FAULTS.map(({ alert }) => alert));
  const records = [...RECORDING_GROUPS, ...sloGroups()].flatMap(({ rules }) => rules);
  return `# Alerts

${EVERY_ALERT.length} alerts and ${records.length} recording rules. This page is written from the catalogue; a test fails when the two differ.
\`pgmon rules list\` shows what a spec makes of them, \`pgmon runbook <alert>\` prints what to do about one.

- **Choices**: \`alerting.thresholds.<alert>\` changes threshold (\`value\`), duration (\`for\`) and \`severity\` for all servers,
  \`servers[].thresholds.<alert>\` for one; \`alerting.disabled\` and \`servers[].disabledAlerts\` switch off. A percentage is written
  as 80, a time in seconds, a size in bytes. Alerts about hosts and the stack know choices for all only.
- **Labels**: an alert about a server carries \`instance\` (the server's name) and every label that the spec gives it.
- **Proof**: *promtool* = a generated test, which \`pgmon rules test\` runs: silent on healthy, idle and just-started servers, silent
  until its time has come, firing with exactly these texts, gone after the repair. *Real fault* = seen firing and resolved at a
  webhook on a running stack with this broken on purpose (${faulted.size} alerts).
- **In the texts below** *instance*, *datname* and so on stand for the alert's labels, *value* for the figure.
`;
}

/** The whole page. */
export function formatAlertDocs(): string {
  return [
    intro(),
    ...[...FAMILIES, 'slo' as const].map(formatFamily),
    '## Recording rules',
    '',
    'Alerts and dashboards share these figures. Their names say which labels are left, the source and the operation.',
    '',
    ...[...RECORDING_GROUPS, ...sloGroups()].map(formatGroup),
  ].join('\n');
}
