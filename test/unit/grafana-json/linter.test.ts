import { describe, expect, it } from 'vitest';
import { readDashboards } from '../../support/dashboard-files.ts';
import { type Finding, LINTER_RULES, lintDashboards } from '../../support/dashboard-linter.ts';

/** What the linter says and pgmon does otherwise. A pattern that is left out fits everything. */
interface Exclusion {
  readonly rule: string;
  readonly where?: RegExp;
  readonly what?: RegExp;
  readonly expr?: RegExp;
  readonly reason: string;
}

const EXCLUSIONS: readonly Exclusion[] = [
  {
    rule: 'template-job-rule',
    reason: 'the figures of a server come from several jobs; nobody has to choose among them',
  },
  {
    rule: 'target-job-rule',
    reason: "jobs share no metric of a server, and a server's name is unique in a stack",
  },
  {
    rule: 'template-instance-rule',
    reason: 'one server at a time where the dashboard is about one; "All" has to match everything',
  },
  {
    rule: 'panel-units-rule',
    what: /"suffix:tps"/,
    reason: 'Grafana has no unit for transactions; `suffix:` is its way to write one',
  },
  {
    rule: 'panel-units-rule',
    what: /"rowsps"/,
    reason: "Grafana has it (rows/s); the linter's list does not",
  },
  {
    rule: 'target-instance-rule',
    what: /instance=~"\$host"/,
    reason: 'about a machine, which is chosen by $host',
  },
  {
    rule: 'target-instance-rule',
    expr: /node_uname_info\{instance=~"\$host"\}/,
    reason: 'PostgreSQL beside its machine: joined with the chosen one',
  },
  {
    rule: 'target-instance-rule',
    expr: /instance:(up:declared|pgmon_server:info)\{[^}]*instance=~"\$instance"/,
    reason: 'joined with the chosen servers, which carry the environment',
  },
  {
    rule: 'target-instance-rule',
    what: /^(prometheus|alertmanager|grafana|process|scrape)_|^up$|_config_last_reload_/,
    reason: 'about the monitoring itself, which has no server',
  },
  {
    rule: 'target-instance-rule',
    what: /^(instance|mountpoint):node_/,
    reason: "about pgmon's own machine, shown beside the server",
  },
  {
    rule: 'target-counter-agg-rule',
    what: /^node_cpu_seconds_total/,
    expr: /count by \(instance, cpu\) \(node_cpu_seconds_total/,
    reason: 'counts processors',
  },
  {
    rule: 'target-counter-agg-rule',
    what: /^prometheus_tsdb_wal_corruptions_total$/,
    reason: 'happens at the start, before there is anything to compare with; one is enough',
  },
];

const fits = (finding: Finding, { rule, where, what, expr }: Exclusion): boolean =>
  finding.rule === rule &&
  (where?.test(finding.where) ?? true) &&
  (what?.test(finding.what) ?? true) &&
  (expr?.test(finding.expr) ?? true);

const FINDINGS = lintDashboards(readDashboards());

describe("Grafana's dashboard linter", () => {
  it.each(LINTER_RULES)('has nothing to say by %s', (rule) => {
    const found = FINDINGS.filter(
      (finding) => finding.rule === rule && !EXCLUSIONS.some((exclusion) => fits(finding, exclusion)),
    );
    expect(found.map(({ where, what }) => `${where}: ${what}`)).toEqual([]);
  });

  it('needs every exclusion', () => {
    const unused = EXCLUSIONS.filter((exclusion) => !FINDINGS.some((finding) => fits(finding, exclusion)));
    expect(unused).toEqual([]);
  });

  it('finds what is wrong', () => {
    const [dashboard] = readDashboards();
    const [panel] = dashboard?.panels.filter(({ type }) => type !== 'row') ?? [];
    if (dashboard === undefined || panel === undefined) throw new Error('there is no dashboard');
    const targets = ['rate(a_total[5m])', 'b_total', 'sum('].map((expr) => ({
      refId: 'A',
      expr,
      datasource: { type: 'prometheus', uid: 'mine' },
    }));
    const wrong = {
      ...dashboard,
      editable: true,
      templating: { list: [] },
      panels: [
        {
          ...panel,
          title: '',
          datasource: { type: 'prometheus', uid: 'mine' },
          targets,
          fieldConfig: { defaults: {} },
        },
        { ...panel, targets: [] },
      ],
    };
    const found = new Set(lintDashboards([wrong]).map(({ rule }) => rule));
    const silent = LINTER_RULES.filter((rule) => !found.has(rule));
    // These judge variables, of which there are none.
    expect(silent).toEqual(['template-label-promql-rule', 'template-on-time-change-reload-rule']);
  });
});
