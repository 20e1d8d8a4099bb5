/** Check results as a table for people. */
import type { createColours } from '../output/colours.ts';
import { formatTable } from '../output/table.ts';
import type { CheckResult } from '../verify/check-result.ts';
import { FIRST_FIX } from '../verify/explain.ts';
import { tableRows } from './result-rows.ts';

export interface CheckCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export function countResults(results: readonly CheckResult[]): CheckCounts {
  const count = (status: CheckResult['status']) =>
    results.filter((result) => result.status === status).length;
  return { passed: count('pass'), failed: count('fail'), skipped: count('skip') };
}

/** One line for each failure, but one with a count for all that follow from the same earlier one. */
function hintLines(results: readonly CheckResult[]): readonly string[] {
  const todo = results.flatMap(({ status, id, hint }) =>
    status === 'fail' && hint !== null ? [{ id, hint }] : [],
  );
  return todo.flatMap(({ id, hint }, i) => {
    if (!hint.startsWith(FIRST_FIX)) return [`  ${id}: ${hint}`];
    const same = todo.filter((other) => other.hint === hint);
    if (todo.findIndex((other) => other.hint === hint) < i) return [];
    return [`  ${same.length > 1 ? `${same.length} failures` : id}: ${hint}`];
  });
}

/** Table, then one hint per failure, or per earlier failure that explains several, then `N passed, N failed, N skipped`. Details are never cut: they hold the cause. */
export function formatChecks(
  results: readonly CheckResult[],
  colours: ReturnType<typeof createColours>,
): string {
  const paint: Readonly<Record<string, (text: string) => string>> = {
    pass: colours.green,
    fail: colours.red,
    skip: colours.yellow,
  };
  const columns = [
    { title: 'HOP' },
    { title: 'SUBJECT' },
    { title: 'STATUS', paint: (text: string) => (paint[text] ?? String)(text) },
    { title: 'DETAIL' },
  ];
  const rows = tableRows(results);
  const hints = hintLines(results);
  const { passed, failed, skipped } = countResults(results);
  const summary = `${passed} passed, ${failed} failed, ${skipped} skipped`;
  const todo = hints.length === 0 ? '' : `\nWhat to do:\n${hints.join('\n')}\n`;
  return `${formatTable(columns, rows, { width: null })}${todo}\n${failed > 0 ? colours.red(summary) : colours.green(summary)}\n`;
}
