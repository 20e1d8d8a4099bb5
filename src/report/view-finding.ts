/** A finding as the page shows it: what, when, how long, and what to do. Pure. */
import type { Finding, Occurrence } from './finding.ts';
import type { FindingView } from './page-views.ts';
import type { ReportSpan } from './report.ts';
import { formatLength, formatShortTime } from './words.ts';

const MAX_OCCURRENCES = 5;
const MAX_SPANS = 3;

/** `12 min in all: 10:01 to 10:09 and 10:30 to 10:34`. */
function when({ spans, totalSeconds, isNow }: Occurrence, { startSeconds, endSeconds }: ReportSpan): string {
  const time = (seconds: number) => formatShortTime(seconds, endSeconds);
  const told = spans.slice(-MAX_SPANS).map((span, i, all) => {
    const isLast = i === all.length - 1;
    const from = span.startSeconds <= startSeconds ? 'before the report begins' : time(span.startSeconds);
    if (isLast && isNow) return `since ${from}`;
    return span.startSeconds <= startSeconds
      ? `until ${time(span.endSeconds)}`
      : `${from} to ${time(span.endSeconds)}`;
  });
  const before = spans.length - told.length;
  const more = before > 0 ? ` (and ${before === 1 ? 'once' : `${before} times`} before)` : '';
  return `${formatLength(totalSeconds)} in all: ${told.join(', ')}${more}`;
}

function stateOf({ kind, isNow }: Finding): string {
  if (kind === 'alert') return isNow ? 'firing now' : 'over';
  return isNow ? 'now' : 'earlier';
}

export function viewFinding(finding: Finding, span: ReportSpan): FindingView {
  const { occurrences } = finding;
  const hidden = occurrences.length - MAX_OCCURRENCES;
  return {
    level: finding.level,
    subject: finding.subject ?? 'the stack',
    title: finding.title,
    id: finding.kind === 'alert' ? finding.id : '',
    state: stateOf(finding),
    detail: finding.detail,
    occurrences: occurrences.slice(0, MAX_OCCURRENCES).map((one) => ({
      what: one.what,
      when: when(one, span),
    })),
    moreOccurrences: hidden > 0 ? `and ${hidden} more of the same` : '',
    steps: finding.steps,
    sql: finding.sql ?? '',
    runbook: finding.runbook === null ? '' : `pgmon runbook ${finding.runbook}`,
    // Nothing but pages: other schemes could run something.
    runbookUrl: /^https?:\/\//.test(finding.runbookUrl ?? '') ? (finding.runbookUrl ?? '') : '',
  };
}
