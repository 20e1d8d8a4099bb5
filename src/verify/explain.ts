/** Points a failure at the earlier failure that explains it, so that the reader starts at the root. Pure. */
import type { CheckResult } from './check-result.ts';
import { serviceOfTarget } from './target-service.ts';

const PROMETHEUS = ['container/prometheus', 'prometheus/prometheus'];

/** Ids of the results that this one rests on, the root first. */
function prerequisites(result: CheckResult, bundled: ReadonlySet<string>): readonly string[] {
  const { hop, subject } = result;
  switch (hop) {
    case 'container':
      return [];
    case 'sql-login':
      return bundled.has(subject) ? ['container/postgres'] : [];
    case 'exporter':
      return [
        'container/postgres-exporter',
        ...(bundled.has(subject) ? ['container/postgres'] : []),
        `sql-login/${subject}`,
      ];
    case 'prometheus':
      return ['container/prometheus'];
    case 'target': {
      const [job = '', instance = ''] = subject.split('/');
      const service = serviceOfTarget(job, instance);
      return [...PROMETHEUS, ...(service === null ? [] : [`container/${service}`])];
    }
    case 'rules':
      return PROMETHEUS;
    case 'alertmanager':
      return ['container/alertmanager', ...PROMETHEUS];
    case 'grafana':
      return ['container/grafana'];
    case 'data-source':
      return ['container/grafana', 'grafana/grafana', ...PROMETHEUS];
  }
}

/** The same results; the hint of a failure that an earlier one explains says which to fix first. */
export function explainFailures(
  results: readonly CheckResult[],
  bundledServers: readonly string[],
): readonly CheckResult[] {
  const failed = new Set(results.filter(({ status }) => status === 'fail').map(({ id }) => id));
  const bundled = new Set(bundledServers);
  return results.map((result) => {
    if (result.status !== 'fail') return result;
    const root = prerequisites(result, bundled).find((id) => failed.has(id));
    return root === undefined ? result : { ...result, hint: `first fix ${root}` };
  });
}
