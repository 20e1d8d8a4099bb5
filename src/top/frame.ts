/** The whole screen of one server as lines. Pure: the same view and size give the same lines. */
import { widthOf } from '../output/text-width.ts';
import { shareRows } from './columns.ts';
import { column, cutLine, faded, footLines, type Line, piece, spread, toneOf, widthOfLine } from './line.ts';
import { listLines, NAME_WIDTH, rowsOf, tallyLine } from './list-lines.ts';
import { sparkline } from './sparkline.ts';
import type { Figure, List, ServerView } from './view.ts';

/** What stands around the view. */
export interface Surroundings {
  /** All servers of the stack, in the order of the spec. */
  readonly servers: readonly string[];
  /** The view's time for a person. */
  readonly clock: string;
  /** What is wrong with the look itself; null when all is well. */
  readonly trouble: string | null;
  /** Parts of the last line; those at the end give way where there is no room. */
  readonly footer: readonly string[];
}

export interface FrameSize {
  readonly columns: number;
  /** Null = as many as it takes. */
  readonly rows: number | null;
}

const VALUE_WIDTH = 12;
/** Rows of a list where the screen has no end. */
const LONGEST_LIST = 20;
/** From so many rows on blocks stand apart. */
const ROOMY = 32;

/** The server's name and its first fact have their room before place and clock. */
function headLine(view: ServerView, { servers, clock }: Surroundings, width: number): Line {
  // "no answer" is for what was asked: before the first sample nobody was.
  const known = view.facts.filter(({ key }) => key !== 'up' || view.isUp !== null);
  const facts = known.flatMap(({ prefix, text, level }) => [
    piece('  '),
    piece(prefix === '' ? text : `${prefix} ${text}`, toneOf(level)),
  ]);
  const left = [piece(view.server, 'heading'), ...facts];
  const place = servers.length < 2 ? '' : `${servers.indexOf(view.server) + 1} of ${servers.length}  `;
  const needed = widthOfLine(left.slice(0, 3));
  const right = [`${place}${clock}`, clock].find((text) => needed + 1 + widthOf(text) <= width) ?? '';
  return right === '' ? cutLine(left, width) : spread(left, [piece(right, 'faint')], width);
}

/** What holds for all figures of the server. */
function stateLines({ isUp }: ServerView, width: number): readonly Line[] {
  if (isUp === false)
    return [
      cutLine([piece('No answer from the server: figures below are its last ones', 'critical')], width),
    ];
  return isUp === null ? [cutLine([piece('No sample of the server yet', 'warning')], width)] : [];
}

function figureLine(figure: Figure, width: number): Line {
  const { name, text, level, course, scale, reason } = figure;
  if (width < NAME_WIDTH + VALUE_WIDTH)
    return spread([piece(name, 'heading')], [piece(text, toneOf(level))], width);
  const room = width - NAME_WIDTH - VALUE_WIDTH - 2;
  const behind = reason === null ? piece(sparkline(course, scale, room), 'faint') : piece(reason, 'faint');
  const value = column(text, VALUE_WIDTH, { tone: toneOf(level), align: 'right' });
  return cutLine([column(name, NAME_WIDTH, { tone: 'heading' }), value, piece('  '), behind], width);
}

function lists(all: readonly List[], room: number | null, width: number): readonly (readonly Line[])[] {
  const wanted = all.map(rowsOf);
  const given =
    room === null ? wanted.map((rows) => Math.min(rows, LONGEST_LIST + 1)) : shareRows(wanted, room);
  return all.map((list, index) => listLines(list, given[index] ?? 0, width));
}

/** No line is wider than `columns - 1`, and there are no more than `rows`. */
export function frame(view: ServerView, around: Surroundings, size: FrameSize): readonly Line[] {
  const width = Math.max(1, size.columns - 1);
  const isRoomy = size.rows === null || size.rows >= ROOMY;
  const gap: readonly Line[] = isRoomy ? [[]] : [];
  const aged = (lines: readonly Line[]) => (view.isUp === false ? lines.map(faded) : lines);
  const head = [
    headLine(view, around, width),
    ...(around.trouble === null ? [] : [cutLine([piece(around.trouble, 'critical')], width)]),
    ...(around.trouble === null ? stateLines(view, width) : []),
    ...gap,
    ...aged(view.figures.map((figure) => figureLine(figure, width))),
    ...gap,
    ...aged(view.tallies.map((tally) => tallyLine(tally, width))),
    ...gap,
  ];
  const foot = footLines(around.footer, width);
  const between = gap.length * Math.max(0, view.lists.length - 1);
  const room = size.rows === null ? null : Math.max(0, size.rows - head.length - foot.length - between);
  const body = lists(view.lists, room, width).flatMap((all, index) => {
    // Alerts are of now, whether the server answers or not.
    const lines = view.lists[index]?.key === 'alerts' ? all : aged(all);
    return index === 0 || lines.length === 0 ? lines : [...gap, ...lines];
  });
  if (size.rows === null) return [...head, ...body, ...foot];
  const upper = [...head, ...body].slice(0, Math.max(0, size.rows - foot.length));
  const fill: readonly Line[] = Array.from({ length: size.rows - foot.length - upper.length }, () => []);
  return [...upper, ...fill, ...foot].slice(0, size.rows);
}
