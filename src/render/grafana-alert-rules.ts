/** The catalogue's alerts as Grafana's rule groups. The queries are those of the Prometheus rules, unchanged. Pure. */
import { createHash } from 'node:crypto';
import { ALERT_NAMES } from '../catalog/alerts/every-alert.ts';
import { DATA_SOURCE_UID, DELIVERY_NAMES } from '../conventions.ts';
import type { Stack } from '../stack/stack.ts';
import type { AlertingRule } from './alert-rules.ts';
import { buildRuleGroups } from './rules.ts';

/** Of their own: a folder that alert files and dashboard providers both name by title becomes two folders. */
const ALERT_FOLDER = 'PostgreSQL alerts';
/** Grafana evaluates on multiples of this. */
const EVALUATION_STEP_SECONDS = 10;
/** A query looks this far back at most; instant queries need only the last sample. */
const LOOK_BACK_SECONDS = 600;
/** Rules of one alert: the one for most servers and those for servers with choices of their own. Beyond it old ones are not removed. */
const MAX_RULES_PER_ALERT = 8;

/** What 40 characters leave beside `pgmon-` and the number. */
const MAX_NAME = 32;

const QUERY = 'A';
const CONDITION = 'B';

/** Says when Prometheus does not answer Grafana; the other alerts keep their state meanwhile. */
export const PROMETHEUS_UNREACHABLE = DELIVERY_NAMES.prometheusUnreachable;

/** Fixed by the alert's name: a rule keeps its history and its silences. At most 40 characters, as Grafana demands. */
export function ruleUid(alert: string, index: number): string {
  const mark = createHash('sha256').update(alert).digest('hex').slice(0, 8);
  const name = alert.length <= MAX_NAME ? alert : `${alert.slice(0, MAX_NAME - 9)}-${mark}`;
  return `pgmon-${name}${index === 0 ? '' : `-${index + 1}`}`;
}

/** What Prometheus' templates call `$value` is a sentence in Grafana; and Grafana has no `query`. */
function grafanaText(text: string): string {
  return text
    .replace(/\{\{-? with query \(.*?\{\{-? end -?\}\}/gs, '')
    .replace(/\$value\b/g, `$values.${QUERY}.Value`);
}

function queries(expr: string) {
  const source = { type: 'prometheus', uid: DATA_SOURCE_UID };
  const expression = { type: '__expr__', uid: '__expr__' };
  return [
    {
      refId: QUERY,
      relativeTimeRange: { from: LOOK_BACK_SECONDS, to: 0 },
      datasourceUid: DATA_SOURCE_UID,
      model: {
        refId: QUERY,
        datasource: source,
        editorMode: 'code',
        expr,
        instant: true,
        range: false,
        intervalMs: 1000,
        maxDataPoints: 43_200,
      },
    },
    {
      refId: CONDITION,
      relativeTimeRange: { from: LOOK_BACK_SECONDS, to: 0 },
      datasourceUid: '__expr__',
      // As in Prometheus: a result is an alert, whatever its value; 0 and NaN too.
      model: {
        refId: CONDITION,
        datasource: expression,
        type: 'math',
        expression: `is_null($${QUERY}) == 0`,
      },
    },
  ];
}

function buildRule(rule: AlertingRule, index: number) {
  return {
    uid: ruleUid(rule.alert, index),
    title: rule.alert,
    condition: CONDITION,
    data: queries(rule.expr),
    // No result is no alert, as in Prometheus.
    noDataState: 'OK',
    // One alert says that Prometheus is away; the Watchdog must not go on without it, and the others keep what they knew.
    execErrState: rule.severity === 'none' ? 'OK' : 'KeepLast',
    for: rule.for ?? '0s',
    keepFiringFor: rule.keepFiringFor ?? '0s',
    annotations: Object.fromEntries(rule.annotations.map(({ name, value }) => [name, grafanaText(value)])),
    labels: { severity: rule.severity },
    isPaused: false,
  };
}

const UNREACHABLE = {
  uid: ruleUid(PROMETHEUS_UNREACHABLE, 0),
  title: PROMETHEUS_UNREACHABLE,
  condition: CONDITION,
  data: queries('vector(1) < 0'),
  noDataState: 'OK',
  execErrState: 'Alerting',
  for: '2m',
  keepFiringFor: '0s',
  annotations: {
    summary: 'Grafana gets no answer from Prometheus',
    description: 'Grafana could not query Prometheus for two minutes: no alert can fire until it can.',
  },
  labels: { severity: 'critical' },
  isPaused: false,
};

interface Placed {
  readonly group: string;
  /** 0 for the first rule of its alert. */
  readonly index: number;
  readonly rule: AlertingRule;
}

/** Every rule with its number among those of the same alert. */
function placeRules(stack: Stack): readonly Placed[] {
  const seen = new Map<string, number>();
  return buildRuleGroups(stack).flatMap(({ name, alerts }) =>
    alerts.map((rule) => {
      const index = seen.get(rule.alert) ?? 0;
      seen.set(rule.alert, index + 1);
      return { group: name, index, rule };
    }),
  );
}

/** Titles, which become `alertname`, must be unique in a folder: the second rule of an alert stands in another one. */
const folderOf = (index: number): string =>
  index === 0 ? ALERT_FOLDER : `${ALERT_FOLDER}, part ${index + 1}`;

/** What a rule file of Grafana says: the groups, and the uids of rules that an earlier rendering may have left there. */
export function buildGrafanaRules(stack: Stack) {
  const placed = placeRules(stack);
  const seconds =
    Math.ceil(stack.scrape.evaluationIntervalSeconds / EVALUATION_STEP_SECONDS) * EVALUATION_STEP_SECONDS;
  const keys = [...new Set(placed.map(({ group, index }) => JSON.stringify([index, group])))];
  const groups = keys.map((key) => {
    const members = placed.filter(({ group, index }) => JSON.stringify([index, group]) === key);
    const [first] = members;
    return {
      orgId: 1,
      name: first?.group ?? '',
      folder: folderOf(first?.index ?? 0),
      interval: `${seconds}s`,
      rules: members.map(({ rule, index }) => buildRule(rule, index)),
    };
  });
  const kept = new Set(placed.map(({ rule, index }) => ruleUid(rule.alert, index)));
  const numbers = Array.from({ length: MAX_RULES_PER_ALERT }, (_, index) => index);
  const gone = ALERT_NAMES.flatMap((name) => numbers.map((index) => ruleUid(name, index)));
  return {
    apiVersion: 1,
    groups: [
      ...groups,
      {
        orgId: 1,
        name: 'pgmon-grafana',
        folder: ALERT_FOLDER,
        interval: `${seconds}s`,
        rules: [UNREACHABLE],
      },
    ],
    deleteRules: gone.filter((uid) => !kept.has(uid)).map((uid) => ({ orgId: 1, uid })),
  };
}
