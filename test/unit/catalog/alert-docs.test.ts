/** docs/alerts.md is what the catalogue says. After a change of it: `npx vitest run --project unit alert-docs -u`. */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ALERT_NAMES, EVERY_ALERT } from '../../../src/catalog/alerts/every-alert.ts';
import { RECORDING_GROUPS } from '../../../src/catalog/recordings/all-recordings.ts';
import { formatAlertDocs } from '../../support/alert-docs.ts';
import { REAL_FAULTS } from '../../support/real-faults.ts';

const DOCS = path.resolve(import.meta.dirname, '../../../docs/alerts.md');

describe('docs/alerts.md', () => {
  it('is what the catalogue says', async () => {
    await expect(formatAlertDocs()).toMatchFileSnapshot(DOCS);
  });

  it('has a section for every alert and a line for every recording rule', () => {
    const text = formatAlertDocs();
    expect(ALERT_NAMES.filter((name) => !text.includes(`\n### ${name}\n`))).toEqual([]);
    const records = RECORDING_GROUPS.flatMap(({ rules }) => rules.map(({ record }) => record));
    expect(records.filter((record) => !text.includes(`| \`${record}\` |`))).toEqual([]);
  });

  it('names a proof for every alert', () => {
    expect(formatAlertDocs()).not.toContain('- Proof: none');
  });

  it('names real faults of alerts that exist only', () => {
    expect(REAL_FAULTS.filter(({ alert }) => !ALERT_NAMES.includes(alert))).toEqual([]);
  });

  it('leaves no template language in its texts', () => {
    expect(formatAlertDocs()).not.toMatch(/\{\{|<limit>/);
  });
});

describe('the catalogue', () => {
  it('names each alert once, PostgreSQL first when it is about a server', () => {
    expect(new Set(ALERT_NAMES).size).toBe(ALERT_NAMES.length);
    const servers = EVERY_ALERT.filter(({ alert }) => alert.scope === 'server').map(
      ({ alert }) => alert.name,
    );
    expect(servers.filter((name) => !name.startsWith('PostgreSQL'))).toEqual([]);
    expect(ALERT_NAMES.filter((name) => !/^[A-Z][A-Za-z0-9]+$/.test(name))).toEqual([]);
  });

  it('uses <limit> exactly in the alerts that have a threshold', () => {
    const wrong = EVERY_ALERT.filter(
      ({ alert }) => alert.expr.includes('<limit>') !== (alert.threshold !== null),
    );
    expect(wrong.map(({ alert }) => alert.name)).toEqual([]);
    const lost = EVERY_ALERT.filter(
      ({ alert }) => alert.threshold === null && `${alert.summary}${alert.description}`.includes('<limit>'),
    );
    expect(lost.map(({ alert }) => alert.name)).toEqual([]);
  });

  it('names the server in the summary of every alert about one', () => {
    const silent = EVERY_ALERT.filter(
      ({ alert }) => alert.scope === 'server' && !alert.summary.includes('$labels.instance'),
    );
    expect(silent.map(({ alert }) => alert.name)).toEqual([]);
  });

  it('names records `level:metric:operations`, each once in its group', () => {
    for (const { rules } of RECORDING_GROUPS) {
      const names = rules.map(({ record }) => record);
      expect(names.filter((name) => !/^[a-z_]+:[A-Za-z0-9_]+:[a-z0-9_]+$/.test(name))).toEqual([]);
      expect(new Set(names).size).toBe(names.length);
    }
  });
});
