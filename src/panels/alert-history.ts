/** Which alerts fired in a time range, when, and what they say about it: from the stack's Prometheus. */
import pLimit from 'p-limit';
import { DELIVERY_NAMES } from '../conventions.ts';
import { asLabels, asList, asText, at } from '../verify/json.ts';
import { askJson } from '../verify/verify-context.ts';
import { expandText } from './expand-text.ts';
import { type Asking, QueryError, queryInstant, queryRange, type Series } from './query-prometheus.ts';

export interface FiringSpan {
  readonly startSeconds: number;
  readonly endSeconds: number;
}

export interface FiredAlert {
  readonly name: string;
  readonly severity: string;
  /** All but alertname, alertstate and severity. */
  readonly labels: Readonly<Record<string, string>>;
  /** In the order of time; as exact as the step they were asked with. */
  readonly spans: readonly FiringSpan[];
  /** Fires at the end of the range. */
  readonly isFiring: boolean;
  /** The rule's text, filled in; null when the rule is gone or its text needs a value that nobody knows any more. */
  readonly summary: string | null;
  readonly description: string | null;
  readonly sql: string | null;
  readonly runbookUrl: string | null;
}

interface Rule {
  readonly name: string;
  readonly severity: string;
  readonly expr: string;
  readonly annotations: Readonly<Record<string, string>>;
}

interface Span {
  readonly startSeconds: number;
  readonly endSeconds: number;
}

const FIRING = `ALERTS{alertstate="firing", alertname!="${DELIVERY_NAMES.watchdog}"}`;
/** Of the range: an alert of a moment is still seen, its length is told to 1/720 of the range. */
const STEPS = 720;
const QUERIES_AT_ONCE = 4;
/** Alerts whose value is asked for; texts of more would not be read. */
const MAX_VALUES = 60;

function toSpans(series: Series, stepSeconds: number, startSeconds: number): readonly FiringSpan[] {
  const spans: FiringSpan[] = [];
  for (const { seconds } of series.points) {
    const from = Math.max(startSeconds, seconds - stepSeconds);
    const last = spans.at(-1);
    if (last !== undefined && from <= last.endSeconds + 0.5)
      spans[spans.length - 1] = { ...last, endSeconds: seconds };
    else spans.push({ startSeconds: from, endSeconds: seconds });
  }
  return spans;
}

async function readRules(context: Asking): Promise<readonly Rule[]> {
  const body = await askJson(context, 'prometheus', { path: '/api/v1/rules?type=alert' });
  return asList(at(body, 'data', 'groups')).flatMap((group) =>
    asList(at(group, 'rules')).map((rule) => ({
      name: asText(at(rule, 'name')),
      severity: asText(at(rule, 'labels', 'severity')),
      expr: asText(at(rule, 'query')),
      annotations: asLabels(at(rule, 'annotations')),
    })),
  );
}

const isPartOf = (part: Readonly<Record<string, string>>, whole: Readonly<Record<string, string>>): boolean =>
  Object.entries(part).every(([name, value]) => name === '__name__' || whole[name] === value);

/** The value that the rule's expression had when the alert last began to fire; null when it has none then. */
async function askValue(context: Asking, rule: Rule, labels: Rule['annotations'], atSeconds: number) {
  try {
    const found = await queryInstant(context, rule.expr, atSeconds);
    return found.find((series) => isPartOf(series.labels, labels))?.points[0]?.value ?? null;
  } catch (error) {
    if (error instanceof QueryError) return null;
    throw error;
  }
}

function splitLabels({
  alertname = '',
  alertstate: _,
  severity = '',
  __name__: __,
  ...labels
}: Series['labels']) {
  return { name: alertname, severity, labels };
}

/** Every alert that fired in the range, one entry for each set of labels. Rejects as queries do. */
export async function loadAlertHistory(
  context: Asking,
  { startSeconds, endSeconds }: Span,
  evaluationSeconds: number,
): Promise<readonly FiredAlert[]> {
  const length = endSeconds - startSeconds;
  const stepSeconds = Math.max(evaluationSeconds, Math.ceil(length / STEPS));
  const firstSeconds = endSeconds - Math.floor(length / stepSeconds) * stepSeconds;
  const [series, now, rules] = await Promise.all([
    queryRange(context, `max_over_time(${FIRING}[${stepSeconds}s])`, {
      startSeconds: firstSeconds,
      endSeconds,
      stepSeconds,
    }),
    queryInstant(context, FIRING, endSeconds),
    readRules(context),
  ]);
  const firing = new Set(now.map(({ labels }) => JSON.stringify(splitLabels(labels))));
  const limit = pLimit(QUERIES_AT_ONCE);
  return Promise.all(
    series.map((one, index) =>
      limit(async (): Promise<FiredAlert> => {
        const known = splitLabels(one.labels);
        const spans = toSpans(one, stepSeconds, startSeconds);
        const begin = Math.min(endSeconds, (spans.at(-1)?.startSeconds ?? endSeconds) + stepSeconds);
        const rule = rules.find(({ name, severity }) => name === known.name && severity === known.severity);
        const value =
          rule === undefined || index >= MAX_VALUES ? null : await askValue(context, rule, one.labels, begin);
        const text = (name: string): string | null => {
          const template = rule?.annotations[name];
          return template === undefined ? null : expandText(template, { labels: one.labels, value });
        };
        return {
          ...known,
          spans,
          isFiring: firing.has(JSON.stringify(known)),
          summary: text('summary'),
          description: text('description'),
          sql: rule?.annotations.sql ?? null,
          runbookUrl: rule?.annotations.runbook_url ?? null,
        };
      }),
    ),
  );
}
