/** The user's own metrics: names of their own, servers that exist, labels that Prometheus takes, one statement each. */
import { type Problem, problem } from '../document.ts';
import { suggestion } from '../nearest.ts';
import { labelName } from '../schema/primitives.ts';
import type { Spec } from '../schema/spec.ts';

type CustomMetric = NonNullable<Spec['customMetrics']>[number];

const TAKEN_NAME = /^(pgmon_|pg_|scrape_|go_|process_|up$)/;
/** Quoted text and comments of SQL. */
const OPAQUE = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\$([A-Za-z_]\w*)?\$[\s\S]*?\$\1\$|--[^\n]*|\/\*[\s\S]*?\*\//g;

function labelProblem(label: string): string | null {
  // The exporter adds no database to a query of the user's.
  if (label === 'datname') return null;
  const checked = labelName.safeParse(label);
  return checked.success ? null : (checked.error.issues[0]?.message ?? 'is no label name');
}

function queryProblem(query: string): string | null {
  const bare = query.replace(OPAQUE, ' ').replace(/[;\s]+$/, '');
  if (bare.trim() === '') return 'has no statement';
  if (bare.includes(';')) return 'must be one statement: there is a `;` inside';
  if (!/^\s*\(*\s*(select|with|values|table)\b/i.test(bare))
    return 'must be a SELECT: the exporter puts it behind FROM and reads its columns';
  return null;
}

function findLabelProblems({ labels, value }: CustomMetric, i: number): readonly Problem[] {
  return labels.flatMap((label, j) => {
    const path = ['customMetrics', i, 'labels', j];
    if (label === value) return [problem(path, `"${label}" is the column with the value`)];
    if (labels.indexOf(label) < j) return [problem(path, `"${label}" stands in the list twice`)];
    const why = labelProblem(label);
    return why === null ? [] : [problem(path, `"${label}" ${why}: rename the column with AS`)];
  });
}

/** Problems of the metrics, each by itself and among themselves. */
export function findCustomMetricProblems(spec: Spec): readonly Problem[] {
  const { customMetrics = [], servers, sqlExporter } = spec;
  if (customMetrics.length > 0 && !sqlExporter.enabled) {
    const text = 'needs the SQL exporter, and `sqlExporter.enabled` is false: nobody would read them';
    return [problem(['customMetrics'], text)];
  }
  const known = servers.map(({ name }) => name);
  return customMetrics.flatMap((metric, i) => {
    const path = ['customMetrics', i];
    const problems: Problem[] = [];
    if (customMetrics.findIndex(({ name }) => name === metric.name) < i)
      problems.push(problem([...path, 'name'], `"${metric.name}" is already the name of another metric`));
    const taken = TAKEN_NAME.exec(metric.name)?.[1];
    if (taken !== undefined)
      problems.push(
        problem([...path, 'name'], `must not begin with \`${taken}\`: such metrics come from elsewhere`),
      );
    const wrong = queryProblem(metric.query);
    if (wrong !== null) problems.push(problem([...path, 'query'], wrong));
    for (const [j, server] of (metric.servers ?? []).entries()) {
      if (known.includes(server)) continue;
      const text = `names the server "${server}", which does not exist${suggestion(server, known)}`;
      problems.push(problem([...path, 'servers', j], text));
    }
    return [...problems, ...findLabelProblems(metric, i)];
  });
}
