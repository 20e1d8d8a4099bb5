import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { layoutOf } from '../../../src/render/layout.ts';
import type { Native } from '../../../src/stack/native.ts';
import type { Stack } from '../../../src/stack/stack.ts';
import { renderForTest, serviceOf, textOf } from '../../support/rendering.ts';
import { createNativeStack, createServer } from '../../support/stack-fixture.ts';

const native = createNativeStack().native as Native;

describe("Grafana's home", () => {
  const homeOf = (path: string) => {
    const program = native.programs.grafana;
    if (program === undefined) throw new Error('the stack has no Grafana');
    const programs = { ...native.programs, grafana: { ...program, path } };
    return serviceOf(renderForTest(createNativeStack({ native: { ...native, programs } })), 'grafana')
      .command;
  };

  it.each([
    ['/opt/pgmon/grafana-12.4.2/bin/grafana', '/opt/pgmon/grafana-12.4.2'],
    ['/usr/share/grafana/bin/grafana', '/usr/share/grafana'],
    ['/usr/sbin/grafana', '/usr/share/grafana'],
    ['/usr/bin/grafana', '/usr/share/grafana'],
    ['/usr/local/bin/grafana', '/usr/share/grafana'],
  ])('of %s is %s', (program, home) => {
    expect(homeOf(program)).toEqual(['server', '--homepath', home]);
  });
});

describe('addresses', () => {
  const listening = (address: string): Stack =>
    createNativeStack({
      native: { ...native, listen: { ...native.listen, prometheus: { address, port: 9190 } } },
    });

  it.each([
    ['0.0.0.0', '0.0.0.0:9190', '127.0.0.1:9190'],
    ['::', '[::]:9190', '[::1]:9190'],
    ['10.0.0.5', '10.0.0.5:9190', '10.0.0.5:9190'],
    ['2001:db8::5', '[2001:db8::5]:9190', '[2001:db8::5]:9190'],
  ])('of a program that listens on %s', (address, listen, asked) => {
    const rendered = renderForTest(listening(address));
    expect(serviceOf(rendered, 'prometheus').command).toContain(`--web.listen-address=${listen}`);
    const config = parse(textOf(rendered, 'prometheus/prometheus.yml'));
    expect(config.scrape_configs[0].static_configs[0].targets).toEqual([asked]);
    const data = parse(textOf(rendered, 'grafana/provisioning/datasources/pgmon.yml'));
    expect(data.datasources[0].url).toBe(`http://${asked}`);
    expect(layoutOf(listening(address)).address('prometheus')).toBe(asked);
  });
});

describe('a server on a Unix socket', () => {
  const targetsOf = (change: Parameters<typeof createServer>[0]) => {
    const servers = [
      createServer({ host: '/s', scrapeHost: '/var/run/postgresql', password: null, ...change }),
    ];
    return parse(textOf(renderForTest(createNativeStack({ servers })), 'prometheus/targets/postgresql.yml'));
  };

  it('is a target without a host, with the directory among the parameters', () => {
    expect(targetsOf({ database: 'app' })[0].targets).toEqual(['/app?host=/var/run/postgresql&port=5432']);
    expect(targetsOf({ database: 'app' })[0].labels.instance).toBe('orders');
  });

  it('may have any database and directory', () => {
    const [target] = targetsOf({ database: 'a?b/c', scrapeHost: '/srv/my sockets&x' })[0].targets;
    expect(target).toBe('/a%3Fb%2Fc?host=/srv/my%20sockets%26x&port=5432');
  });
});
