/** The verdict about one panel, from what Prometheus answered and why the empty parts are empty. Pure. */
import type { Verdict } from '../../verify/series/judge-expression.ts';
import { type Finding, fail, pass, skip } from '../../verify/verify-context.ts';

export interface Answer {
  /** The PromQL that was sent. */
  readonly text: string;
  readonly hasData: boolean;
  /** All of the data is of a time before now, as of a replica that has left. */
  readonly isOver?: boolean;
  /** Prometheus' own words when it refused the query. */
  readonly refused: string | null;
}

export interface ReasonAnswer {
  readonly reason: string;
  readonly mayHaveData: boolean;
  /** It asks whether series are absent, and so also holds while they cannot be there. */
  readonly isAboutAbsence: boolean;
  /** With data: the reason holds. */
  readonly answer: Answer;
}

export interface LookedAt {
  readonly title: string;
  readonly queries: readonly Answer[];
  readonly reasons: readonly ReasonAnswer[];
}

/** What is known about expressions without a result. */
export interface Explanations {
  /** What the expression lacks; live = everything that it rests on is there. */
  readonly verdictOf: (text: string) => Verdict;
  /** Words for what is still to come before these expressions can have a result; null = nothing. */
  readonly notYet: (texts: readonly string[]) => string | null;
}

export type PanelVerdict =
  | { readonly kind: 'data' }
  | { readonly kind: 'empty'; readonly reason: string }
  | { readonly kind: 'early'; readonly wait: string }
  | { readonly kind: 'unjudged'; readonly why: string }
  | { readonly kind: 'broken'; readonly what: string; readonly hint: string };

/** What stands first in the detail of a panel's result. */
export const PANEL_WORDS = {
  data: 'data',
  empty: 'empty by design',
  early: 'not yet',
  unjudged: 'not judged',
  broken: 'broken',
} as const satisfies Record<PanelVerdict['kind'], string>;

export const REPORT_HINT = 'this is a bug of pgmon: please report it';

function broken(what: string, hint: string = REPORT_HINT): PanelVerdict {
  return { kind: 'broken', what, hint };
}

/** True when no waiting helps. */
function isLasting(verdict: Verdict): verdict is Extract<Verdict, { readonly kind: 'dead' }> {
  return verdict.kind === 'dead' && (verdict.cause === 'unknown' || verdict.cause === 'collector');
}

/** Words for an empty panel for which no reason holds. */
function unexplained(verdicts: readonly Verdict[]): PanelVerdict {
  const dead = verdicts.find((verdict) => verdict.kind === 'dead');
  if (dead?.kind === 'dead') return broken(dead.detail, dead.hint);
  const perhaps = verdicts.flatMap((verdict) => ('reason' in verdict ? [verdict.reason] : []))[0];
  const what = 'empty, and no reason for it holds';
  return broken(perhaps === undefined ? `${what}; its series are there` : `${what}; perhaps: ${perhaps}`);
}

/** Why one of these expressions cannot be judged now; null = all can. */
function cannotTell(texts: readonly string[], { verdictOf, notYet }: Explanations): PanelVerdict | null {
  const unseen = texts.map(verdictOf).find(({ kind }) => kind === 'unseen');
  if (unseen?.kind === 'unseen') return { kind: 'unjudged', why: unseen.reason };
  const wait = notYet(texts);
  return wait === null ? null : { kind: 'early', wait };
}

/** What the stack goes without, when every one of these verdicts says so. */
function leftOutOf(verdicts: readonly Verdict[]): string | null {
  const reasons = verdicts.flatMap((one) =>
    one.kind === 'inapplicable' && one.of === 'part' ? [one.reason] : [],
  );
  return reasons.length === verdicts.length ? (reasons[0] ?? null) : null;
}

/** What holds and forbids data is a better answer than what only allows emptiness. */
function bestReason(holding: readonly ReasonAnswer[]): PanelVerdict | null {
  const best = holding.find(({ mayHaveData }) => !mayHaveData) ?? holding[0];
  return best === undefined ? null : { kind: 'empty', reason: best.reason };
}

/** A reason that nobody can ask, as the stack goes without what gives its series. */
function unaskable(reasons: readonly ReasonAnswer[], { verdictOf }: Explanations): PanelVerdict | null {
  for (const { reason, answer } of reasons) {
    const without = leftOutOf([verdictOf(answer.text)]);
    if (without !== null) return { kind: 'unjudged', why: `nobody can tell whether "${reason}": ${without}` };
  }
  return null;
}

function judgeEmpty({ queries, reasons }: LookedAt, explanations: Explanations): PanelVerdict {
  const verdicts = queries.map(({ text }) => explanations.verdictOf(text));
  const lasting = verdicts.find(isLasting);
  if (lasting !== undefined) return broken(lasting.detail, lasting.hint);
  const leftOut = leftOutOf(verdicts);
  if (leftOut !== null) return { kind: 'empty', reason: leftOut };
  const holding = reasons.filter(({ answer }) => answer.hasData);
  const others = reasons.filter(({ answer }) => !answer.hasData);
  const texts = [...queries, ...others.map(({ answer }) => answer)].map(({ text }) => text);
  return (
    bestReason(holding.filter(({ isAboutAbsence }) => !isAboutAbsence)) ??
    cannotTell(texts, explanations) ??
    bestReason(holding) ??
    unaskable(others, explanations) ??
    unexplained(verdicts)
  );
}

/** A panel with data in which one query can never give any. */
function judgeRest({ queries }: LookedAt, { verdictOf, notYet }: Explanations): PanelVerdict {
  for (const { text } of queries.filter(({ hasData }) => !hasData)) {
    const verdict = verdictOf(text);
    const isMissing = verdict.kind === 'dead' && verdict.cause === 'absent' && notYet([text]) === null;
    if (verdict.kind === 'dead' && (isLasting(verdict) || isMissing))
      return broken(`one of its queries is empty: ${verdict.detail}`, verdict.hint);
  }
  return { kind: 'data' };
}

export function judgePanel(looked: LookedAt, explanations: Explanations): PanelVerdict {
  const { queries, reasons } = looked;
  const refused = [...queries, ...reasons.map(({ answer }) => answer)].find((one) => one.refused !== null);
  if (refused !== undefined) return broken(`query refused: ${refused.refused}: ${refused.text}`);
  if (!queries.some(({ hasData }) => hasData)) return judgeEmpty(looked, explanations);
  const isNow = queries.some(({ hasData, isOver = false }) => hasData && !isOver);
  const against = isNow && reasons.find(({ mayHaveData, answer }) => answer.hasData && !mayHaveData);
  if (against) return broken(`has data although ${against.reason}`);
  return judgeRest(looked, explanations);
}

export function toFinding(subject: string, title: string, verdict: PanelVerdict): Finding {
  switch (verdict.kind) {
    case 'data':
      return pass(subject, PANEL_WORDS.data);
    case 'empty':
      return pass(subject, `${PANEL_WORDS.empty}: ${verdict.reason}`);
    case 'early':
      return skip(subject, `${PANEL_WORDS.early}: ${verdict.wait}`);
    case 'unjudged':
      return skip(subject, `${PANEL_WORDS.unjudged}: ${verdict.why}`);
    case 'broken':
      return fail(subject, `${PANEL_WORDS.broken}: ${title}: ${verdict.what}`, verdict.hint);
  }
}
