// What Grafana asks of Prometheus to show a dashboard, with the texts of the catalogue.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from './run.mjs';

export const DAY_SECONDS = 86_400;
/** A screen of 1,920 pixels, without what surrounds the panels. */
const SCREEN_PIXELS = 1900;
const COLUMNS = 24;
/** Grafana asks for a point a pixel and rounds the time between them: up to the first value, to the second one, in seconds. */
const ROUNDED = [
  [15, 10],
  [25, 20],
  [45, 30],
  [90, 60],
  [150, 120],
  [450, 300],
  [750, 600],
];
const SCRAPE_SECONDS = 15;
export const SERVER = 'server-1';

/** Seconds between the points of a chart of this width. */
function stepOf(width) {
  const exact = DAY_SECONDS / ((SCREEN_PIXELS * width) / COLUMNS);
  return (ROUNDED.find(([limit]) => exact <= limit) ?? [0, exact])[1];
}

/** About many servers: shown with All. */
export const isFleet = ({ variables }) =>
  variables.some(({ name, isMulti }) => name === 'instance' && isMulti);

/** Switched-on events of the dashboard's file that Prometheus is asked for. */
async function annotationsOf({ slug }) {
  const file = path.join(root, 'templates/dashboards', `${slug}.json`);
  const { annotations } = JSON.parse(await readFile(file, 'utf8'));
  return annotations.list.filter(({ enable, expr }) => enable && typeof expr === 'string');
}

/** What loading the dashboard asks: variables in their order, then everything else at once. */
export async function requestsOf(dashboard, host, { buildQuery, isOverTime }) {
  const chosen = {
    environment: null,
    instance: isFleet(dashboard) ? null : [SERVER],
    database: null,
    queryid: null,
    host: [host],
  };
  const endSeconds = Math.floor(Date.now() / 1000);
  const range = { startSeconds: endSeconds - DAY_SECONDS, endSeconds };
  const choiceOf = (width) => ({
    chosen,
    range: { ...range, stepSeconds: stepOf(width) },
    scrapeIntervalSeconds: SCRAPE_SECONDS,
  });
  const span = ({ startSeconds, endSeconds: end }) => ({ start: String(startSeconds), end: String(end) });
  const asked = (id, query, { overTime, width }) => {
    const { text, range: own } = buildQuery(query, choiceOf(width));
    const parameters = overTime
      ? { query: text, ...span(own), step: String(own.stepSeconds) }
      : { query: text, time: String(endSeconds) };
    return { id, text, overTime, path: overTime ? 'query_range' : 'query', parameters };
  };
  const variables = dashboard.variables.map(({ name, series, valueLabel }) => {
    const { text } = buildQuery({ expr: series }, choiceOf(COLUMNS));
    const parameters = { 'match[]': text, ...span(range) };
    return {
      id: `variable ${name}`,
      text,
      overTime: false,
      path: `label/${valueLabel}/values`,
      parameters,
      isGet: true,
    };
  });
  const annotations = (await annotationsOf(dashboard)).map(({ name, expr }) =>
    asked(`event ${name}`, { expr, everySeconds: 60 }, { overTime: true, width: COLUMNS }),
  );
  const panels = dashboard.rows.flatMap(({ panels: all }) =>
    all.flatMap((panel) =>
      panel.queries.map((query, i) =>
        asked(panel.queries.length > 1 ? `${panel.id} (${i + 1})` : panel.id, query, {
          overTime: isOverTime(panel),
          width: panel.width,
        }),
      ),
    ),
  );
  return { variables, others: [...annotations, ...panels] };
}
