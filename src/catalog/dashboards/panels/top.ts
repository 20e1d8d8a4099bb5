/** The first few of many series. */

/** Those with the most, without the ones at 0; a single 0 when there is nothing else, so that a quiet server is no empty panel. */
export function topOf(count: number, expr: string): string {
  return `(topk(${count}, (${expr}) > 0) or on () topk(1, ${expr}))`;
}

/** Of a series or a bracketed expression: the highest value in the selected time, the same at every point of a chart. */
export function highest(series: string): string {
  return `max_over_time(${series}[$__range] @ end())`;
}

/** Lines of a chart: the few with the most by `rank`, which is the same at every point; the most of each point would be ever other ones. */
export function topLines(count: number, expr: string, rank: string): string {
  return `${expr} and topk(${count}, ${rank})`;
}
