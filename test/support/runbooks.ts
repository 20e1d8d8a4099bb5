/** The runbook pages as data: their sections, and each piece of SQL with how it must be run; and the list of all. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { EVERY_ALERT } from '../../src/catalog/alerts/every-alert.ts';
import { FAMILY_TITLES } from './alert-docs.ts';
import { PACKAGE_DIR } from './stack-fixture.ts';

const DIRECTORY = path.join(PACKAGE_DIR, 'docs/runbooks');
export const RUNBOOK_INDEX = path.join(DIRECTORY, 'README.md');

export const RUNBOOK_SECTIONS = [
  'Meaning',
  'Impact',
  'Confirm',
  'Causes',
  'What to do',
  'When to ignore',
] as const;

export interface RunbookSql {
  readonly text: string;
  /** Who may run it: the monitoring role, or a superuser. */
  readonly user: 'pgmon' | 'postgres';
  readonly where: 'primary' | 'replica';
  /** Oldest PostgreSQL major that knows it. */
  readonly since: number;
}

export interface Runbook {
  readonly alert: string;
  readonly title: string;
  readonly sections: readonly string[];
  readonly sql: readonly RunbookSql[];
  readonly text: string;
}

/** Words after ```sql: `superuser`, `replica`, `since=14`. */
function readFence(words: string, text: string): RunbookSql {
  const flags = words.split(' ').filter((word) => word !== '');
  const unknown = flags.filter((flag) => !/^(superuser|replica|since=\d+)$/.test(flag));
  if (unknown.length > 0) throw new Error(`unknown words after \`\`\`sql: ${unknown.join(' ')}`);
  const since = flags.find((flag) => flag.startsWith('since='))?.slice('since='.length);
  return {
    text,
    user: flags.includes('superuser') ? 'postgres' : 'pgmon',
    where: flags.includes('replica') ? 'replica' : 'primary',
    since: Number(since ?? 13),
  };
}

export function readRunbook(alert: string, text: string): Runbook {
  return {
    alert,
    title: /^# (.+)$/m.exec(text)?.[1] ?? '',
    sections: [...text.matchAll(/^## (.+)$/gm)].map(([, name = '']) => name),
    sql: [...text.matchAll(/^```sql(.*)\n([\s\S]*?)^```$/gm)].map(([, words = '', body = '']) =>
      readFence(words, body),
    ),
    text,
  };
}

/** Every page, sorted by alert. */
export function readRunbooks(): readonly Runbook[] {
  return readdirSync(DIRECTORY)
    .filter((file) => file.endsWith('.md') && file !== 'README.md')
    .sort()
    .map((file) =>
      readRunbook(file.slice(0, -'.md'.length), readFileSync(path.join(DIRECTORY, file), 'utf8')),
    );
}

/** Of the section Meaning; empty when there is none. */
function firstSentence({ text }: Runbook): string {
  const meaning = /^## Meaning\n([\s\S]*?)^## /m.exec(text)?.[1]?.trim().replace(/\s+/g, ' ') ?? '';
  return /^.*?\.(?= |$)/.exec(meaning)?.[0] ?? meaning;
}

/** The list of all pages by family, in the catalogue's order. */
export function formatRunbookIndex(pages: readonly Runbook[]): string {
  const families = Object.entries(FAMILY_TITLES).map(([family, title]) => {
    const lines = EVERY_ALERT.filter((one) => one.family === family).map(({ alert: { name, severity } }) => {
      const page = pages.find(({ alert }) => alert === name);
      return `- [${name}](${name}.md) (${severity}): ${page === undefined ? '' : firstSentence(page)}\n`;
    });
    return `\n## ${title}\n\n${lines.join('')}`;
  });
  return [
    '# Runbooks\n\n',
    'One page for each alert: what it means, how to see the cause, what to do, and when it may be ignored. ',
    '`pgmon runbook <alert>` prints a page.\n',
    ...families,
  ].join('');
}
