/** Check results as JUnit XML, for CI systems that show it. */

/** One test case; a CheckResult of verify/ fits. */
export interface JunitCase {
  readonly hop: string;
  readonly subject: string;
  readonly status: 'pass' | 'fail' | 'skip';
  readonly detail: string;
  readonly hint: string | null;
  readonly durationMs: number;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Text for an attribute or element; what XML 1.0 cannot hold (control characters, lone surrogates) becomes U+FFFD. */
export function escapeXml(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\u{FFFD}')
    .replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
    .replaceAll(/[\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}

const seconds = (ms: number) => (ms / 1000).toFixed(3);

function formatCase(result: JunitCase): string {
  const { hop, subject, status, detail, hint, durationMs } = result;
  const open = `    <testcase classname="${escapeXml(hop)}" name="${escapeXml(subject)}" time="${seconds(durationMs)}"`;
  switch (status) {
    case 'pass':
      return `${open}>\n      <system-out>${escapeXml(detail)}</system-out>\n    </testcase>`;
    case 'skip':
      return `${open}>\n      <skipped message="${escapeXml(detail)}"/>\n    </testcase>`;
    case 'fail': {
      const body = hint === null ? detail : `${detail} (hint: ${hint})`;
      return `${open}>\n      <failure message="${escapeXml(detail)}">${escapeXml(body)}</failure>\n    </testcase>`;
    }
  }
}

/** One test suite for the stack, one test case per result. `totalMs` is the time of the whole run. */
export function formatJunit(stackName: string, results: readonly JunitCase[], totalMs: number): string {
  const count = (status: JunitCase['status']) => results.filter((result) => result.status === status).length;
  const totals = `tests="${results.length}" failures="${count('fail')}" errors="0" skipped="${count('skip')}" time="${seconds(totalMs)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="pgmon check" ${totals}>`,
    `  <testsuite name="${escapeXml(stackName)}" ${totals}>`,
    ...results.map(formatCase),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}
