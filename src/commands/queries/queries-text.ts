/** Statements as text for people. */
import { printable } from '../../output/printable.ts';
import { formatTable } from '../../output/table.ts';
import { formatValue } from '../../panels/format-value.ts';
import type { Ranking } from './rankings.ts';
import type { Statement, Statements } from './statement-question.ts';

interface StatementColumn {
  readonly title: string;
  readonly cell: (statement: Statement) => string;
  /** Left out on a terminal with fewer columns. */
  readonly fromWidth: number;
  readonly ranking?: Ranking;
}

const NAME_WIDTH = 16;
const LOST = '(PostgreSQL has lost the text)';

const short = (name: string | null) => {
  if (name === null) return '-';
  return name.length > NAME_WIDTH ? `${name.slice(0, NAME_WIDTH - 1)}…` : name;
};
const count = (value: number) => formatValue(value, 'short');
const span = (seconds: number) => formatValue(seconds, 's');

const COLUMNS: readonly StatementColumn[] = [
  { title: 'QUERY ID', cell: ({ queryid }) => queryid, fromWidth: 0 },
  { title: 'USER', cell: ({ user }) => short(user), fromWidth: 120 },
  { title: 'DATABASE', cell: ({ database }) => short(database), fromWidth: 120 },
  { title: 'TIME', cell: ({ totalSeconds }) => span(totalSeconds), fromWidth: 0, ranking: 'time' },
  { title: 'SHARE', cell: ({ share }) => formatValue(share, 'percentunit', 1), fromWidth: 100 },
  { title: 'CALLS', cell: ({ calls }) => count(calls), fromWidth: 0, ranking: 'calls' },
  { title: 'MEAN', cell: ({ meanSeconds }) => span(meanSeconds), fromWidth: 0, ranking: 'mean' },
  { title: 'ROWS', cell: ({ rows }) => count(rows), fromWidth: 140, ranking: 'rows' },
  { title: 'I/O', cell: ({ ioSeconds }) => span(ioSeconds), fromWidth: 140, ranking: 'io' },
  { title: 'TEXT', cell: ({ text }) => text ?? LOST, fromWidth: 0 },
];

function sinceLine({ since }: Statements): string {
  return since === null ? '' : `Counted since ${printable(since)}.\n`;
}

export interface ListLook {
  readonly by: Ranking;
  /** Null = as wide as it needs. */
  readonly width: number | null;
}

/** One line a statement; on a narrow terminal with fewer columns. */
export function formatList(found: Statements, { by, width }: ListLook): string {
  const columns = COLUMNS.filter(
    ({ fromWidth, ranking }) => width === null || width >= fromWidth || ranking === by,
  );
  if (found.statements.length === 0)
    return `No statement of another role than the monitoring role.\n${sinceLine(found)}`;
  const rows = found.statements.map((statement) => columns.map(({ cell }) => cell(statement)));
  return formatTable(columns, rows, { width }) + sinceLine(found);
}

function figureLines(statement: Statement): readonly string[] {
  const { user, database, calls, rows, totalSeconds, meanSeconds, minSeconds, maxSeconds, ioSeconds, share } =
    statement;
  const perCall = calls === 0 ? '0' : count(rows / calls);
  return [
    `${user ?? 'a role that is gone'} in ${database ?? 'a database that is gone'}:`,
    `  calls ${count(calls)}, time ${span(totalSeconds)} (${formatValue(share, 'percentunit', 1)} of all)`,
    `  mean ${span(meanSeconds)}, least ${span(minSeconds)}, most ${span(maxSeconds)}`,
    `  rows ${count(rows)} (${perCall} per call), waiting for blocks ${span(ioSeconds)}`,
  ];
}

/** Figures by user and database, then the whole text, once for each wording. */
export function formatOne(found: Statements): string {
  const texts = [...new Set(found.statements.map(({ text }) => text ?? LOST))];
  const figures = found.statements.flatMap(figureLines).join('\n');
  return `${printable(figures)}\n${sinceLine(found)}\n${texts.map((text) => printable(text).trimEnd()).join('\n\n')}\n`;
}
