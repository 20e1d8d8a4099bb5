/** Figures of panels as a person reads them, in the unit that the panel names. Used wherever panels are shown without Grafana. */
import type { Unit } from '../catalog/dashboards/panel.ts';
import { assertNever } from '../errors.ts';

interface Scale {
  readonly factor: number;
  readonly suffix: string;
}

const scales = (base: number, suffixes: readonly string[]): readonly Scale[] =>
  suffixes.map((suffix, i) => ({ factor: base ** i, suffix }));

const COUNTS = scales(1000, ['', ' k', ' M', ' G', ' T']);
const BYTES = scales(1024, [' B', ' KiB', ' MiB', ' GiB', ' TiB', ' PiB']);
const BYTES_PER_SECOND = scales(1000, [' B/s', ' kB/s', ' MB/s', ' GB/s', ' TB/s']);
const SPANS: readonly Scale[] = [
  { factor: 1e-6, suffix: ' µs' },
  { factor: 1e-3, suffix: ' ms' },
  { factor: 1, suffix: ' s' },
  { factor: 60, suffix: ' min' },
  { factor: 3600, suffix: ' h' },
  { factor: 86_400, suffix: ' d' },
];

/** Three digits that count, at most two of them after the point; small figures keep two that count. */
function usualDecimals(value: number): number {
  const size = Math.abs(value);
  if (size === 0 || Number.isInteger(value) || size >= 100) return 0;
  if (size >= 10) return 1;
  if (size >= 0.1) return 2;
  return Math.min(6, 1 - Math.floor(Math.log10(size)));
}

function digits(value: number, decimals: number | undefined): string {
  const text = value.toFixed(decimals ?? usualDecimals(value));
  const trimmed = decimals === undefined && text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  return /^-0(?:\.0+)?$/.test(trimmed) ? trimmed.slice(1) : trimmed;
}

/** The greatest scale of which there is at least one; none of the value is lost below the smallest. */
function scaled(value: number, all: readonly Scale[], decimals: number | undefined): string {
  const size = Math.abs(value);
  const unscaled = all.find(({ factor }) => factor === 1) ?? { factor: 1, suffix: '' };
  const fitting = size === 0 ? unscaled : (all.filter(({ factor }) => size >= factor).at(-1) ?? all[0]);
  const { factor, suffix } = fitting ?? unscaled;
  return `${digits(value / factor, decimals)}${suffix}`;
}

const LEAST_SHARE = 0.0001;

/** Below a hundredth of a percent the digits say nothing more, but it is not nothing. */
function share(value: number, decimals: number | undefined): string {
  if (value > 0 && value < LEAST_SHARE) return '<0.01%';
  return `${digits(value * 100, decimals)}%`;
}

/** `2026-01-31 12:00:00 UTC`. */
function instant(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? '' : `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/**
 * The figure with its unit: `97.3%`, `1.25 GiB`, `12.5 ms`, `3.2 k/s`, `yes`. `decimals` are those of the panel; without them as
 * many as a person wants. An infinite value is `infinite`.
 */
export function formatValue(value: number, unit: Unit, decimals?: number): string {
  if (Number.isNaN(value)) return 'no data';
  if (!Number.isFinite(value)) return value > 0 ? 'infinite' : '-infinite';
  switch (unit) {
    case 'none':
      return digits(value, decimals);
    case 'short':
      return scaled(value, COUNTS, Math.abs(value) < 1000 ? decimals : undefined);
    case 'percentunit':
      return share(value, decimals);
    case 's':
      return scaled(value, SPANS, decimals);
    case 'bytes':
      return scaled(value, BYTES, decimals);
    case 'Bps':
      return scaled(value, BYTES_PER_SECOND, decimals);
    case 'tps':
    case 'reqps':
    case 'rowsps':
    case 'iops':
      return `${scaled(value, COUNTS, decimals)}/s`;
    case 'bool_yes_no':
      return value === 0 ? 'no' : 'yes';
    case 'dateTimeAsIso':
      return instant(value);
    default:
      return assertNever(unit);
  }
}
