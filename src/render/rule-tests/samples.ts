/** The samples of one simulated series in promtool's compact notation. */
import type { SimulatedSeries } from '../../catalog/proofs/proof.ts';

/** A stretch of time in which a gauge keeps its value, a counter its growth per minute and a clock its error; null = no samples. */
export interface Stretch {
  readonly value: number | null;
  readonly samples: number;
}

/** A long life before the test begins, in minutes: counters do not start at zero. */
const PAST_MINUTES = 30 * 24 * 60;
const SECONDS_PER_MINUTE = 60;

/** A number without an exponent, which promtool's notation does not take next to `x`. */
function plain(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Inf' : '-Inf';
  return Number.isInteger(value) ? BigInt(value).toString() : value.toFixed(12).replace(/0+$/, '');
}

function repeated(value: number, samples: number): string {
  const text = plain(value);
  // Words cannot be followed by a repetition.
  return Number.isFinite(value) ? `${text}x${samples - 1}` : Array(samples).fill(text).join(' ');
}

function gap(samples: number, isFirst: boolean): string {
  const rest = isFirst ? samples : samples - 1;
  return `${isFirst ? '' : 'stale'}${rest > 0 ? ` _x${rest}` : ''}`.trim();
}

/** Where a counter stands at the start of the test: what a month at this growth would have made, or zero. */
export function counterStart({ kind, value }: SimulatedSeries): number {
  return kind === 'counter' && value !== null && Number.isFinite(value) ? value * PAST_MINUTES : 0;
}

/** `0+25x59 1475+50x9`: every stretch in turn. A series that ends is marked stale, as a scrape without it would. */
export function sampleNotation(
  kind: SimulatedSeries['kind'],
  stretches: readonly Stretch[],
  { start, stepSeconds }: { readonly start: number; readonly stepSeconds: number },
): string {
  let count = start;
  let seconds = 0;
  let wasThere = false;
  const parts = stretches
    .filter(({ samples }) => samples > 0)
    .map(({ value, samples }) => {
      const begin = seconds;
      seconds += samples * stepSeconds;
      if (value === null) {
        const text = gap(samples, !wasThere);
        wasThere = false;
        return text;
      }
      wasThere = true;
      if (kind === 'gauge') return repeated(value, samples);
      if (kind === 'clock') return `${plain(begin + value)}+${stepSeconds}x${samples - 1}`;
      const growth = (value * stepSeconds) / SECONDS_PER_MINUTE;
      const first = count;
      count += growth * samples;
      return `${plain(first)}${growth < 0 ? '-' : '+'}${plain(Math.abs(growth))}x${samples - 1}`;
    });
  return parts.join(' ');
}
