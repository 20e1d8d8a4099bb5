/** Is a server well? One clear word for each, from what was found about it. Pure. */
import type { Finding } from './finding.ts';
import type { SeenServer } from './report.ts';

export const VERDICTS = ['critical', 'unknown', 'warning', 'was-critical', 'was-warning', 'well'] as const;
/** Worst first, as they are listed. */
export type VerdictKind = (typeof VERDICTS)[number];

export const VERDICT_WORDS = {
  critical: 'needs help now',
  unknown: 'was not seen',
  warning: 'needs attention',
  'was-critical': 'had serious trouble, over now',
  'was-warning': 'had trouble, over now',
  well: 'well',
} as const satisfies Record<VerdictKind, string>;

export interface ServerVerdict {
  readonly server: SeenServer;
  readonly kind: VerdictKind;
  /** Most severe first. */
  readonly findings: readonly Finding[];
}

function kindOf({ answered }: SeenServer, findings: readonly Finding[]): VerdictKind {
  const has = (level: Finding['level'], isNow: boolean) =>
    findings.some((finding) => finding.level === level && finding.isNow === isNow);
  if (has('critical', true)) return 'critical';
  if (answered === null) return 'unknown';
  if (has('warning', true)) return 'warning';
  if (has('critical', false)) return 'was-critical';
  return has('warning', false) ? 'was-warning' : 'well';
}

/** The verdict about a server; `findings` may hold those of others. */
export function judgeServer(server: SeenServer, findings: readonly Finding[]): ServerVerdict {
  const own = findings.filter(({ subject }) => subject === server.name);
  return { server, kind: kindOf(server, own), findings: own };
}

/** Worst first, otherwise as they come. */
export function worstFirst(verdicts: readonly ServerVerdict[]): readonly ServerVerdict[] {
  return verdicts.toSorted((a, b) => VERDICTS.indexOf(a.kind) - VERDICTS.indexOf(b.kind));
}
