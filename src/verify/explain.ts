/** Points a failure at the earlier failure that explains it, so that the reader starts at the root. Pure. */
import { JOBS, type ServiceName } from '../conventions.ts';
import type { CheckResult } from './check-result.ts';
import { isServerJob } from './target-service.ts';

/** What a hint begins with that names an earlier failure. */
export const FIRST_FIX = 'first fix ';

/** What results are explained with. */
export interface Circumstances {
  /** Names of the servers that the stack runs itself. */
  readonly bundled: ReadonlySet<string>;
  /** The service of the stack that answers for a target, by the target's subject; nothing for those outside. */
  readonly serviceOf: ReadonlyMap<string, ServiceName>;
}

/** `demo/sql` -> server and the exporter that is asked about it. */
function exporterOf(subject: string): { readonly server: string; readonly service: ServiceName } {
  const [server = '', part] = subject.split('/');
  if (part === 'slow') return { server, service: 'postgres-exporter-slow' };
  return { server, service: part === 'sql' ? 'sql-exporter' : 'postgres-exporter' };
}

/** Ids of the results that this one rests on, the root first. `run` is the hop that looks whether services run. */
function prerequisites(
  result: CheckResult,
  run: 'container' | 'unit',
  { bundled, serviceOf }: Circumstances,
): readonly string[] {
  const { hop, subject } = result;
  const prometheus = [`${run}/prometheus`, 'prometheus/prometheus'];
  switch (hop) {
    case 'container':
    case 'unit':
      return [];
    case 'sql-login':
      return bundled.has(subject) ? [`${run}/postgres`] : [];
    case 'exporter': {
      const { server, service } = exporterOf(subject);
      return [
        `${run}/${service}`,
        ...(bundled.has(server) ? [`${run}/postgres`] : []),
        `sql-login/${server}`,
      ];
    }
    case 'prometheus':
      return [`${run}/prometheus`];
    case 'target': {
      const service = serviceOf.get(subject);
      return [...prometheus, ...(service === undefined ? [] : [`${run}/${service}`])];
    }
    case 'rules':
    case 'alerts':
    case 'panels':
      return prometheus;
    case 'alertmanager':
      return [`${run}/alertmanager`, ...prometheus];
    case 'grafana':
      return [`${run}/grafana`];
    case 'data-source':
      return [`${run}/grafana`, 'grafana/grafana', ...prometheus];
  }
}

/** The server that a target of the slower jobs speaks of; null for every other result. */
function followedServer({ hop, subject }: CheckResult): string | null {
  const [job = '', server = ''] = subject.split('/');
  return hop === 'target' && isServerJob(job) && job !== JOBS.postgresql ? server : null;
}

/**
 * The same results; the hint of a failure that an earlier one explains says which to fix first. A server that is down is
 * one problem: its slower jobs, which fail with it, are not judged.
 */
export function explainFailures(
  results: readonly CheckResult[],
  circumstances: Circumstances,
): readonly CheckResult[] {
  const failed = new Set(results.filter(({ status }) => status === 'fail').map(({ id }) => id));
  const run = results.some(({ hop }) => hop === 'unit') ? 'unit' : 'container';
  const isExporterDown = failed.has(`${run}/postgres-exporter`);
  return results.map((result) => {
    if (result.status !== 'fail') return result;
    const server = followedServer(result);
    if (server !== null && failed.has(`exporter/${server}`) && !isExporterDown) {
      const detail = `${result.detail}; follows from exporter/${server}`;
      return { ...result, status: 'skip', detail, hint: null };
    }
    const root = prerequisites(result, run, circumstances).find((id) => failed.has(id));
    return root === undefined ? result : { ...result, hint: `${FIRST_FIX}${root}` };
  });
}
