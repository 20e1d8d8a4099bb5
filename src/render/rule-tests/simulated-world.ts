/** The simulated world of the proofs: its servers, its series with the labels that Prometheus would give them, and changes to it. */
import type { Change, SimulatedSeries } from '../../catalog/proofs/proof.ts';
import { JOBS } from '../../conventions.ts';
import { seriesName } from './promtool-file.ts';

export type World = readonly SimulatedSeries[];

export interface SimulatedServer {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

const SERVER_JOBS: readonly string[] = [JOBS.postgresql, JOBS.postgresqlSlow, JOBS.postgresqlSql];

/** The servers are the targets of the job `postgresql`; their labels are what their `up` carries. */
export function simulatedServers(world: World): readonly SimulatedServer[] {
  return world
    .filter(({ metric, labels }) => metric === 'up' && labels.job === JOBS.postgresql)
    .map(({ labels: { job: _job, instance = '', ...labels } }) => ({ name: instance, labels }));
}

/** What comes from a server's targets carries that server's labels, as Prometheus would add them. */
function withServerLabels(series: SimulatedSeries, servers: readonly SimulatedServer[]): SimulatedSeries {
  const { job = '', instance } = series.labels;
  const server = SERVER_JOBS.includes(job) ? servers.find(({ name }) => name === instance) : undefined;
  return server === undefined ? series : { ...series, labels: { ...server.labels, ...series.labels } };
}

/** The whole world, with what a proof adds to it. Throws when two series are the same. */
export function completeWorld(world: World, extra: World = []): World {
  const servers = simulatedServers([...world, ...extra]);
  const all = [...world, ...extra].map((series) => withServerLabels(series, servers));
  const seen = new Set<string>();
  for (const { metric, labels } of all) {
    const name = seriesName(metric, labels);
    if (seen.has(name)) throw new Error(`the simulated world has ${name} twice`);
    seen.add(name);
  }
  return all;
}

/** True when the change is about this series. */
export function isChanged({ metric, labels = {} }: Change, series: SimulatedSeries): boolean {
  return (
    series.metric === metric && Object.entries(labels).every(([name, value]) => series.labels[name] === value)
  );
}
