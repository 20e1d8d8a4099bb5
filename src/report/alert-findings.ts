/** From alerts that fired to findings: one for each alert of a server, with what to do from its runbook. Pure. */
import type { FiredAlert } from '../panels/alert-history.ts';
import { compareFindings, type Finding, type FindingLevel, type Occurrence } from './finding.ts';
import type { Report } from './report.ts';
import { meaningOf, stepsOf } from './runbook-steps.ts';

/** Labels that say where a server stands, not what the alert is about. */
const PLACE_LABELS = ['instance', 'job', 'environment', 'datacenter', 'cluster', 'server'];

function levelOf({ severity }: FiredAlert): FindingLevel {
  return severity === 'critical' || severity === 'warning' ? severity : 'info';
}

function secondsOf({ spans }: FiredAlert): number {
  return spans.reduce((sum, { startSeconds, endSeconds }) => sum + endSeconds - startSeconds, 0);
}

/** What tells this one apart: labels whose values differ between the alerts, and are no place. */
function whatOf(labels: FiredAlert['labels'], all: readonly FiredAlert[]): string {
  return Object.entries(labels)
    .filter(([name]) => !PLACE_LABELS.includes(name))
    .filter(([name, value]) => all.length === 1 || all.some((other) => other.labels[name] !== value))
    .map(([, value]) => value)
    .join(' ');
}

function toOccurrence(alert: FiredAlert, all: readonly FiredAlert[]): Occurrence {
  return {
    what: whatOf(alert.labels, all),
    summary: alert.summary,
    spans: alert.spans,
    totalSeconds: secondsOf(alert),
    isNow: alert.isFiring,
  };
}

function toFinding(
  alerts: readonly FiredAlert[],
  first: FiredAlert,
  { runbooks }: Pick<Report, 'runbooks'>,
): Finding {
  const page = runbooks.get(first.name);
  const worst = alerts.find((one) => levelOf(one) === 'critical') ?? first;
  const told = [...alerts]
    .sort((a, b) => Number(b.isFiring) - Number(a.isFiring))
    .find((one) => one.description);
  const occurrences = alerts
    .map((one) => toOccurrence(one, alerts))
    .sort((a, b) => Number(b.isNow) - Number(a.isNow) || b.totalSeconds - a.totalSeconds);
  return {
    kind: 'alert',
    id: first.name,
    level: levelOf(worst),
    subject: first.labels.instance ?? null,
    title: (alerts.length === 1 ? first.summary : null) ?? first.name,
    detail: told?.description ?? (page === undefined ? '' : meaningOf(page)),
    isNow: alerts.some(({ isFiring }) => isFiring),
    occurrences,
    steps: page === undefined ? [] : stepsOf(page),
    sql: first.sql,
    runbook: page === undefined ? null : first.name,
    runbookUrl: first.runbookUrl,
  };
}

/** Most severe first. Alerts without a label `instance` are about the stack. */
export function alertFindings({ alerts, runbooks }: Pick<Report, 'alerts' | 'runbooks'>): readonly Finding[] {
  const groups = new Map<string, FiredAlert[]>();
  for (const alert of alerts) {
    const key = JSON.stringify([alert.name, alert.labels.instance]);
    groups.set(key, [...(groups.get(key) ?? []), alert]);
  }
  return [...groups.values()]
    .flatMap((group) => (group[0] === undefined ? [] : [toFinding(group, group[0], { runbooks })]))
    .sort((a, b) => compareFindings(a, b));
}
