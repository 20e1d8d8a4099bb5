/** Fills in the templates of alerts' texts as Prometheus does, as far as the catalogue uses them. Pure. */

export interface TextValues {
  readonly labels: Readonly<Record<string, string>>;
  /** Null when nobody knows it any more. */
  readonly value: number | null;
}

const SI = ['', 'k', 'M', 'G', 'T', 'P'];
const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi'];

/** Go's `%.4g`. */
function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function scaled(value: number, base: number, prefixes: readonly string[]): string {
  if (!Number.isFinite(value) || Math.abs(value) < 1) return short(value);
  const power = Math.min(prefixes.length - 1, Math.floor(Math.log(Math.abs(value)) / Math.log(base) + 1e-9));
  return `${short(value / base ** power)}${prefixes[power] ?? ''}`;
}

function duration(value: number): string {
  if (!Number.isFinite(value) || Math.abs(value) < 60)
    return Math.abs(value) >= 1 || value === 0 ? `${short(value)}s` : `${short(value * 1000)}ms`;
  const seconds = Math.floor(Math.abs(value));
  const [d, h, m, s] = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
    seconds % 60,
  ];
  const parts =
    d > 0 ? [`${d}d`, `${h}h`, `${m}m`, `${s}s`] : h > 0 ? [`${h}h`, `${m}m`, `${s}s`] : [`${m}m`, `${s}s`];
  return `${value < 0 ? '-' : ''}${parts.join(' ')}`;
}

const FUNCTIONS: Readonly<Record<string, (value: number) => string>> = {
  humanize: (value) => scaled(value, 1000, SI),
  humanize1024: (value) => scaled(value, 1024, BINARY),
  humanizePercentage: (value) => `${short(value * 100)}%`,
  humanizeDuration: duration,
};

function expandOne(inside: string, { labels, value }: TextValues): string | null {
  const label = /^\$labels\.(\w+)$/.exec(inside)?.[1];
  if (label !== undefined) return labels[label] ?? '';
  if (value === null) return null;
  if (inside === 'printf "%.0f" $value') return value.toFixed(0);
  const match = /^\$value(?:\s*\|\s*(\w+))?$/.exec(inside);
  if (match === null) return null;
  const name = match[1];
  return name === undefined ? short(value) : (FUNCTIONS[name]?.(value) ?? null);
}

const WITH_QUERY = /\{\{ with query \([\s\S]*?\) \}\}[\s\S]*?\{\{ end \}\}/g;
const WITH_LABEL = /\{\{ with \$labels\.(\w+) \}\}([\s\S]*?)\{\{ end \}\}/g;
const IF_VALUE = /\{\{ if eq \$value ([\d.]+) \}\}([\s\S]*?)\{\{ else \}\}([\s\S]*?)\{\{ end \}\}/g;

/** Blocks become plain text; what a query would add is left out, it says more than is needed. */
function withoutBlocks(template: string, { labels, value }: TextValues): string {
  return template
    .replace(WITH_QUERY, '')
    .replace(WITH_LABEL, (_, name: string, body: string) =>
      (labels[name] ?? '') === '' ? '' : body.replace('{{ . }}', `{{ $labels.${name} }}`),
    )
    .replace(IF_VALUE, (whole, wanted: string, yes: string, no: string) => {
      if (value === null) return whole;
      return value === Number(wanted) ? yes : no;
    });
}

/** The text with every placeholder filled in; null when one of them cannot be. */
export function expandText(template: string, values: TextValues): string | null {
  let isWhole = true;
  const text = withoutBlocks(template, values).replace(
    /\{\{-?\s*([\s\S]*?)\s*-?\}\}/g,
    (_, inside: string) => {
      const part = expandOne(inside, values);
      if (part === null) isWhole = false;
      return part ?? '';
    },
  );
  return isWhole ? text : null;
}
