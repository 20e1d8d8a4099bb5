/** Times that depend on each other, or on the windows of the rules. */
import { type Problem, problem } from '../document.ts';
import type { Spec } from '../schema/spec.ts';
import { durationSeconds } from '../units.ts';

const seconds = (text: string): number => durationSeconds(text) ?? 0;

/** Rules take rates over five minutes, which must hold two samples even when a scrape fails. */
const MAX_INTERVAL = '2m';

const TOO_FEW_SAMPLES = 'alerts take rates over 5 minutes, and with fewer samples they never fire';
const INTERVALS = [
  ['interval', TOO_FEW_SAMPLES],
  ['slowInterval', TOO_FEW_SAMPLES],
  ['evaluationInterval', 'an alert would be late by as much, and a short outage would never be seen'],
] as const;

function findIntervalProblems({ scrape }: Spec): readonly Problem[] {
  return INTERVALS.flatMap(([key, reason]) => {
    const value = scrape[key];
    return value === undefined || seconds(value) <= seconds(MAX_INTERVAL)
      ? []
      : [problem(['scrape', key], `is ${value}, must be at most ${MAX_INTERVAL}: ${reason}`)];
  });
}

/** Times that contradict each other or the rules. */
export function findTimingProblems(spec: Spec): readonly Problem[] {
  const { scrape, retention, alerting } = spec;
  const problems: Problem[] = [...findIntervalProblems(spec)];
  if (scrape.timeout !== undefined && seconds(scrape.timeout) > seconds(scrape.interval)) {
    problems.push(
      problem(
        ['scrape', 'timeout'],
        `is ${scrape.timeout}, longer than the interval (${scrape.interval}): Prometheus refuses that`,
      ),
    );
  }
  if (retention.time === 'none' && retention.size === 'none') {
    problems.push(problem(['retention'], 'must limit the time or the size: with neither, the disk fills up'));
  }
  const { wait, interval, repeat } = alerting.grouping;
  if (seconds(repeat) < seconds(interval)) {
    problems.push(
      problem(['alerting', 'grouping', 'repeat'], `is ${repeat}, shorter than \`interval\` (${interval})`),
    );
  }
  if (seconds(wait) > seconds(interval)) {
    problems.push(
      problem(['alerting', 'grouping', 'wait'], `is ${wait}, longer than \`interval\` (${interval})`),
    );
  }
  return problems;
}
