/** Which faults share a test file, and the rules that the file needs. */
import type { AlertDefinition, Family } from '../../catalog/alerts/alert.ts';
import { WORLD } from '../../catalog/proofs/all-proofs.ts';
import { FURTHER_PROOFS, SILENT_PROOFS } from '../../catalog/proofs/further-proofs.ts';
import type { Proof, SilentProof } from '../../catalog/proofs/proof.ts';
import type { AlertingRule } from '../alert-rules.ts';
import type { RuleGroupView } from '../rules.ts';
import { buildFaultCase, buildSilentCase, stepOf } from './fault-case.ts';
import { neededRecordings } from './metric-names.ts';
import type { PromtoolCase } from './promtool-file.ts';

/** An alert of the stack with its rule and its proof. */
export interface Subject {
  readonly family: Family;
  readonly alert: AlertDefinition;
  readonly rule: AlertingRule;
  readonly proof: Proof | null;
}

/** A test file of promtool, and the rules beside it. */
export interface TestFile {
  readonly name: string;
  readonly step: string;
  readonly groups: readonly RuleGroupView[];
  readonly cases: readonly PromtoolCase[];
}

/** Recording groups cut down to the rules that these expressions need; those whose series a proof gives itself are left out. */
function recordingGroups(
  groups: readonly RuleGroupView[],
  exprs: readonly string[],
  given: readonly string[],
): readonly RuleGroupView[] {
  const all = groups.flatMap(({ recordings }) => recordings).filter(({ record }) => !given.includes(record));
  const needed = neededRecordings(exprs, all);
  return groups
    .map((group) => ({
      ...group,
      alerts: [],
      recordings: group.recordings.filter((one) => needed.includes(one)),
    }))
    .filter(({ recordings }) => recordings.length > 0);
}

/** One proof of an alert. */
export interface Proved extends Subject {
  readonly proof: Proof;
  /** Null for the alert's first proof. */
  readonly what: string | null;
  readonly silent: readonly SilentProof[];
}

/** The alert's own proof, then the further ones; look-alikes go with the first. */
export function provedSubjects(subject: Subject): readonly Proved[] {
  const { proof, alert } = subject;
  if (proof === null) return [];
  const further = (FURTHER_PROOFS[alert.name] ?? []).map((one) => ({
    ...subject,
    proof: one,
    what: one.what,
    silent: [],
  }));
  return [{ ...subject, proof, what: null, silent: SILENT_PROOFS[alert.name] ?? [] }, ...further];
}

/** The series of recording rules that a proof brings along, because they would take days to compute. */
function givenRecords({ proof }: Proved, groups: readonly RuleGroupView[]): readonly string[] {
  const records = groups.flatMap(({ recordings }) => recordings.map(({ record }) => record));
  const metrics = (proof.extra ?? []).map(({ metric }) => metric);
  return records.filter((record) => metrics.includes(record));
}

/** Alerts that can share a file: same family, same step, same recording rules left out. */
export function faultFiles(
  groups: readonly RuleGroupView[],
  subjects: readonly Proved[],
): readonly TestFile[] {
  const sets = new Map<string, readonly Proved[]>();
  for (const subject of subjects) {
    const given = givenRecords(subject, groups);
    const key = JSON.stringify([subject.family, stepOf(subject.proof), given]);
    sets.set(key, [...(sets.get(key) ?? []), subject]);
  }
  const names = new Set<string>();
  const uniqueName = (base: string): string => {
    let name = base;
    for (let i = 2; names.has(name); i += 1) name = `${base}-${i}`;
    names.add(name);
    return name;
  };
  return [...sets.values()].flatMap((members) => {
    const [first] = members;
    if (first === undefined) return [];
    const given = givenRecords(first, groups);
    const step = stepOf(first.proof);
    const recordings = recordingGroups(
      groups,
      members.map(({ rule }) => rule.expr),
      given,
    );
    const alerting: RuleGroupView = {
      name: `pgmon-${first.family}`,
      intervalSeconds: null,
      recordings: [],
      alerts: [...new Set(members.map(({ rule }) => rule))],
    };
    const all = recordings.flatMap((group) => group.recordings);
    const cases = members.flatMap((one) => {
      const needed = neededRecordings([one.rule.expr], all).map(({ expr }) => expr);
      const input = { ...one, recordings: needed, world: WORLD };
      return [buildFaultCase(input), ...one.silent.map((silent) => buildSilentCase({ ...input, silent }))];
    });
    const base = step === '15s' ? first.family : `${first.family}-${step}`;
    return [{ name: uniqueName(base), step, groups: [...recordings, alerting], cases }];
  });
}
