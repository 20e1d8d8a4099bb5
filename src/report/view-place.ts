/** A server, a machine or the fleet as the page shows it: its topics, row by row. */
import type { Topic } from '../panels/load-topics.ts';
import { isAllZero } from './chart-lines.ts';
import type { PlaceView, RowView, TopicView } from './page-views.ts';
import type { ReportSpan } from './report.ts';
import { viewPanel, viewStat } from './view-panel.ts';

function viewRow({ title, panels }: Topic['rows'][number], span: ReportSpan): RowView {
  return {
    title,
    stats: panels
      .filter(({ panel }) => panel.kind === 'stat')
      .map((data) => viewStat(data, span))
      .filter((view) => view !== null),
    panels: panels
      .filter((data) => data.panel.kind !== 'stat' && !isAllZero(data))
      .map((data) => viewPanel(data, span)),
    quiet: panels.filter(isAllZero).map(({ panel }) => panel.title),
  };
}

function viewTopic(topic: Topic, anchor: string, span: ReportSpan): TopicView {
  return {
    anchor,
    title: topic.title,
    question: topic.question,
    rows: topic.rows
      .map((row) => viewRow(row, span))
      .filter(({ stats, panels, quiet }) => stats.length + panels.length + quiet.length > 0),
  };
}

/** Topics without any data are left out; `anchor` is unique in the page and made of letters, digits and dashes. */
export function viewPlace(
  head: Omit<PlaceView, 'topics'>,
  topics: readonly Topic[],
  span: ReportSpan,
): PlaceView {
  const views = topics.map((topic) => viewTopic(topic, `${head.anchor}-${topic.slug}`, span));
  return { ...head, topics: views.filter(({ rows }) => rows.length > 0) };
}
