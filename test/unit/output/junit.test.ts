/** JUnit XML stays well-formed whatever the details hold. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeXml, formatJunit } from '../../../src/output/junit.ts';
import type { CheckResult } from '../../../src/verify/check-result.ts';

const base: CheckResult = {
  id: 'exporter/db',
  hop: 'exporter',
  subject: 'db',
  status: 'pass',
  detail: 'fine',
  hint: null,
  durationMs: 1234,
};

describe('formatJunit', () => {
  test('counts failures and skips and writes one case per result', () => {
    const skipped: CheckResult = {
      ...base,
      hop: 'grafana',
      subject: 'grafana',
      status: 'skip',
      detail: 'no Grafana',
    };
    const failed: CheckResult = {
      ...base,
      subject: 'other',
      status: 'fail',
      detail: 'refused',
      hint: 'start it',
    };
    const xml = formatJunit('demo', [base, skipped, failed], 2500);
    expect(xml).toContain(
      '<testsuite name="demo" tests="3" failures="1" errors="0" skipped="1" time="2.500">',
    );
    expect(xml).toContain('<testcase classname="exporter" name="db" time="1.234">');
    expect(xml).toContain('<skipped message="no Grafana"/>');
    expect(xml).toContain('<failure message="refused">refused (hint: start it)</failure>');
  });

  test('hostile text cannot leave its place', () => {
    const hostile = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(hostile, hostile, (subject, detail) => {
        const xml = formatJunit('demo', [{ ...base, subject, detail, status: 'fail' }], 1);
        expect(xml.match(/<testcase /g)).toHaveLength(1);
        expect(xml.match(/<failure /g)).toHaveLength(1);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly those that XML 1.0 forbids
        expect(xml).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
      }),
    );
  });

  test('escapes markup, keeps line breaks as references and replaces what XML cannot hold', () => {
    expect(escapeXml(`<a b="c'&">\n\u0000\ud800😀`)).toBe(
      '&lt;a b=&quot;c&apos;&amp;&quot;&gt;&#10;\ufffd\ufffd😀',
    );
  });
});
