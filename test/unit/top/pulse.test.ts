/** What Prometheus has heard of servers: asked at all, asked by every job, answering. */
import { describe, expect, it } from 'vitest';
import { readPulses, silenceOf } from '../../../src/top/pulse.ts';

const JOBS = ['postgresql', 'postgresql-slow'];

const sample = (name: string, job: string, value: number) => ({
  labels: { __name__: name, job, instance: 'demo' },
  points: [{ seconds: 1, value }],
});
const up = (job: string, value = 1) => sample('up', job, value);
const pgUp = (value: number) => sample('pg_up', 'postgresql', value);
const pulse = (...series: readonly ReturnType<typeof sample>[]) => readPulses(series, JOBS).get('demo');

describe('the pulse of a server', () => {
  it('beats when the exporter could log in', () => {
    expect(pulse(up('postgresql'), up('postgresql-slow'), pgUp(1))).toEqual({ isUp: true, isYoung: false });
  });

  it('is gone when the server is away, and when its exporter is', () => {
    const others = [up('postgresql-slow')];
    expect(pulse(up('postgresql'), ...others, pgUp(0))).toEqual({ isUp: false, isYoung: false });
    expect(pulse(up('postgresql', 0), ...others)).toEqual({ isUp: false, isYoung: false });
  });

  it('is not known before the first scrape, and young until every job had one', () => {
    expect(pulse()).toBeUndefined();
    expect(pulse(up('postgresql-slow'))).toEqual({ isUp: null, isYoung: true });
    expect(pulse(up('postgresql'), pgUp(1))).toEqual({ isUp: true, isYoung: true });
  });

  it('gives the reason for there being no figures, and none where panels know better', () => {
    expect(silenceOf({ isUp: false, isYoung: true })).toBe('the server does not answer');
    expect(silenceOf({ isUp: null, isYoung: true })).toBe('no sample yet');
    expect(silenceOf({ isUp: true, isYoung: true })).toBe('no sample yet');
    expect(silenceOf({ isUp: true, isYoung: false })).toBeNull();
  });
});
