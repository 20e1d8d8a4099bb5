/** `pgmon top` in a real terminal on a real stack: live figures, keys, a new size, Prometheus gone, and the terminal as before. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { daemonMissing } from '../support/daemon.ts';
import { buildCli, CLI } from '../support/kill-cli.ts';
import { openTerminal, type PseudoTerminal, type TerminalOptions } from '../support/pseudo-terminal.ts';
import { createSharedTestStack, fullSpec, type TestStack } from '../support/test-stack.ts';
import { runTool } from '../support/tools.ts';

const ESCAPE = '\u001b';
const SMALL = { columns: 80, rows: 24 };
const SLOW = { timeout: 60_000, interval: 200 };

/** Ends when the table is locked: whoever reads it from then on waits. */
const UNTIL_HELD = `DO $$ BEGIN
  WHILE NOT EXISTS (SELECT FROM pg_locks WHERE relation = 'held'::regclass AND mode = 'AccessExclusiveLock' AND granted)
  LOOP PERFORM pg_sleep(0.1); END LOOP; END $$`;

/** A second server that nobody can reach, and an alert that need not wait. */
function spec(stack: TestStack): string {
  const away = '  - {name: elsewhere, host: 192.0.2.1, password: {generate: true}}\n';
  const alerting = `alerting:
  thresholds: {PostgreSQLDown: {for: 1s}}
  defaultReceiver: nobody
  receivers:
    - name: nobody
      webhook: {url: 'http://127.0.0.1:9/'}
`;
  return fullSpec(stack).replace('prometheus:', `${away}prometheus:`) + alerting;
}

async function sql(stack: TestStack, statement: string, isDetached = false): Promise<void> {
  const { id } = await stack.container('postgres');
  const words = [
    'exec',
    ...(isDetached ? ['-d'] : []),
    id,
    'psql',
    '-U',
    'postgres',
    '-d',
    'app',
    '-c',
    statement,
  ];
  const { code, output } = await runTool('docker', words);
  expect(code, output).toBe(0);
}

interface Shown {
  readonly figures: Readonly<
    Record<string, { readonly value: number | null; readonly reason: string | null }>
  >;
  readonly tallies: Readonly<Record<string, { readonly parts: readonly { readonly name: string }[] }>>;
  readonly lists: Readonly<Record<string, { readonly rows: readonly { readonly labels: object }[] }>>;
}

describe.skipIf(daemonMissing !== null)(`pgmon top in a terminal${daemonMissing ?? ''}`, () => {
  let stack: Awaited<ReturnType<typeof createSharedTestStack>>;

  function open(words: readonly string[], options: Partial<TerminalOptions> = {}): PseudoTerminal {
    const line = [process.execPath, CLI, 'top', ...words, '-f', stack.specFile]
      .map((word) => `'${word}'`)
      .join(' ');
    // What a person's shell would go on with: the exit code, and whether what is typed is seen.
    const script = `echo before; ${line}; echo "left with $?"; stty -a | tr ';' '\\n' | grep -wo -e '-\\?icanon' -e '-\\?echo'`;
    return openTerminal('/bin/sh', ['-c', script], { ...SMALL, ...options });
  }

  /** The terminal as it was before: the old screen with what stood there, a cursor, lines that wrap, echo. */
  async function expectRestored(terminal: PseudoTerminal, exitCode: number): Promise<void> {
    await terminal.ended;
    expect(terminal.isAlternate()).toBe(false);
    expect(terminal.wraps()).toBe(true);
    const written = terminal.written();
    expect(written.lastIndexOf('\u001b[?25h')).toBeGreaterThan(written.lastIndexOf('\u001b[?25l'));
    const rest = ['before', `left with ${exitCode}`, 'icanon', 'echo'];
    expect(terminal.screen().filter((line) => line !== '')).toEqual(rest);
  }

  beforeAll(async () => {
    buildCli();
    stack = await createSharedTestStack('top');
    await stack.writeSpec(spec(stack));
    const up = await stack.pgmon(['up']);
    expect(up.code, up.stderr).toBe(0);
    await sql(stack, 'CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
    await sql(stack, 'CREATE TABLE held AS SELECT 1 AS one');
    await sql(stack, 'BEGIN; LOCK TABLE held; SELECT pg_sleep(900)', true);
    await sql(stack, UNTIL_HELD);
    await sql(stack, 'SELECT count(*) FROM held', true);
  });
  afterAll(() => stack?.remove());

  async function shown(server: string): Promise<Shown> {
    const { code, stdout, stderr } = await stack.pgmon(['top', server, '--json']);
    expect(code, stderr).toBe(0);
    return JSON.parse(stdout) as Shown;
  }

  it('has a value or a reason for every figure, and every list, of a server at work', async () => {
    await expect.poll(async () => (await shown('demo')).lists.blocked?.rows.length, SLOW).toBe(1);
    await expect.poll(async () => (await shown('demo')).lists.queries?.rows.length, SLOW).toBeGreaterThan(0);
    // Rates need two samples, recording rules their turn.
    const missing = async () =>
      Object.entries((await shown('demo')).figures).flatMap(([key, { value, reason }]) =>
        value === null ? [`${key}: ${reason}`] : [],
      );
    await expect
      .poll(missing, { ...SLOW, timeout: 100_000 })
      .toEqual(['replicationLag: no replica is connected', 'replicationLagBytes: no replica is connected']);
    const { figures, tallies, lists } = await shown('demo');
    expect(figures.blockedSessions?.value).toBe(1);
    expect(lists.blocked?.rows[0]?.labels).toMatchObject({ datname: 'app', blocked_user: 'postgres' });
    expect(tallies.sessions?.parts.map(({ name }) => name)).toContain('active');
    expect(tallies.waits?.parts.map(({ name }) => name)).toContain('Lock');
  });

  it('draws the figures, shows another server at a key, and gives the terminal back at q', async () => {
    await expect.poll(async () => (await shown('elsewhere')).lists.alerts?.rows.length, SLOW).toBe(1);
    const terminal = open(['demo', '--interval', '1s']);
    await expect.poll(() => terminal.screen()[0], SLOW).toMatch(/^demo {2}up {2}.*PostgreSQL \d/);
    // Drawn last.
    await expect.poll(() => terminal.screen().at(-1), SLOW).toMatch(/^q: quit/);
    expect(terminal.isAlternate()).toBe(true);
    const text = terminal.screen().join('\n');
    expect(text).toMatch(/\nConnections used +\d[\d.]*% {2}[▁▂▃▄▅▆▇█ ]*[▁▂▃▄▅▆▇█]\n/);
    expect(text).toMatch(/\nTransactions +\d.*\/s {2}/);
    expect(text).toMatch(/\nBlocked sessions +1 /);
    expect(text).toMatch(/\nBlocked pid .*\n\d+ +[\d.]+ \w+ +postgres +\d+ +postgres/);

    const first = terminal.screen()[0];
    await expect.poll(() => terminal.screen()[0], SLOW).not.toBe(first);
    terminal.press('n');
    await expect.poll(() => terminal.screen()[0], SLOW).toMatch(/^elsewhere {2}no answer .* 2 of 2/);
    await expect.poll(() => terminal.screen().join('\n'), SLOW).toMatch(/\nPostgreSQLDown +critical/);
    terminal.press('f');
    await expect.poll(() => terminal.screen().join('\n'), SLOW).toMatch(/\n> elsewhere +no /);
    terminal.press('\u001b[B');
    await expect.poll(() => terminal.screen().join('\n'), SLOW).toMatch(/\n> demo +yes /);
    terminal.press('\r');
    await expect.poll(() => terminal.screen()[0], SLOW).toMatch(/^demo {2}up/);
    terminal.press('q');
    await expectRestored(terminal, 0);
  });

  it('follows the size of the terminal, and has no colour with NO_COLOR', async () => {
    const terminal = open(['demo'], { env: { NO_COLOR: '1' } });
    await expect.poll(() => terminal.screen()[23], SLOW).toMatch(/^q: quit/);
    terminal.resize({ columns: 130, rows: 45 });
    await expect.poll(() => terminal.screen()[44], SLOW).toMatch(/^q: quit/);
    expect(terminal.screen()[0]).toMatch(/^demo .*:\d\d$/);
    expect(terminal.screen()[0]?.length).toBe(129);
    terminal.resize({ columns: 30, rows: 6 });
    await expect.poll(() => terminal.screen()[1], SLOW).toMatch(/^Connections used/);
    await expect.poll(() => terminal.screen()[5], SLOW).toMatch(/^q: quit/);
    terminal.press('\u0003');
    await expectRestored(terminal, 0);
    // The only sequences are those that move the cursor and switch modes.
    expect(terminal.written()).not.toMatch(new RegExp(`${ESCAPE}\\[[\\d;]*m`));
  });

  it('goes on while Prometheus is away, says since when, and shows figures again when it is back', async () => {
    const terminal = open(['demo', '--interval', '1s']);
    await expect.poll(() => terminal.screen()[0], SLOW).toMatch(/^demo {2}up/);
    const { id } = await stack.container('prometheus');
    expect((await runTool('docker', ['stop', id])).code).toBe(0);
    const away = /^No Prometheus since [\d:]{8} \(.*\); figures of [\d:]{8}$/;
    await expect.poll(() => terminal.screen()[1], SLOW).toMatch(away);
    expect(terminal.screen().join('\n')).toMatch(/\nConnections used +\d/);
    expect((await runTool('docker', ['start', id])).code).toBe(0);
    await expect.poll(() => terminal.screen()[1], SLOW).toMatch(/^Connections used/);
    terminal.press('q');
    await expectRestored(terminal, 0);
  });

  it('gives the terminal back when it is killed', async () => {
    const terminal = open(['demo']);
    await expect.poll(() => terminal.screen()[0], SLOW).toMatch(/^demo {2}up/);
    const { output } = await runTool('ps', ['-o', 'pid=', '--ppid', String(terminal.pid)]);
    process.kill(Number(output.trim()), 'SIGTERM');
    await expectRestored(terminal, 0);
  });
});
