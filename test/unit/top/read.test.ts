/** What Prometheus answers becomes figures and lists: joined over series, nothing invented where nothing was. */
import { describe, expect, it } from 'vitest';
import type { Series } from '../../../src/panels/query-prometheus.ts';
import { findPanel } from '../../../src/top/find-panel.ts';
import { FACTS, FIGURES, LISTS, TALLIES } from '../../../src/top/places.ts';
import { courseOf, readFact, readFigure } from '../../../src/top/read-figure.ts';
import { readList, readTally } from '../../../src/top/read-list.ts';

const RANGE = { startSeconds: 1000, endSeconds: 1180, stepSeconds: 60 };

const series = (labels: Series['labels'], ...points: readonly (readonly [number, number])[]): Series => ({
  labels,
  points: points.map(([seconds, value]) => ({ seconds, value })),
});

function byKey<T extends { readonly key: string }>(all: readonly T[], key: string): T {
  const found = all.find((one) => one.key === key);
  if (found === undefined) throw new Error(`nothing has key ${key}`);
  return found;
}

describe('a figure', () => {
  const hits = byKey(FIGURES, 'cacheHits');

  it('has one value for each step, and a gap where no series has one', () => {
    const all = [series({}, [1000, 1], [1180, 4]), series({}, [1000, 2], [1060, 8])];
    expect(courseOf(all, RANGE, 'sum')).toEqual([3, 8, null, 4]);
    expect(courseOf(all, RANGE, 'max')).toEqual([2, 8, null, 4]);
    expect(courseOf(all, RANGE, 'min')).toEqual([1, 8, null, 4]);
  });

  it("is the newest value with the panel's unit and level", () => {
    const answer = { series: [series({}, [1000, 1], [1180, 0.92])], range: RANGE, reason: 'kept back' };
    expect(readFigure(hits, 0, answer)).toMatchObject({
      value: 0.92,
      text: '92.0%',
      level: 'warning',
      reason: null,
    });
  });

  it('is nothing, with the reason, when only old values are there', () => {
    const answer = { series: [series({}, [1000, 1])], range: RANGE, reason: 'no replica is connected' };
    expect(readFigure(hits, 0, answer)).toMatchObject({
      value: null,
      text: '-',
      reason: 'no replica is connected',
    });
    expect(readFigure(hits, 0, { ...answer, reason: null }).reason).toBe('no data');
  });
});

describe('a fact', () => {
  it("is the panel's word for a value, or a label", () => {
    expect(readFact(byKey(FACTS, 'up'), [series({}, [1, 0])])).toMatchObject({
      text: 'no answer',
      level: 'critical',
    });
    expect(readFact(byKey(FACTS, 'version'), [series({ version: '17.5' }, [1, 0])])?.text).toBe('17.5');
  });

  it('is left out when it is not known', () => {
    expect(readFact(byKey(FACTS, 'up'), [])).toBeNull();
    expect(readFact(byKey(FACTS, 'environment'), [series({ version: '17.5' }, [1, 0])])).toBeNull();
  });
});

describe('lists and tallies', () => {
  const queries = byKey(LISTS, 'queries');
  const labels = { queryid: '-42', user: 'shop', datname: 'app' };

  it('join the queries of a panel into rows, sorted as the panel says', () => {
    const answers = [
      [series({ ...labels, queryid: '1' }, [1, 0.5]), series(labels, [1, 90])],
      [series(labels, [1, 0.75])],
    ];
    const { rows, reason } = readList(queries, findPanel(queries), answers, null);
    expect(rows.map(({ cells }) => cells.map(({ text }) => text).slice(0, 5))).toEqual([
      ['-42', '1.5 min', '75.0%', '-', '-'],
      ['1', '500 ms', '-', '-', '-'],
    ]);
    expect(reason).toBeNull();
  });

  it('say why there are no rows', () => {
    expect(readList(queries, findPanel(queries), [], 'pg_stat_statements is not loaded').reason).toBe(
      'pg_stat_statements is not loaded',
    );
    expect(readList(queries, findPanel(queries), [], null).reason).toBe(
      'no statement was counted in the last 5 minutes',
    );
  });

  it('colour an alert by its severity', () => {
    const alerts = byKey(LISTS, 'alerts');
    const answer = [series({ alertname: 'PostgreSQLDown', severity: 'critical' }, [1, 60])];
    const [first] = readList(alerts, findPanel(alerts), [answer], null).rows;
    expect(first?.cells[1]).toEqual({ text: 'critical', level: 'critical' });
  });

  it('add up what has one name, drop what is nobody, greatest first', () => {
    const waits = byKey(TALLIES, 'waits');
    const answer = [
      series({ wait_event_type: 'IO' }, [1, 2]),
      series({ wait_event_type: 'Lock' }, [1, 3]),
      series({ wait_event_type: 'Client' }, [1, 0]),
    ];
    expect(readTally(waits, findPanel(waits), answer, null).parts).toEqual([
      { name: 'Lock', value: 3, text: '3' },
      { name: 'IO', value: 2, text: '2' },
    ]);
    expect(readTally(waits, findPanel(waits), answer.slice(2), null).reason).toBe('none');
    expect(readTally(waits, findPanel(waits), [], null).reason).toBe('no data');
  });
});
