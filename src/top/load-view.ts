/** Asks the running Prometheus for everything that `pgmon top` shows of a server: after its pulse only queries of the catalogue. */
import { setMaxListeners } from 'node:events';
import pLimit, { type LimitFunction } from 'p-limit';
import { NO_ALERTS_IN_PROMETHEUS } from '../catalog/dashboards/empty-when.ts';
import { ALL_VARIABLES } from '../catalog/dashboards/interpolate.ts';
import type { Panel } from '../catalog/dashboards/panel.ts';
import { JOBS } from '../conventions.ts';
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
import { askPulses, NO_SAMPLE, type Pulse, silenceOf } from './pulse.ts';
import { readFact, readFigure } from './read-figure.ts';
import { readList, readTally, withUp } from './read-list.ts';
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
  /** Those of the stack that ask servers. */
  readonly jobs: readonly string[];
  /** False where Grafana evaluates the alerts, or all are switched off. */
  readonly hasAlerts: boolean;
}

interface Asked {
  readonly context: Asking;
  readonly choice: PanelChoice;
  /** Over the time of the choice, or at its end only. */
  readonly isCourse: boolean;
  readonly limit: LimitFunction;
  /** Why nothing is known of the server; null = panels know their reasons. */
  readonly silence: string | null;
  readonly hasAlerts: boolean;
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

/** Why the panel is empty now. What the stack has is the stack's to say: just after its start Prometheus does not know. */
async function reasonFor(asked: Asked, panel: Panel): Promise<string | null> {
  const { context, choice, silence, hasAlerts } = asked;
  const isOfAlerts = panel.emptyWhen.includes(NO_ALERTS_IN_PROMETHEUS);
  if (silence !== null && !isOfAlerts) return silence;
  const reason = await findReason(context, panel, choice);
  return hasAlerts && reason === NO_ALERTS_IN_PROMETHEUS.reason ? NO_SAMPLE : reason;
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
    return { series, range, reason: isOfNow ? null : await reasonFor(asked, panel) };
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

/** Runs a look; its first failure ends what else it asks. */
async function lookWith<T>(context: Asking, load: (context: Asking) => Promise<T>): Promise<T> {
  const failed = new AbortController();
  const signal = AbortSignal.any([context.signal, failed.signal]);
  setMaxListeners(0, signal);
  try {
    return await load({ ...context, signal });
  } catch (error) {
    failed.abort();
    throw error;
  }
}

const UNHEARD: Pulse = { isUp: null, isYoung: true };
/** For a Prometheus that refuses to tell: panels' own reasons count then. */
const WELL: Pulse = { isUp: true, isYoung: false };

/**
 * Rejects like `queryInstant` with Node's error when Prometheus cannot be reached, and within seconds when it hangs; a refused
 * query is a reason in the view.
 */
export async function loadServerView(outer: Asking, server: string, look: Look): Promise<ServerView> {
  const chosen = { ...ALL_VARIABLES, instance: [server] };
  const limit = pLimit(AT_ONCE);
  const choice = choiceOf(chosen, look, NOW_SECONDS);
  return lookWith(outer, async (context) => {
    const pulses = await askPulses(context, choice, look.jobs);
    const pulse = pulses === null ? WELL : (pulses.get(server) ?? UNHEARD);
    const shared = { context, limit, silence: silenceOf(pulse), hasAlerts: look.hasAlerts };
    const course = { ...shared, choice: choiceOf(chosen, look, COURSE.seconds), isCourse: true };
    const now = { ...shared, choice, isCourse: false };
    const [facts, figures, tallies, lists] = await Promise.all([
      Promise.all(FACTS.map((place) => loadFact(now, place))),
      Promise.all(FIGURES.map((place) => loadFigure(course, place))),
      Promise.all(TALLIES.map((place) => loadTally(now, place))),
      Promise.all(LISTS.map((place) => loadList(now, place))),
    ]);
    const known = facts.filter((fact) => fact !== null);
    return { server, isUp: pulse.isUp, facts: known, figures, tallies, lists, atSeconds: look.atSeconds };
  });
}

/** All servers that Prometheus knows; rejects like `loadServerView`. */
export async function loadFleetView(outer: Asking, look: Look): Promise<FleetView> {
  const choice = choiceOf(ALL_VARIABLES, look, NOW_SECONDS);
  return lookWith(outer, async (context) => {
    const pulses = await askPulses(context, choice, [JOBS.postgresql]);
    const shared = { context, limit: pLimit(AT_ONCE), silence: null, hasAlerts: look.hasAlerts };
    const list = await loadList({ ...shared, choice, isCourse: false }, FLEET);
    return { list: withUp(list, FLEET, pulses ?? new Map()), atSeconds: look.atSeconds };
  });
}
