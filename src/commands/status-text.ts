/** The state of a stack as text for people. */
import { OPTIONAL_SERVICES } from '../conventions.ts';
import type { createColours } from '../output/colours.ts';
import { printable } from '../output/printable.ts';
import { formatTable, type TableOptions } from '../output/table.ts';
import { formatSpan } from '../verify/duration.ts';
import type { ServiceStatus, StackStatus } from '../verify/stack-status.ts';
import type { TargetStatus } from '../verify/target-status.ts';

type Colours = ReturnType<typeof createColours>;

const GOOD = new Set(['running', 'up', 'healthy']);
const NEUTRAL = new Set(['starting', 'created', 'unknown', 'pending']);

function paintState(colours: Colours): (text: string) => string {
  return (text) => {
    const [word = ''] = text.split(' ');
    if (GOOD.has(word)) return colours.green(text);
    return NEUTRAL.has(word) ? colours.yellow(text) : colours.red(text);
  };
}

function serviceRow(service: ServiceStatus): readonly string[] {
  const { status, health } = service;
  const state = health === 'none' || status !== 'running' ? status : `${status} (${health})`;
  const uptime = service.uptimeMs === null ? '-' : formatSpan(service.uptimeMs);
  return [service.service, state, uptime, service.version ?? '-', service.address ?? '-', service.image];
}

function targetRow(target: TargetStatus): readonly string[] {
  const age = target.lastScrapeAgeMs === null ? '-' : `${formatSpan(target.lastScrapeAgeMs)} ago`;
  const duration = target.scrapeDurationMs === null ? '-' : formatSpan(target.scrapeDurationMs);
  return [target.job, target.instance, target.health, age, duration, target.error ?? ''];
}

/** What to do about services that are not there; empty when there are none. */
function formatAbsent(services: readonly ServiceStatus[]): readonly string[] {
  const absent = services.filter(({ status }) => status === 'absent').map(({ service }) => service);
  if (absent.length === 0) return [];
  const optional = absent.filter((name) => OPTIONAL_SERVICES.some((each) => each === name));
  const without =
    optional.length === 0 ? '' : `; if left out on purpose, add \`--without ${optional.join(',')}\` here too`;
  return [`Absent: ${absent.join(', ')}. Start with \`pgmon up\`${without}\n`];
}

function formatTargets(status: StackStatus, colours: Colours, options: TableOptions): string {
  if (!status.targets.isSeen) return `Targets: not seen (${printable(status.targets.reason)})\n`;
  const titles = ['JOB', 'TARGET', 'HEALTH', 'LAST SCRAPE', 'TOOK', 'ERROR'];
  const columns = titles.map((title) =>
    title === 'HEALTH' ? { title, paint: paintState(colours) } : { title },
  );
  return formatTable(columns, status.targets.value.map(targetRow), options);
}

function formatAlerts(status: StackStatus, colours: Colours, options: TableOptions): string {
  if (!status.alerts.isSeen) return `Alerts: not seen (${printable(status.alerts.reason)})\n`;
  // Severity `none` is for alerts that always fire to prove that alerting works.
  const firing = status.alerts.value.filter(
    ({ state, labels }) => state === 'firing' && labels.severity !== 'none',
  );
  if (firing.length === 0) return 'Alerts: none firing\n';
  const columns = [
    { title: 'FIRING', paint: colours.red },
    { title: 'SEVERITY' },
    { title: 'TARGET' },
    { title: 'SUMMARY' },
  ];
  const rows = firing.map(({ name, labels, summary }) => [
    name,
    labels.severity ?? '-',
    labels.instance ?? '-',
    summary,
  ]);
  return formatTable(columns, rows, options);
}

function formatDataSource(status: StackStatus, colours: Colours): string {
  if (status.dataSource === null) return 'Data source: none (the stack runs without Grafana)\n';
  const { uid, isHealthy, detail } = status.dataSource;
  return `Data source ${uid}: ${(isHealthy ? colours.green : colours.red)(printable(detail))}\n`;
}

/** Services, targets, data source and firing alerts, each as its own block. */
export function formatStatus(
  stackName: string,
  status: StackStatus,
  colours: Colours,
  options: TableOptions,
): string {
  const runs = status.runtime === 'native' ? 'PROGRAM' : 'IMAGE';
  const titles = ['SERVICE', 'STATE', 'UPTIME', 'VERSION', 'ADDRESS', runs];
  const columns = titles.map((title) =>
    title === 'STATE' ? { title, paint: paintState(colours) } : { title },
  );
  return [
    `Stack ${stackName}\n`,
    formatTable(columns, status.services.map(serviceRow), options),
    ...formatAbsent(status.services),
    formatTargets(status, colours, options),
    `${formatDataSource(status, colours)}${formatAlerts(status, colours, options)}`,
  ].join('\n');
}
