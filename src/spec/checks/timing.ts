/** Times that depend on each other. */
import { type Problem, problem } from '../document.ts';
import type { Spec } from '../schema/spec.ts';
import { durationSeconds } from '../units.ts';

const seconds = (text: string): number => durationSeconds(text) ?? 0;

/** Times that contradict each other. */
export function findTimingProblems({ scrape, retention, alerting }: Spec): readonly Problem[] {
  const problems: Problem[] = [];
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
