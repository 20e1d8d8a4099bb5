/** Which servers and machines a report shows in detail, and their panels. */
import { DASHBOARD_UIDS, type Dashboard } from '../../catalog/dashboards/dashboard.ts';
import { ALL_VARIABLES } from '../../catalog/dashboards/interpolate.ts';
import type { FiredAlert } from '../../panels/alert-history.ts';
import type { PanelChoice } from '../../panels/load-panel.ts';
import { loadTopics, type Topic } from '../../panels/load-topics.ts';
import { type Asking, queryInstant } from '../../panels/query-prometheus.ts';
import { alertFindings } from '../../report/alert-findings.ts';
import type { Place, SeenServer } from '../../report/report.ts';
import { judgeServer, worstFirst } from '../../report/verdict.ts';

/** How panels are asked for: everything but which server or machine. */
export interface Asked {
  readonly dashboards: readonly Dashboard[];
  readonly choice: Omit<PanelChoice, 'chosen'>;
}

interface Places {
  readonly places: readonly Place[];
  /** What to say about those that are not shown. */
  readonly leftOut: readonly string[];
}

/** Servers in detail when none is named; each makes about half a megabyte of report. */
const MAX_DETAILS = 5;
const MAX_MACHINES = 3;
const ABOUT_ALL: readonly string[] = [DASHBOARD_UIDS.fleet, DASHBOARD_UIDS.alerting, DASHBOARD_UIDS.self];

function isOneServer({ uid, variables }: Dashboard): boolean {
  return !ABOUT_ALL.includes(uid) && variables.every(({ name }) => name !== 'host');
}

/** All of them when they are few, otherwise the worst by their alerts. */
function worthDetail(servers: readonly SeenServer[], alerts: readonly FiredAlert[]): readonly string[] {
  if (servers.length <= MAX_DETAILS) return servers.map(({ name }) => name);
  const findings = alertFindings({ alerts, runbooks: new Map() });
  const ranked = worstFirst(servers.map((server) => judgeServer(server, findings)));
  const worth = ranked.filter(({ kind }) => kind !== 'well').slice(0, MAX_DETAILS);
  return worth.map(({ server }) => server.name);
}

/** One server after the other: what Prometheus does at once is bounded. With `areNamed` all of them are shown. */
export async function loadServers(
  asking: Asking,
  { dashboards, choice }: Asked,
  about: {
    readonly servers: readonly SeenServer[];
    readonly alerts: readonly FiredAlert[];
    readonly areNamed: boolean;
  },
): Promise<Places> {
  const { servers, alerts, areNamed } = about;
  const names = areNamed ? servers.map(({ name }) => name) : worthDetail(servers, alerts);
  const wanted = dashboards.filter(isOneServer);
  const places: Place[] = [];
  for (const name of names) {
    const topics = await loadTopics(asking, wanted, {
      ...choice,
      chosen: { ...ALL_VARIABLES, instance: [name] },
    });
    places.push({ name, topics });
  }
  const hidden = servers.length - names.length;
  const sentence = `Panels of ${hidden} of ${servers.length} servers: with more than ${MAX_DETAILS} servers only those with findings are shown in detail, the ${MAX_DETAILS} worst at most, and the others are judged by their alerts alone. \`--server NAME\` shows any of them.`;
  return { places, leftOut: hidden > 0 ? [sentence] : [] };
}

/** What the fleet's dashboard says about these servers (null = all); null for a single one. */
export async function loadFleet(
  asking: Asking,
  { dashboards, choice }: Asked,
  { count, named }: { readonly count: number; readonly named: readonly string[] | null },
): Promise<Topic | null> {
  if (count < 2) return null;
  const fleet = dashboards.filter(({ uid }) => uid === DASHBOARD_UIDS.fleet);
  const [topic] = await loadTopics(asking, fleet, {
    ...choice,
    chosen: { ...ALL_VARIABLES, instance: named },
  });
  return topic ?? null;
}

/** Machines with a node_exporter, the first three by name. */
export async function loadMachines(asking: Asking, { dashboards, choice }: Asked): Promise<Places> {
  const wanted = dashboards.filter(({ uid }) => uid === DASHBOARD_UIDS.host);
  if (wanted.length === 0) return { places: [], leftOut: [] };
  const { startSeconds, endSeconds } = choice.range;
  const known = `group by (instance) (last_over_time(node_uname_info[${endSeconds - startSeconds}s]))`;
  const found = await queryInstant(asking, known, endSeconds);
  const names = found.map(({ labels }) => labels.instance ?? '').sort();
  const places: Place[] = [];
  for (const name of names.slice(0, MAX_MACHINES)) {
    const topics = await loadTopics(asking, wanted, {
      ...choice,
      chosen: { ...ALL_VARIABLES, host: [name] },
    });
    places.push({ name, topics });
  }
  const hidden = names.length - places.length;
  const sentence = `${hidden} of ${names.length} machines: a report shows ${MAX_MACHINES} at most.`;
  return { places, leftOut: hidden > 0 ? [sentence] : [] };
}
