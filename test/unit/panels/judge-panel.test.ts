/** The verdict about a panel, from what Prometheus answered. */
import { describe, expect, test } from 'vitest';
import {
  type Answer,
  type Explanations,
  judgePanel,
  type LookedAt,
  type ReasonAnswer,
  toFinding,
} from '../../../src/panels/check/judge-panel.ts';
import type { Verdict } from '../../../src/verify/series/judge-expression.ts';

const answer = (text: string, hasData: boolean): Answer => ({ text, hasData, refused: null });
const full = answer('full', true);
const empty = answer('nothing', false);
const reason = (words: string, hasData: boolean, more: Partial<ReasonAnswer> = {}): ReasonAnswer => ({
  reason: words,
  mayHaveData: false,
  isAboutAbsence: false,
  ...more,
  answer: answer(`why ${words}`, hasData),
});

interface World {
  readonly queries: LookedAt['queries'];
  readonly reasons?: LookedAt['reasons'];
  readonly verdicts?: Readonly<Record<string, Verdict>>;
  readonly wait?: string;
}

/** The result's words for one panel. */
function judge({ queries, reasons = [], verdicts = {}, wait }: World): string {
  const explanations: Explanations = {
    verdictOf: (text) => verdicts[text] ?? { kind: 'live' },
    notYet: () => wait ?? null,
  };
  const { status, detail } = toFinding(
    's',
    'Panel',
    judgePanel({ title: 'Panel', queries, reasons }, explanations),
  );
  return `${status} ${detail}`;
}

const dead = (cause: Extract<Verdict, { kind: 'dead' }>['cause']): Verdict => ({
  kind: 'dead',
  cause,
  detail: 'metric x missing',
  hint: 'do this',
});
const leftOut: Verdict = { kind: 'inapplicable', of: 'part', reason: 'the stack has no job node' };

describe('a panel with data', () => {
  test('is in order, also while a reason holds that allows it', () => {
    expect(judge({ queries: [full] })).toBe('pass data');
    expect(
      judge({ queries: [full], reasons: [reason('nobody is blocked', true, { mayHaveData: true })] }),
    ).toBe('pass data');
  });
  test('is broken while a reason holds that forbids it', () => {
    expect(judge({ queries: [full], reasons: [reason('no replica', true)] })).toBe(
      'fail broken: Panel: has data although no replica',
    );
  });
  test('is in order while a reason holds since a short time and the data is of the time before', () => {
    const over: Answer = { ...full, isOver: true };
    const reasons = [reason('no replica', true)];
    expect(judge({ queries: [over, empty], reasons })).toBe('pass data');
    expect(judge({ queries: [over, full], reasons })).toBe(
      'fail broken: Panel: has data although no replica',
    );
  });
  test('is broken when one of its queries can never give any', () => {
    for (const cause of ['unknown', 'collector', 'absent'] as const)
      expect(judge({ queries: [full, empty], verdicts: { nothing: dead(cause) } })).toBe(
        'fail broken: Panel: one of its queries is empty: metric x missing',
      );
    expect(judge({ queries: [full, empty], verdicts: { nothing: dead('unmatched') } })).toBe('pass data');
    expect(judge({ queries: [full, empty], verdicts: { nothing: dead('absent') }, wait: 'soon' })).toBe(
      'pass data',
    );
    expect(judge({ queries: [full, empty] })).toBe('pass data');
  });
});

describe('an empty panel', () => {
  test('is so by design while a reason holds', () => {
    const loose = reason('quiet', true, { mayHaveData: true });
    const reasons = [reason('a', false), loose, reason('no replica', true)];
    expect(judge({ queries: [empty], reasons })).toBe('pass empty by design: no replica');
    expect(judge({ queries: [empty], reasons: [loose] })).toBe('pass empty by design: quiet');
  });
  test('is not so by design while its series cannot be there, as a reason may only ask whether they are', () => {
    const world = { queries: [empty], reasons: [reason('no slot', true, { isAboutAbsence: true })] };
    const unseen: Verdict = { kind: 'unseen', reason: 'no target of job node is up' };
    expect(judge({ ...world, verdicts: { nothing: unseen } })).toMatch(/^skip not judged/);
    expect(judge({ ...world, verdicts: { nothing: dead('unknown') } })).toMatch(/^fail broken/);
    expect(judge({ ...world, verdicts: { nothing: dead('collector') } })).toMatch(/^fail broken/);
    expect(judge({ ...world, wait: 'soon' })).toMatch(/^skip not yet/);
    const certain = { queries: [empty], reasons: [reason('no replica', true)] };
    expect(judge({ ...certain, wait: 'soon' })).toBe('pass empty by design: no replica');
    expect(judge({ ...certain, verdicts: { nothing: dead('unknown') } })).toMatch(/^fail broken/);
  });
  test('is broken when no reason holds', () => {
    expect(judge({ queries: [empty], reasons: [reason('no replica', false)] })).toBe(
      'fail broken: Panel: empty, and no reason for it holds; its series are there',
    );
    const silent: Verdict = { kind: 'silent', reason: 'no replication slot' };
    expect(judge({ queries: [empty], verdicts: { nothing: silent } })).toBe(
      'fail broken: Panel: empty, and no reason for it holds; perhaps: no replication slot',
    );
    expect(judge({ queries: [empty], verdicts: { nothing: dead('unmatched') } })).toBe(
      'fail broken: Panel: metric x missing',
    );
  });
  test('is waited for while its samples may still come, but not for a metric that nothing gives', () => {
    const wait = 'needs 2 m of samples';
    expect(judge({ queries: [empty], wait })).toBe('skip not yet: needs 2 m of samples');
    expect(judge({ queries: [empty], verdicts: { nothing: dead('absent') }, wait })).toMatch(/^skip not yet/);
    expect(judge({ queries: [empty], verdicts: { nothing: dead('collector') }, wait })).toBe(
      'fail broken: Panel: metric x missing',
    );
  });
  test('is not judged while what gives its series, or those of its reason, is down', () => {
    const unseen: Verdict = { kind: 'unseen', reason: 'no target of job node is up' };
    expect(judge({ queries: [empty], verdicts: { nothing: unseen } })).toBe(
      'skip not judged: no target of job node is up',
    );
    expect(judge({ queries: [empty], reasons: [reason('a', false)], verdicts: { 'why a': unseen } })).toBe(
      'skip not judged: no target of job node is up',
    );
  });
  test('is so by design where the stack goes without what gives its series', () => {
    expect(judge({ queries: [empty, empty], verdicts: { nothing: leftOut } })).toBe(
      'pass empty by design: the stack has no job node',
    );
    expect(judge({ queries: [empty, answer('more', false)], verdicts: { nothing: leftOut } })).toMatch(
      /^fail broken/,
    );
  });
  test('is not judged where the stack goes without what gives the series of its reason', () => {
    expect(judge({ queries: [empty], reasons: [reason('a', false)], verdicts: { 'why a': leftOut } })).toBe(
      'skip not judged: nobody can tell whether "a": the stack has no job node',
    );
  });
});

test('a query, or the question of a reason, that Prometheus refuses makes a panel broken in its words', () => {
  const refused: Answer = { text: 'rate(x)', hasData: false, refused: 'expected range vector' };
  expect(judge({ queries: [full, refused] })).toBe(
    'fail broken: Panel: query refused: expected range vector: rate(x)',
  );
  expect(judge({ queries: [full], reasons: [{ ...reason('a', false), answer: refused }] })).toMatch(
    /^fail broken: Panel: query refused/,
  );
});
