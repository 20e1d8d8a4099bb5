/** Views for programs: what `pgmon top --json` prints. Names of keys are stable. */
import type { FleetView, List, ServerView } from './view.ts';

function listJson({ dashboard, panel, rows, reason, valueNames }: List) {
  const asRows = rows.map(({ labels, values }) => ({
    labels,
    values: Object.fromEntries(valueNames.map((name, index) => [name, values[index] ?? null])),
  }));
  return { dashboard, panel, rows: asRows, reason };
}

const instant = (seconds: number) => new Date(seconds * 1000).toISOString();

export function viewJson(view: ServerView): Readonly<Record<string, unknown>> {
  const figures = view.figures.map(
    ({ key, name, dashboard, panel, unit, value, level, course, reason }) =>
      [key, { name, dashboard, panel, unit, value, level, course, reason }] as const,
  );
  const tallies = view.tallies.map(({ key, dashboard, panel, parts, reason }) => {
    const values = parts.map(({ name, value }) => ({ name, value }));
    return [key, { dashboard, panel, parts: values, reason }] as const;
  });
  const lists = view.lists.map((list) => [list.key, listJson(list)] as const);
  return {
    server: view.server,
    isUp: view.isUp,
    time: instant(view.atSeconds),
    facts: Object.fromEntries(view.facts.map(({ key, text }) => [key, text])),
    figures: Object.fromEntries(figures),
    tallies: Object.fromEntries(tallies),
    lists: Object.fromEntries(lists),
  };
}

export function fleetJson({ list, atSeconds }: FleetView): Readonly<Record<string, unknown>> {
  return { server: null, time: instant(atSeconds), lists: { [list.key]: listJson(list) } };
}
