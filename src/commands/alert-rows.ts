/** The hop `alerts` in the table of `pgmon check`: nobody reads a hundred rows that say "live"; --json and JUnit have each. */
import { LIVE, SILENT_BY_DESIGN } from '../verify/alerts/judge-alert.ts';
import type { CheckResult } from '../verify/check-result.ts';

/** The family of an alert that is in order; null for every other result. */
function familyOf({ hop, subject, status }: CheckResult): string | null {
  const [family = '', name] = subject.split('/');
  return hop === 'alerts' && status !== 'fail' && name !== undefined ? family : null;
}

function familyRow(family: string, results: readonly CheckResult[]): readonly string[] {
  const own = results.filter((result) => familyOf(result) === family);
  const passed = own.filter(({ status }) => status === 'pass');
  const live = passed.filter(({ detail }) => detail === LIVE).length;
  const parts: readonly (readonly [count: number, words: string])[] = [
    [live, LIVE],
    [passed.length - live, SILENT_BY_DESIGN],
    [own.length - passed.length, 'not judged'],
  ];
  const words = parts.flatMap(([count, what]) => (count === 0 ? [] : [`${count} ${what}`]));
  return ['alerts', family, passed.length === 0 ? 'skip' : 'pass', words.join(', ')];
}

/** One row for each result, but one for all alerts of a family that are in order, where the first of them stood. */
export function tableRows(results: readonly CheckResult[]): readonly (readonly string[])[] {
  const shown = new Set<string>();
  return results.flatMap((result) => {
    const family = familyOf(result);
    if (family === null) return [[result.hop, result.subject, result.status, result.detail]];
    if (shown.has(family)) return [];
    shown.add(family);
    return [familyRow(family, results)];
  });
}
