import { describe, expect, it } from 'vitest';
import { GENERATED_MARK, RENDERED_DIRS, SERVICE_NAMES } from '../../../src/conventions.ts';
import { isGenerated } from '../../../src/plan/file-changes.ts';
import { createFullStack } from '../../support/full-stack-fixture.ts';
import { allFiles, renderForTest, secretValuesForTest, textOf } from '../../support/rendering.ts';
import { createServer, createStack } from '../../support/stack-fixture.ts';

describe('renderStack', () => {
  const rendered = renderForTest(createFullStack());

  it('renders the same bytes for the same stack', () => {
    expect(allFiles(renderForTest(createFullStack()))).toEqual(allFiles(rendered));
  });

  it('marks every plain file as its own in the first line', () => {
    expect(rendered.files.filter((file) => !isGenerated(file.content))).toEqual([]);
  });

  it('keeps a spec name with line breaks on the header line', () => {
    const { files } = renderForTest(createFullStack({ specName: 'a.yaml\nservices: {}\n' }));
    for (const file of files) {
      expect(file.content.split('\n')[0]).toContain(
        `${GENERATED_MARK} 0.0.0-test from a.yaml?services: {}?.`,
      );
    }
  });

  it('ends every file with one line feed and uses no carriage return', () => {
    for (const { path, content } of rendered.files) {
      expect(content, path).toMatch(/[^\n]\n$/);
      expect(content, path).not.toContain('\r');
    }
  });

  it('sorts files by path and puts them only where old ones are looked for', () => {
    const paths = rendered.files.map((file) => file.path);
    expect(paths).toEqual(paths.toSorted());
    const elsewhere = paths.filter((path) => !RENDERED_DIRS.some((dir) => path.startsWith(`${dir}/`)));
    expect(elsewhere).toEqual(['docker-compose.yml']);
  });

  it('writes no secret value into a plain file or a service', () => {
    const values = [...secretValuesForTest(rendered).values()];
    const text = JSON.stringify([rendered.files, rendered.services]);
    expect(values.length).toBeGreaterThan(15);
    expect(values.filter((value) => text.includes(value))).toEqual([]);
  });

  it('names every secret that a secret file reads', () => {
    for (const file of rendered.secretFiles) {
      const only = new Map(file.secrets.map((id) => [id, 'x']));
      expect(() => file.render(only), file.path).not.toThrow();
    }
  });

  it('lists every secret file once', () => {
    const paths = rendered.secretFiles.map((file) => file.path);
    expect(paths).toEqual([...new Set(paths)].toSorted());
  });

  it('makes all services in a fixed order and their volumes', () => {
    expect(rendered.services.map((service) => service.name)).toEqual([...SERVICE_NAMES]);
    expect(rendered.volumes).toEqual([
      'alertmanager-data',
      'grafana-data',
      'postgres-data',
      'prometheus-data',
    ]);
  });

  it('leaves out what the stack does not have', () => {
    const small = renderForTest(
      createStack({
        servers: [createServer()],
        postgres: null,
        alertmanager: null,
        nodeExporter: null,
        sqlExporter: null,
        grafana: null,
      }),
    );
    expect(small.services.map((service) => service.name)).toEqual([
      'postgres-exporter',
      'postgres-exporter-slow',
      'prometheus',
    ]);
    expect(small.files.map((file) => file.path.split('/')[0])).not.toContain('grafana');
    expect(textOf(small, 'prometheus/prometheus.yml')).not.toContain('alertmanager');
  });

  it('renders a stack without servers', () => {
    const text = textOf(
      renderForTest(createStack({ servers: [], postgres: null })),
      'prometheus/targets/postgresql.yml',
    );
    expect(text.split('\n').slice(1)).toEqual(['[]', '']);
  });

  it('renders 10,000 servers in about linear time', () => {
    const manyServers = (count: number) =>
      createStack({
        servers: Array.from({ length: count }, (_, i) => createServer({ name: `db-${i}`, host: `db-${i}` })),
      });
    const small = manyServers(1000);
    const large = manyServers(10_000);
    const measure = (stack: typeof small): number => {
      const start = performance.now();
      allFiles(renderForTest(stack));
      return performance.now() - start;
    };
    measure(small);
    // In turns, and the best of each: other load on the machine slows down both, and never makes one look quicker.
    const rounds = Array.from({ length: 3 }, () => [measure(small), measure(large)] as const);
    const best = (index: 0 | 1) => Math.min(...rounds.map((round) => round[index]));
    // Ten times as much: about 10 when linear, 100 when quadratic.
    expect(best(1) / best(0)).toBeLessThan(35);
  }, 60_000);
});
