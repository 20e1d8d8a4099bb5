/** Reads samples from Prometheus' text format, as much of it as the checks need. */

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const LINE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+\S+)?$/;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/g;
const ESCAPES: Readonly<Record<string, string>> = { '\\n': '\n', '\\"': '"', '\\\\': '\\' };

function unescapeLabel(text: string): string {
  return text.replaceAll(/\\[n"\\]/g, (match) => ESCAPES[match] ?? match);
}

function parseLabels(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...text.matchAll(LABEL)].map(([, name, value]) => [name, unescapeLabel(value ?? '')]),
  );
}

/** The samples whose metric has one of these names, in the order of the text. */
export function samplesOf(text: string, names: readonly string[]): readonly Sample[] {
  const wanted = new Set(names);
  const samples: Sample[] = [];
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const [, name, labels, value] = LINE.exec(line.trim()) ?? [];
    if (name !== undefined && wanted.has(name)) {
      samples.push({ name, labels: parseLabels(labels ?? ''), value: Number(value) });
    }
  }
  return samples;
}

/** Value of a metric without labels; null when it is not there. */
export function sampleValue(samples: readonly Sample[], name: string): number | null {
  return samples.find((sample) => sample.name === name)?.value ?? null;
}
