/** A threshold as PromQL and as words. */
import type { Unit } from './alerts/alert.ts';

function trimmed(value: number): string {
  return String(Number(value.toPrecision(12)));
}

/** The number that stands in the expression. */
export function limitExpression(value: number, unit: Unit): string {
  return trimmed(unit === 'percent' ? value / 100 : value);
}

function seconds(value: number): string {
  if (value >= 86_400 && value % 86_400 === 0) return `${value / 86_400} d`;
  if (value >= 3600 && value % 3600 === 0) return `${value / 3600} h`;
  if (value >= 60 && value % 60 === 0) return `${value / 60} min`;
  return `${trimmed(value)} s`;
}

function bytes(value: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  const exponent = value < 1024 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(value) / 10));
  return `${trimmed(Number((value / 1024 ** exponent).toFixed(2)))} ${units[exponent]}`;
}

/** The threshold as a person reads it: `80 %`, `5 min`, `10 GiB`. */
export function limitText(value: number, unit: Unit): string {
  switch (unit) {
    case 'percent':
      return `${trimmed(value)} %`;
    case 'seconds':
      return seconds(value);
    case 'bytes':
      return bytes(value);
    case 'factor':
      return `${trimmed(value)} times`;
    case 'count':
      return trimmed(value);
  }
}
