/** The verdict and the findings of a report for `--json`. Pure. */
import type { JudgedReport } from '../../report/judge-report.ts';
import type { Report } from '../../report/report.ts';
import { emptyReason } from '../../report/view-empty.ts';

const time = (seconds: number): string => new Date(seconds * 1000).toISOString();

export interface WrittenReport {
  /** Null: it went nowhere or to stdout. */
  readonly file: string | null;
  readonly bytes: number | null;
}

export function reportJson(report: Report, { verdicts, findings }: JudgedReport, written: WrittenReport) {
  const places = [
    ...(report.fleet === null ? [] : [{ name: null, topics: [report.fleet] }]),
    ...report.details,
    ...report.machines,
  ];
  return {
    stack: report.stackName,
    from: time(report.span.startSeconds),
    to: time(report.span.endSeconds),
    isCut: report.isCut,
    ...written,
    servers: verdicts.map(({ server, kind }) => ({ ...server, verdict: kind })),
    findings: findings.map(({ occurrences, ...finding }) => ({
      ...finding,
      occurrences: occurrences.map(({ spans, ...occurrence }) => ({
        ...occurrence,
        spans: spans.map(({ startSeconds, endSeconds }) => ({
          from: time(startSeconds),
          to: time(endSeconds),
        })),
      })),
    })),
    panelsWithoutData: places.flatMap(({ name, topics }) =>
      topics.flatMap(({ slug, empty }) =>
        empty.map(({ panel, reason }) => ({
          place: name,
          dashboard: slug,
          panel: panel.id,
          reason: emptyReason(reason, name, report),
        })),
      ),
    ),
    leftOut: report.leftOut,
  };
}
