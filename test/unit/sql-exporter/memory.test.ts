import { describe, expect, it } from 'vitest';
import { createLog } from '../../../src/sql-exporter/log.ts';
import { createMemory, isDue, outcomeOf, remember, tidy } from '../../../src/sql-exporter/memory.ts';
import { probeTimeoutMs } from '../../../src/sql-exporter/server.ts';
import type { ExporterQuery } from '../../../src/stack/sql-exporter-config.ts';

const QUERY: ExporterQuery = {
  name: 'q',
  scope: 'database',
  intervalSeconds: 60,
  sql: 'SELECT 1 AS m',
  labels: [],
  metrics: [],
  minVersion: null,
  maxVersion: null,
  role: null,
  servers: null,
  runsAlone: false,
};
const success = (atMs: number) => ({ families: [], atMs, durationSeconds: 0 });

describe('a query is due', () => {
  it('without a result, and after one that failed', () => {
    expect(isDue(undefined, QUERY, 0)).toBe(true);
    expect(isDue({ ...success(0), families: null }, QUERY, 1)).toBe(true);
  });

  it.each([
    [56_000, false],
    [57_000, true],
    [60_000, true],
  ])('%d ms after the last run with an interval of 60 s: %s', (nowMs, due) => {
    expect(isDue(success(0), QUERY, nowMs)).toBe(due);
  });
});

describe('tidying', () => {
  const memoryWith = (names: readonly string[]) => {
    const memory = createMemory();
    memory.databases = { names, skipped: 0, atMs: 0 };
    remember(memory, 'app', new Map([['q', success(0)]]));
    return memory;
  };

  it('keeps what the exporter had no time to renew, for three intervals', () => {
    const memory = memoryWith(['app']);
    tidy(memory, [QUERY], 170_000);
    expect(outcomeOf(memory, 'app', 'q')).toBeDefined();
    tidy(memory, [QUERY], 180_000);
    expect(outcomeOf(memory, 'app', 'q')).toBeUndefined();
  });

  it('drops databases that are gone and queries that do not apply', () => {
    const gone = memoryWith(['other']);
    tidy(gone, [QUERY], 1);
    expect(gone.outcomes.size).toBe(0);
    const changed = memoryWith(['app']);
    tidy(changed, [], 1);
    expect(changed.outcomes.size).toBe(0);
  });
});

describe('the log', () => {
  it('tells a failure once until it changes, and its end once', () => {
    const lines: string[] = [];
    const log = createLog((line) => void lines.push(line));
    const what = { server: 'a' };
    log.worked(what);
    log.failed(what, 'refused');
    log.failed(what, 'refused');
    log.failed({ server: 'b' }, 'refused');
    log.failed(what, 'other\n"x"');
    log.worked(what);
    log.worked(what);
    expect(lines).toEqual([
      'level=warn server="a" msg="refused"\n',
      'level=warn server="b" msg="refused"\n',
      'level=warn server="a" msg="other\\n\\"x\\""\n',
      'level=info server="a" msg="works again"\n',
    ]);
  });
});

describe('the time for a probe', () => {
  it.each([
    ['10', 9500],
    ['1', 800],
    [undefined, 9500],
    ['nonsense', 9500],
    ['-3', 9500],
    ['0.1', 200],
  ])('with the header %s is %d ms', (header, expected) => {
    expect(probeTimeoutMs(header)).toBe(expected);
  });
});
