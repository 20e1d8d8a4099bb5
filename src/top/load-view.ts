/** Asks the running Prometheus for everything that `pgmon top` shows of a server. Sends only queries of the catalogue. */
import pLimit, { type LimitFunction } from 'p-limit';
import { ALL_VARIABLES } from '../catalog/dashboards/interpolate.ts';
import type { Panel } from '../catalog/dashboards/panel.ts';
import { findReason } from '../panels/find-reason.ts';
import { buildQuery, type PanelChoice } from '../panels/load-panel.ts';
import {
  type Asking,
  QueryError,
  queryInstant,
  queryRange,
  type Series,
  type TimeRange,
} from '../panels/query-prometheus.ts';
import { findPanel, queryOf } from './find-panel.ts';
import type { FactPlace, FigurePlace, ListPlace, TallyPlace } from './place.ts';
import { FACTS, FIGURES, FLEET, LISTS, TALLIES } from './places.ts';
import { readFact, readFigure } from './read-figure.ts';
import { readList, readTally } from './read-list.ts';
import type { Fact, Figure, FleetView, List, ServerView, Tally } from './view.ts';

/** The course of a figure: half an hour, one character a minute. */
const COURSE = { seconds: 1800, stepSeconds: 60 };
/** What "now" means where a query counts over the selected time: the top queries of the last minutes. */
const NOW_SECONDS = 300;
/** Requests under way: a look must not crowd out what others ask of Prometheus. */
const AT_ONCE = 6;

export interface Look {
  readonly atSeconds: number;
  readonly scrapeIntervalSeconds: number;
}

interface Asked {
  readonly context: Asking;
  readonly choice: PanelChoice;
  /** Over the time of the choice, or at its end only. */
  readonly isCourse: boolean;
  readonly limit: LimitFunction;
}

function choiceOf(
  chosen: PanelChoice['chosen'],
  { atSeconds, scrapeIntervalSeconds }: Look,
  seconds: number,
): PanelChoice {
  return {
    chosen,
    range: { startSeconds: atSeconds - seconds, endSeconds: atSeconds, stepSeconds: COURSE.stepSeconds },
    scrapeIntervalSeconds,
  };
}

interface Answer {
  /** The queries' series, in the order in which they were asked. */
  readonly series: readonly (readonly Series[])[];
  /** Of the last query that was asked. */
  readonly range: TimeRange;
  readonly reason: string | null;
}

/** Asks some queries of a panel; a query that Prometheus refuses is a reason for there being nothing, not the end. */
async function answer(asked: Asked, panel: Panel, indices: readonly number[]): Promise<Answer> {
  const { context, choice, isCourse, limit } = asked;
  const built = indices.map((index) => buildQuery(queryOf(panel, index), choice));
  const range = built.at(-1)?.range ?? choice.range;
  try {
    const series = await Promise.all(
      built.map(({ text, range: of }) =>
        limit(() => (isCourse ? queryRange(context, text, of) : queryInstant(context, text, of.endSeconds))),
      ),
    );
    const newest = Math.max(...series.flat().map(({ points }) => points.at(-1)?.seconds ?? 0));
    const isOfNow = newest > range.endSeconds - range.stepSeconds;
    return { series, range, reason: isOfNow ? null : await findReason(context, panel, choice) };
  } catch (error) {
    if (error instanceof QueryError)
      return { series: [], range, reason: `Prometheus refuses the query: ${error.message}` };
    throw error;
  }
}

async function loadFact(asked: Asked, place: FactPlace): Promise<Fact | null> {
  const { series } = await answer(asked, findPanel(place), [0]);
  return readFact(place, series.flat());
}

async function loadFigure(asked: Asked, place: FigurePlace): Promise<Figure> {
  const figures: Figure[] = [];
  for (const [index, from] of place.from.entries()) {
    const { series, range, reason } = await answer(asked, findPanel(from), [from.query]);
    const figure = readFigure(place, index, { series: series.flat(), range, reason });
    if (figure.value !== null) return figure;
    figures.push(figure);
  }
  const last = figures.at(-1);
  if (last === undefined) throw new Error(`figure ${place.key} has no source`);
  return last;
}

async function loadTally(asked: Asked, place: TallyPlace): Promise<Tally> {
  const panel = findPanel(place);
  const { series, reason } = await answer(asked, panel, [place.query]);
  return readTally(place, panel, series.flat(), reason);
}

async function loadList(asked: Asked, place: ListPlace): Promise<List> {
  const panel = findPanel(place);
  const { series, reason } = await answer(asked, panel, [...panel.queries.keys()]);
  return readList(place, panel, series, reason);
}

/** Rejects like `queryInstant` with Node's error when Prometheus cannot be reached; a refused query is a reason in the view. */
export async function loadServerView(context: Asking, server: string, look: Look): Promise<ServerView> {
  const chosen = { ...ALL_VARIABLES, instance: [server] };
  const limit = pLimit(AT_ONCE);
  const course = { context, choice: choiceOf(chosen, look, COURSE.seconds), isCourse: true, limit };
  const now = { context, choice: choiceOf(chosen, look, NOW_SECONDS), isCourse: false, limit };
  const [facts, figures, tallies, lists] = await Promise.all([
    Promise.all(FACTS.map((place) => loadFact(now, place))),
    Promise.all(FIGURES.map((place) => loadFigure(course, place))),
    Promise.all(TALLIES.map((place) => loadTally(now, place))),
    Promise.all(LISTS.map((place) => loadList(now, place))),
  ]);
  const known = facts.filter((fact) => fact !== null);
  return { server, facts: known, figures, tallies, lists, atSeconds: look.atSeconds };
}

/** All servers that Prometheus knows; rejects like `loadServerView`. */
export async function loadFleetView(context: Asking, look: Look): Promise<FleetView> {
  const limit = pLimit(AT_ONCE);
  const now = { context, choice: choiceOf(ALL_VARIABLES, look, NOW_SECONDS), isCourse: false, limit };
  return { list: await loadList(now, FLEET), atSeconds: look.atSeconds };
}
