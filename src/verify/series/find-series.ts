/** Asks Prometheus which selectors have series right now: many in one query. */
import { asLabels, asList, at } from '../json.ts';
import { askJson, type VerifyContext } from '../verify-context.ts';

/** Keeps a query well below Prometheus' limits. */
const PER_QUERY = 40;
const INDEX = 'pgmon_selector';

type Asking = Pick<VerifyContext, 'host' | 'signal' | 'rendered' | 'secrets'>;

/** Labels of each sample of an instant query; rejects when Prometheus refuses it. */
export async function queryLabels(
  context: Asking,
  query: string,
): Promise<readonly Readonly<Record<string, string>>[]> {
  const body = await askJson(context, 'prometheus', {
    path: '/api/v1/query',
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ query }).toString(),
    timeoutMs: 30_000,
  });
  return asList(at(body, 'data', 'result')).map((sample) => asLabels(at(sample, 'metric')));
}

/** Those of the selectors that have at least one series. */
export async function findSeries(
  context: Asking,
  selectors: readonly string[],
): Promise<ReadonlySet<string>> {
  const unique = [...new Set(selectors)];
  const chunks = Array.from({ length: Math.ceil(unique.length / PER_QUERY) }, (_, i) =>
    unique.slice(i * PER_QUERY, (i + 1) * PER_QUERY),
  );
  const found = new Set<string>();
  for (const chunk of chunks) {
    const parts = chunk.map((selector, i) => `label_replace(group(${selector}), "${INDEX}", "${i}", "", "")`);
    for (const labels of await queryLabels(context, parts.join(' or '))) {
      const selector = chunk[Number(labels[INDEX] ?? -1)];
      if (selector !== undefined) found.add(selector);
    }
  }
  return found;
}
