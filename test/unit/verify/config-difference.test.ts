/** When a running configuration counts as the rendered one. */
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { configDifference } from '../../../src/verify/config-difference.ts';

const rendered = parse(`
global: {scrape_interval: 90s, external_labels: {team: 'a$$b'}}
rule_files: [rules/*.yml]
scrape_configs:
  - job_name: db
    honor_labels: false
    file_sd_configs: [{files: [targets/db.yml]}]
    basic_auth: {username: u, password_file: /run/secrets/p}
`);
const running = parse(`
global: {scrape_interval: 1m30s, scrape_timeout: 10s, external_labels: {team: 'a$b'}}
runtime: {gogc: 75}
rule_files: [/etc/prometheus/rules/*.yml]
scrape_configs:
  - job_name: db
    scheme: http
    file_sd_configs: [{files: [/etc/prometheus/targets/db.yml], refresh_interval: 5m}]
    basic_auth: {username: u, password_file: /run/secrets/p}
`);
const changed = (change: (config: typeof running) => void) => {
  const copy = structuredClone(running);
  change(copy);
  return configDifference(rendered, copy);
};

describe('configDifference', () => {
  test('sees none when only defaults, spans, paths and escapes are written in another way', () => {
    expect(configDifference(rendered, running)).toBeNull();
  });
  test('names the changed value', () => {
    expect(
      changed((config) => {
        config.global.scrape_interval = '15s';
      }),
    ).toBe('global.scrape_interval');
  });
  test('names a missing part', () => {
    expect(
      changed((config) => {
        delete config.scrape_configs[0].basic_auth;
      }),
    ).toBe('scrape_configs[0].basic_auth');
  });
  test('names a scrape config that was not rendered', () => {
    expect(
      changed((config) => {
        config.scrape_configs.push({ job_name: 'other' });
      }),
    ).toBe('scrape_configs[1]');
  });
  test('names a file that only looks alike', () => {
    expect(
      changed((config) => {
        config.rule_files = ['/etc/prometheus/other-rules/*.yml'];
      }),
    ).toBe('rule_files[0]');
  });
  test('takes a masked secret for the rendered one', () => {
    expect(configDifference({ url: 'http://x' }, { url: '<secret>' })).toBeNull();
  });
  test('takes sizes written in either unit name as equal', () => {
    expect(configDifference({ size: '50GB' }, { size: '50GiB' })).toBeNull();
    expect(configDifference({ size: '50GB' }, { size: '51GiB' })).toBe('size');
  });
  test('sees a configuration that is not there at all', () => {
    expect(configDifference(rendered, null)).toBe('');
  });
});
