/** The screen that lists all servers, to choose one. Pure. */
import type { FrameSize } from './frame.ts';
import { cutLine, footLines, type Line, piece, spread } from './line.ts';
import { listLines } from './list-lines.ts';
import type { FleetView, List, ListRow } from './view.ts';

export interface FleetSurroundings {
  readonly stack: string;
  /** All servers of the stack, in the order of the spec. */
  readonly servers: readonly string[];
  /** The server that a key would open; null where there are no keys. */
  readonly selected: string | null;
  readonly clock: string;
  readonly trouble: string | null;
  readonly footer: readonly string[];
}

/** Servers in the order in which they are shown: as the panel sorts them, then those that Prometheus does not know of. */
export function fleetOrder(servers: readonly string[], view: FleetView | null): readonly string[] {
  const known = (view?.list.rows ?? []).flatMap(({ labels: { instance = '' } }) =>
    servers.includes(instance) ? [instance] : [],
  );
  const shown = [...new Set(known)];
  return [...shown, ...servers.filter((server) => !shown.includes(server))];
}

function rowFor(server: string, list: List): ListRow {
  const found = list.rows.find(({ labels }) => labels.instance === server);
  const empty = list.columns.map((_, index) => ({
    text: index === 0 ? server : '-',
    level: 'neutral' as const,
  }));
  return found ?? { labels: { instance: server }, values: [], cells: empty };
}

function marked(row: ListRow, selected: string | null): ListRow {
  if (selected === null) return row;
  const mark = row.labels.instance === selected ? '> ' : '  ';
  const cells = row.cells.map((cell, index) => (index === 0 ? { ...cell, text: mark + cell.text } : cell));
  return { ...row, cells };
}

/** Same limits as `frame`; the selected server is always among the rows that are shown. */
export function fleetFrame(
  view: FleetView | null,
  around: FleetSurroundings,
  size: FrameSize,
): readonly Line[] {
  const { stack, servers, selected, clock, trouble, footer } = around;
  const width = Math.max(1, size.columns - 1);
  const count = servers.length === 1 ? '1 server' : `${servers.length} servers`;
  const head = [
    spread([piece(stack, 'heading'), piece(`  ${count}`)], [piece(clock, 'faint')], width),
    ...(trouble === null ? [] : [cutLine([piece(trouble, 'critical')], width)]),
  ];
  const foot = footLines(footer, width);
  const order = view === null ? [] : fleetOrder(servers, view);
  const room = size.rows === null ? order.length : Math.max(0, size.rows - head.length - foot.length - 1);
  const at = selected === null ? 0 : Math.max(0, order.indexOf(selected));
  const from = Math.max(0, Math.min(at - Math.floor(room / 2), order.length - room));
  const body =
    view === null
      ? []
      : listLines(
          {
            ...view.list,
            rows: order.slice(from, from + room).map((server) => marked(rowFor(server, view.list), selected)),
          },
          room + 1,
          width,
        );
  if (size.rows === null) return [...head, ...body, ...foot];
  const upper = [...head, ...body].slice(0, Math.max(0, size.rows - foot.length));
  const fill: readonly Line[] = Array.from({ length: size.rows - foot.length - upper.length }, () => []);
  return [...upper, ...fill, ...foot].slice(0, size.rows);
}
