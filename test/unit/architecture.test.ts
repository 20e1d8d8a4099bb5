/** Keeps the import table of ARCHITECTURE.md true. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const SRC = path.resolve(import.meta.dirname, '../../src');
const MAX_LINES = 250;

/** Folders whose modules are pure: same input, same output. */
const PURE = ['spec', 'render', 'plan', 'stack', 'catalog', 'grafana-json'];

/** Libraries that only one place may import; a path ending in / is a folder. */
const CONFINED: Readonly<Record<string, readonly string[]>> = {
  chalk: ['output/'],
  'ansi-escapes': ['output/'],
  'string-width': ['output/'],
  execa: ['host/'],
  inquirer: ['host/'],
  dockerode: ['providers/docker/'],
  commander: ['cli.ts', 'cli/'],
  zod: ['spec/', 'images/'],
  handlebars: ['render/'],
  pg: ['host/'],
  '@grafana/grafana-foundation-sdk': ['grafana-json/'],
  echarts: ['report/'],
  '@prometheus-io/lezer-promql': ['verify/promql/'],
  '@lezer/common': ['verify/promql/'],
  yaml: ['spec/', 'render/', 'verify/', 'images/', 'commands/'],
};

/** Folder -> folders of src it may import besides itself; top-level files are open to all. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  stack: ['catalog'],
  catalog: [],
  spec: ['stack', 'catalog'],
  render: ['stack', 'catalog', 'spec'],
  plan: ['stack', 'catalog', 'spec', 'render', 'providers/provider.ts'],
  apply: ['stack', 'catalog', 'plan', 'host', 'output/reporter.ts', 'providers/provider.ts'],
  providers: ['stack', 'catalog', 'host', 'plan'],
  verify: ['stack', 'catalog', 'host', 'output/reporter.ts', 'providers/provider.ts'],
  images: [
    'stack',
    'catalog',
    'host',
    'output/reporter.ts',
    'providers/provider.ts',
    'providers/image-store.ts',
  ],
  panels: ['stack', 'catalog', 'verify'],
  dashboards: ['stack', 'catalog', 'host'],
  top: ['catalog', 'panels', 'output'],
  // For scripts and tests: the CLI reads what they made of it.
  'grafana-json': ['catalog'],
  report: ['catalog', 'panels', 'render'],
  host: ['stack'],
  output: ['host/host.ts', 'spec/issues.ts'],
  // A program of its own, for a container.
  'sql-exporter': ['catalog', 'stack', 'host/postgres-session.ts'],
};

interface SourceModule {
  /** Relative to src/, with `/`. */
  readonly file: string;
  readonly folder: string;
  readonly text: string;
  /** As written, static, dynamic and type-only. */
  readonly imports: readonly {
    readonly name: string;
    readonly clause: string;
    readonly isTypeOnly: boolean;
  }[];
}

function readModule(file: string): SourceModule {
  const text = readFileSync(path.join(SRC, file), 'utf8');
  const fixed = [...text.matchAll(/^(?:import|export)\s+(type\s+)?([^;'"=]*?)\s*(?:from\s+)?'([^']+)'/gm)];
  const lazy = [...text.matchAll(/\bimport\('([^']+)'\)/g)];
  const imports = [
    ...fixed.map((match) => ({
      name: match[3] ?? '',
      clause: match[2] ?? '',
      isTypeOnly: match[1] !== undefined,
    })),
    ...lazy.map((match) => ({ name: match[1] ?? '', clause: '*', isTypeOnly: false })),
  ];
  return { file, folder: file.includes('/') ? (file.split('/')[0] ?? '') : '', text, imports };
}

const modules = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .map((file) => file.split(path.sep).join('/'))
  .filter((file) => file.endsWith('.ts'))
  .map(readModule);

function insideSrc(module: Pick<SourceModule, 'file'>, name: string): string | null {
  return name.startsWith('.') ? path.posix.join(path.posix.dirname(module.file), name) : null;
}

function offences(find: (module: SourceModule) => readonly string[]): readonly string[] {
  return modules.flatMap((module) => find(module).map((what) => `${module.file} ${what}`));
}

describe('the import table', () => {
  it('finds the modules it judges', () => {
    expect(modules.length).toBeGreaterThan(50);
    expect(modules.flatMap((module) => module.imports).length).toBeGreaterThan(modules.length);
  });

  it('has a row in ARCHITECTURE.md for every folder', () => {
    const text = readFileSync(path.resolve(SRC, '../ARCHITECTURE.md'), 'utf8');
    const folders = [...new Set(modules.map(({ folder }) => folder))].filter((folder) => folder !== '');
    expect(folders.filter((folder) => !new RegExp(`^\\| [^|]*\`${folder}/\``, 'm').test(text))).toEqual([]);
  });

  it('keeps spec, render, plan, stack and catalog free of Node, host and providers', () => {
    const isAllowed = (name: string, clause: string) => name === 'node:crypto' && clause === '{ createHash }';
    const found = offences(({ folder, imports }) =>
      PURE.includes(folder)
        ? imports
            .filter(
              ({ name, clause }) =>
                name.startsWith('node:') && name !== 'node:path' && !isAllowed(name, clause),
            )
            .map(({ name }) => `imports ${name}`)
        : [],
    );
    expect(found).toEqual([]);
  });

  it('keeps clock and randomness out of the pure folders', () => {
    const found = offences(({ folder, text }) =>
      PURE.includes(folder) && /\bDate\.now\(|new Date\(\)|Math\.random\(|\bprocess\.\w/.test(text)
        ? ['is not pure']
        : [],
    );
    expect(found).toEqual([]);
  });

  it.each(Object.entries(MAY_IMPORT))('lets %s import only what its row says', (folder, allowed) => {
    const found = offences((module) => {
      if (module.folder !== folder) return [];
      return module.imports.flatMap(({ name }) => {
        const target = insideSrc(module, name);
        if (target === null || !target.includes('/') || target.startsWith(`${folder}/`)) return [];
        return allowed.some((part) => target === part || target.startsWith(`${part}/`))
          ? []
          : [`imports ${target}`];
      });
    });
    expect(found).toEqual([]);
  });

  it.each(Object.entries(CONFINED))('confines %s to %s', (library, places) => {
    const found = offences(({ file, imports }) =>
      imports
        .filter(({ name }) => name === library || name.startsWith(`${library}/`))
        .filter(
          () => !places.some((place) => (place.endsWith('/') ? file.startsWith(place) : file === place)),
        )
        .map(({ name }) => `imports ${name}`),
    );
    expect(found).toEqual([]);
  });

  it("keeps Grafana's SDK out of the command line: nothing imports grafana-json", () => {
    const found = offences(({ file, folder, imports }) =>
      folder === 'grafana-json'
        ? []
        : imports
            .filter(({ name }) => insideSrc({ file }, name)?.startsWith('grafana-json/') === true)
            .map(({ name }) => `imports ${name}`),
    );
    expect(found).toEqual([]);
  });

  it('leaves ending the process to bin/ and printing to output/', () => {
    const found = offences(({ file, text }) =>
      file !== 'sql-exporter/main.ts' && /\bprocess\.exit\(|\bconsole\./.test(text)
        ? ['exits or prints']
        : [],
    );
    expect(found).toEqual([]);
  });
});

describe('every source file', () => {
  it(`has at most ${MAX_LINES} lines`, () => {
    const found = offences(({ text }) => {
      const lines = text.split('\n').length - 1;
      return lines > MAX_LINES ? [`has ${lines} lines`] : [];
    });
    expect(found).toEqual([]);
  });

  it('opens with a comment that says what it is for', () => {
    expect(offences(({ text }) => (text.startsWith('/**') ? [] : ['has no header comment']))).toEqual([]);
  });

  it('exports by name', () => {
    expect(offences(({ text }) => (/^export default/m.test(text) ? ['has a default export'] : []))).toEqual(
      [],
    );
  });
});
