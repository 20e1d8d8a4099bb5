/** Gathers what a report is made of from the running Prometheus: alerts first, then the panels of the servers that matter. */
import path from 'node:path';
import { DASHBOARD_UIDS } from '../../catalog/dashboards/dashboard.ts';
import type { Host } from '../../host/host.ts';
import { type FiredAlert, loadAlertHistory } from '../../panels/alert-history.ts';
import { probePrometheus } from '../../panels/probe-prometheus.ts';
import type { Asking } from '../../panels/query-prometheus.ts';
import type { Report } from '../../report/report.ts';
import { dashboardsOf } from '../../stack/dashboards.ts';
import type { Stack } from '../../stack/stack.ts';
import { type Asked, loadFleet, loadMachines, loadServers } from './report-places.ts';
import type { Range } from './report-range.ts';
import { cutRange, seeServers } from './report-servers.ts';

export interface ReportRequest {
  readonly stack: Stack;
  readonly range: Range;
  /** Named by the user; empty = all. */
  readonly servers: readonly string[];
  readonly version: string;
}

type Deps = Asking & { readonly host: Pick<Host, 'fs' | 'packageDir' | 'clock' | 'http'> };

/** Of a chart. */
const POINTS = 240;

async function loadRunbooks(
  { host }: Deps,
  alerts: readonly FiredAlert[],
): Promise<ReadonlyMap<string, string>> {
  const names = [...new Set(alerts.map(({ name }) => name))].filter((name) => /^\w+$/.test(name));
  const pages = await Promise.all(
    names.map(async (name) => {
      const file = path.join(host.packageDir, 'docs', 'runbooks', `${name}.md`);
      return [name, await host.fs.readTextIfExists(file)] as const;
    }),
  );
  return new Map(pages.flatMap(([name, text]) => (text === null ? [] : [[name, text] as const])));
}

/** Alerts of the servers that the report is about, and those that are about no server of the spec. */
async function loadAlerts(
  deps: Deps,
  { stack, servers }: ReportRequest,
  range: Range,
): Promise<readonly FiredAlert[]> {
  if (stack.alerts.engine === 'grafana') return [];
  const others = stack.servers
    .map(({ name }) => name)
    .filter((name) => servers.length > 0 && !servers.includes(name));
  const all = await loadAlertHistory(deps, range, stack.scrape.evaluationIntervalSeconds);
  return all.filter(({ labels }) => labels.instance === undefined || !others.includes(labels.instance));
}

/** What a report never has, and what this one has not because of how it was asked for. */
function leftOutFirst({ stack, servers }: ReportRequest): readonly string[] {
  const [all, hidden] = [stack.servers.length, stack.servers.length - servers.length];
  const grafana =
    'Alerts that fired: Grafana evaluates them in this stack and keeps their history; the findings come from the panels alone.';
  return [
    ...(stack.alerts.engine === 'grafana' ? [grafana] : []),
    ...(servers.length > 0 && hidden > 0
      ? [`${hidden} of the ${all} servers of the stack, because --server names others.`]
      : []),
  ];
}

function leftOutAlways({ dashboards }: Asked): readonly string[] {
  const isAboutStack = (uid: string) => uid === DASHBOARD_UIDS.alerting || uid === DASHBOARD_UIDS.self;
  const titles = dashboards.filter(({ uid }) => isAboutStack(uid)).map(({ title }) => title);
  return [
    `${titles.join(' and ')}: they are about the stack, not about servers; \`pgmon check\` and \`pgmon status\` tell.`,
    'Tables and charts show the greatest rows and lines only, and say how many more there are.',
  ];
}

/** Rejects with EnvironmentError when there is nothing in the range, otherwise as queries do. */
export async function loadReport(deps: Deps, request: ReportRequest): Promise<Report> {
  const { stack, servers: named, version } = request;
  await probePrometheus(deps);
  const { isCut, ...range } = await cutRange(deps, request.range);
  const areNamed = named.length > 0;
  const names = areNamed ? named : stack.servers.map(({ name }) => name);
  const [servers, alerts] = await Promise.all([
    seeServers(deps, names, range),
    loadAlerts(deps, request, range),
  ]);
  const scrapeIntervalSeconds = stack.scrape.intervalSeconds;
  const stepSeconds = Math.max(
    scrapeIntervalSeconds,
    Math.ceil((range.endSeconds - range.startSeconds) / POINTS),
  );
  const asked: Asked = {
    dashboards: dashboardsOf(stack),
    choice: { range: { ...range, stepSeconds }, scrapeIntervalSeconds },
  };
  const fleet = await loadFleet(deps, asked, { count: names.length, named: areNamed ? named : null });
  const details = await loadServers(deps, asked, { servers, alerts, areNamed });
  const machines = await loadMachines(deps, asked);
  return {
    stackName: stack.name,
    version,
    madeAtSeconds: Math.floor(deps.host.clock.now() / 1000),
    span: range,
    isCut,
    servers,
    alerts,
    fleet,
    details: details.places,
    machines: machines.places,
    runbooks: await loadRunbooks(deps, alerts),
    leftOut: [...leftOutFirst(request), ...details.leftOut, ...machines.leftOut, ...leftOutAlways(asked)],
  };
}
