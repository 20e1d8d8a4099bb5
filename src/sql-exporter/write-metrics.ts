/** Prometheus' text format. */

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: 'gauge' | 'counter';
  readonly samples: readonly Sample[];
}

const LONE_SURROGATE = /\p{Surrogate}/gu;

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function escapeLabel(value: string): string {
  return escapeHelp(value.replace(LONE_SURROGATE, '\ufffd')).replaceAll('"', '\\"');
}

function formatNumber(value: number): string {
  if (Number.isFinite(value) || Number.isNaN(value)) return String(value);
  return value > 0 ? '+Inf' : '-Inf';
}

/** `{a="x",b="y"}`; labels without a value are left out, as Prometheus takes both for the same. */
export function formatLabels(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).filter(([, value]) => value !== '');
  return pairs.length === 0
    ? ''
    : `{${pairs.map(([name, value]) => `${name}="${escapeLabel(value)}"`).join(',')}}`;
}

function formatFamily({ name, help, type, samples }: Family): string {
  const lines = samples.map(({ labels, value }) => `${name}${formatLabels(labels)} ${formatNumber(value)}\n`);
  return `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

/** The page for a scrape. Families of one name are joined under one head; those without samples are left out. */
export function writeMetrics(families: readonly Family[]): string {
  const joined = new Map<string, Family>();
  for (const family of families) {
    const earlier = joined.get(family.name);
    const samples = [...(earlier?.samples ?? []), ...family.samples];
    joined.set(family.name, { ...(earlier ?? family), samples });
  }
  return [...joined.values()]
    .filter(({ samples }) => samples.length > 0)
    .map(formatFamily)
    .join('');
}
