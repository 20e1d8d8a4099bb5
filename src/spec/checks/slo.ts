/** Objectives that cannot be kept count of: windows that are no whole days, alerts that could never fire, missing figures. */
import { lowestPagedObjective } from '../../catalog/slo/burn-rates.ts';
import { type Problem, problem } from '../document.ts';
import type { Spec } from '../schema/spec.ts';
import { durationSeconds } from '../units.ts';
import type { SpecPath } from '../yaml-tree.ts';

type SloSpec = NonNullable<Spec['slo']>;

const DAY = 86_400;
const MAX_DAYS = 90;

function findWindowProblems({ window }: SloSpec, path: SpecPath, { retention }: Spec): readonly Problem[] {
  const seconds = durationSeconds(window) ?? 0;
  const place = [...path, 'window'];
  if (seconds % DAY !== 0 || seconds < DAY || seconds > MAX_DAYS * DAY) {
    return [problem(place, `must be whole days from 1d to ${MAX_DAYS}d, is ${window}`)];
  }
  const kept = retention.time === 'none' ? null : durationSeconds(retention.time);
  if (kept === null || kept >= seconds) return [];
  return [
    problem(place, `is ${window}, longer than samples are kept (\`retention.time\` is ${retention.time})`),
  ];
}

function findObjectiveProblems(slo: SloSpec, path: SpecPath): readonly Problem[] {
  const lowest = lowestPagedObjective((durationSeconds(slo.window) ?? 0) / DAY);
  const check = (key: 'availability' | 'fastCalls'): readonly Problem[] =>
    slo[key] > lowest
      ? []
      : [
          problem(
            [...path, key],
            `must be above ${lowest.toFixed(2)} for a window of ${slo.window}, is ${slo[key]}: with so large a budget not even a total failure would page`,
          ),
        ];
  return [...check('availability'), ...(slo.queryLatencyMs === undefined ? [] : check('fastCalls'))];
}

function findLatencyProblems(slo: SloSpec, path: SpecPath, spec: Spec): readonly Problem[] {
  const isOff = spec.postgresExporter.collectors.disable.includes('stat_statements');
  if (slo.queryLatencyMs === undefined || !isOff) return [];
  const place = [...path, 'queryLatencyMs'];
  return [problem(place, 'needs the collector `stat_statements`, which `postgresExporter` turns off')];
}

/** Problems of `slo`, for all servers and for each. */
export function findSloProblems(spec: Spec): readonly Problem[] {
  const all: readonly (readonly [SloSpec | undefined, SpecPath])[] = [
    [spec.slo, ['slo']],
    ...spec.servers.map(({ slo }, i): readonly [SloSpec | undefined, SpecPath] => [
      slo,
      ['servers', i, 'slo'],
    ]),
  ];
  return all.flatMap(([slo, path]) => {
    if (slo === undefined) return [];
    const windowProblems = findWindowProblems(slo, path, spec);
    // Burn rates follow from the window: with a bad one they would only be blamed for it.
    const objectives = windowProblems.length > 0 ? [] : findObjectiveProblems(slo, path);
    return [...windowProblems, ...objectives, ...findLatencyProblems(slo, path, spec)];
  });
}
