/** Points a failure at the earlier failure that explains it, so that the reader starts at the root. Pure. */
import { JOBS, type ServiceName } from '../conventions.ts';
import type { CheckResult } from './check-result.ts';
import { isServerJob, serviceOfTarget } from './target-service.ts';

/** What a hint begins with that names an earlier failure. */
export const FIRST_FIX = 'first fix ';

const PROMETHEUS = ['container/prometheus', 'prometheus/prometheus'];

/** `demo/sql` -> server and the exporter that is asked about it. */
function exporterOf(subject: string): { readonly server: string; readonly service: ServiceName } {
  const [server = '', part] = subject.split('/');
  if (part === 'slow') return { server, service: 'postgres-exporter-slow' };
  return { server, service: part === 'sql' ? 'sql-exporter' : 'postgres-exporter' };
}

/** Ids of the results that this one rests on, the root first. */
function prerequisites(result: CheckResult, bundled: ReadonlySet<string>): readonly string[] {
  const { hop, subject } = result;
  switch (hop) {
    case 'container':
      return [];
    case 'sql-login':
      return bundled.has(subject) ? ['container/postgres'] : [];
    case 'exporter': {
      const { server, service } = exporterOf(subject);
      return [
        `container/${service}`,
        ...(bundled.has(server) ? ['container/postgres'] : []),
        `sql-login/${server}`,
      ];
    }
    case 'prometheus':
      return ['container/prometheus'];
    case 'target': {
      const [job = '', instance = ''] = subject.split('/');
      const service = serviceOfTarget(job, instance);
      return [...PROMETHEUS, ...(service === null ? [] : [`container/${service}`])];
    }
    case 'rules':
    case 'alerts':
    case 'panels':
      return PROMETHEUS;
    case 'alertmanager':
      return ['container/alertmanager', ...PROMETHEUS];
    case 'grafana':
      return ['container/grafana'];
    case 'data-source':
      return ['container/grafana', 'grafana/grafana', ...PROMETHEUS];
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
  bundledServers: readonly string[],
): readonly CheckResult[] {
  const failed = new Set(results.filter(({ status }) => status === 'fail').map(({ id }) => id));
  const bundled = new Set(bundledServers);
  const isExporterDown = failed.has('container/postgres-exporter');
  return results.map((result) => {
    if (result.status !== 'fail') return result;
    const server = followedServer(result);
    if (server !== null && failed.has(`exporter/${server}`) && !isExporterDown) {
      const detail = `${result.detail}; follows from exporter/${server}`;
      return { ...result, status: 'skip', detail, hint: null };
    }
    const root = prerequisites(result, bundled).find((id) => failed.has(id));
    return root === undefined ? result : { ...result, hint: `${FIRST_FIX}${root}` };
  });
}
