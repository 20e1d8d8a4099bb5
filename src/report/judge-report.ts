/** Everything that was found, and the verdict about every server. Pure. */
import { alertFindings } from './alert-findings.ts';
import { figureFindings } from './figure-findings.ts';
import { compareFindings, type Finding } from './finding.ts';
import type { Report } from './report.ts';
import { judgeServer, type ServerVerdict } from './verdict.ts';

export interface JudgedReport {
  /** Most severe first. */
  readonly findings: readonly Finding[];
  /** In the order of the spec. */
  readonly verdicts: readonly ServerVerdict[];
}

export function judgeReport(report: Report): JudgedReport {
  const alerts = alertFindings(report);
  const servers = report.servers.map(({ name }) => name);
  // One machine may be called as a server is.
  const machines = report.machines.map(({ name }) => name).filter((name) => !servers.includes(name));
  const places = [...report.details, ...report.machines];
  const figures = places.flatMap((place) => figureFindings(place, report.span, alerts));
  const findings = [...alerts, ...figures].sort((a, b) => compareFindings(a, b, machines));
  return { findings, verdicts: report.servers.map((server) => judgeServer(server, findings)) };
}
