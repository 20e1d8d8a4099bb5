/** The panels without data for the appendix: one line for each place and reason. Pure. */
import { UNEXPLAINED } from '../panels/load-topics.ts';
import type { PageView } from './page-views.ts';
import type { Place, Report } from './report.ts';
import { formatTime } from './words.ts';

/** Nobody reads a hundred names. */
const MAX_NAMES = 20;

function namesOf(titles: readonly string[]): string {
  const names = [...new Set(titles)];
  const more = names.length - MAX_NAMES;
  return names.slice(0, MAX_NAMES).join(', ') + (more > 0 ? `, and ${more} more` : '');
}

/** Samples of tables come every five minutes, and rates need several. */
const YOUNG_SECONDS = 1800;

/** A server that never answered, and samples that have only just begun, explain what nothing else does. */
export function emptyReason(
  reason: string,
  place: string | null,
  { servers, isCut, span }: Pick<Report, 'servers' | 'isCut' | 'span'>,
): string {
  if (reason !== UNEXPLAINED) return reason;
  const answered = servers.find(({ name }) => name === place)?.answered;
  if (answered === 0 || answered === null) return 'the server did not answer';
  const isYoung = isCut && span.endSeconds - span.startSeconds < YOUNG_SECONDS;
  return isYoung ? `too few samples yet: the first are of ${formatTime(span.startSeconds)} UTC` : reason;
}

/** In the order of the report, the most panels of a place first. */
export function viewEmpty(
  report: Pick<Report, 'servers' | 'isCut' | 'span' | 'fleet' | 'details' | 'machines'>,
): PageView['empty'] {
  const fleet: readonly Place[] =
    report.fleet === null ? [] : [{ name: 'all servers', topics: [report.fleet] }];
  return [...fleet, ...report.details, ...report.machines].flatMap(({ name, topics }) => {
    const byReason = new Map<string, readonly string[]>();
    for (const { panel, reason } of topics.flatMap(({ empty }) => empty)) {
      const words = emptyReason(reason, name, report);
      byReason.set(words, [...(byReason.get(words) ?? []), panel.title]);
    }
    return [...byReason]
      .sort(([, a], [, b]) => b.length - a.length)
      .map(([reason, panels]) => ({ where: name, reason, panels: namesOf(panels) }));
  });
}
