/** Writes docs/dashboards.md from the catalogue, so that the page cannot say anything else than what Grafana shows. */
import { DASHBOARDS } from '../../src/catalog/dashboards/all-dashboards.ts';
import type { Dashboard, DashboardNeed, Row } from '../../src/catalog/dashboards/dashboard.ts';
import type { Panel } from '../../src/catalog/dashboards/panel.ts';
import { buildAnnotations } from '../../src/grafana-json/annotations.ts';

const NEEDS: Readonly<Record<DashboardNeed, string>> = {
  'node-exporter': 'the node exporter',
  'sql-exporter': 'the SQL exporter',
  slo: 'a server with `slo`',
  'prometheus-alerts': 'alerts evaluated by Prometheus',
};

const panelsOf = ({ rows }: Dashboard): readonly Panel[] => rows.flatMap(({ panels }) => panels);
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const anchorOf = ({ title }: Dashboard): string => title.toLowerCase();

function needText({ needs }: Dashboard): string {
  return needs === undefined ? '' : NEEDS[needs];
}

function variableNames({ variables }: Dashboard): string {
  return variables.map(({ name }) => `\`$${name}\``).join(', ');
}

function emptyText({ emptyWhen }: Panel): string {
  return [...new Set(emptyWhen.map(({ reason }) => reason))].join('; ');
}

function alertText({ alert }: Panel): string {
  return alert === undefined ? '' : `[${alert}](runbooks/${alert}.md)`;
}

function formatPanel(panel: Panel): string {
  const { title, text } = panel;
  const cells = [`**${title}**`, text.shows, text.normal, emptyText(panel), alertText(panel)];
  return `| ${cells.map(cell).join(' | ')} |`;
}

function formatRow({ title, panels }: Row): string {
  return [
    `### ${title}`,
    '',
    '| Panel | Shows | Normal | Empty when | Alert |',
    '|---|---|---|---|---|',
    ...panels.map(formatPanel),
    '',
  ].join('\n');
}

function formatDashboard(dashboard: Dashboard): string {
  const need = needText(dashboard);
  const facts = [
    `\`${dashboard.uid}\``,
    `variables ${variableNames(dashboard)}`,
    `opens with the last ${dashboard.range}`,
    ...(need === '' ? [] : [`needs ${need}`]),
  ];
  return [
    `## ${dashboard.title}`,
    '',
    `**${dashboard.question}** (${facts.join('; ')})`,
    '',
    ...dashboard.rows.map(formatRow),
  ].join('\n');
}

function formatContents(): string {
  const rows = DASHBOARDS.map((dashboard) => {
    const { title, question } = dashboard;
    const count = panelsOf(dashboard).length;
    return `| [${title}](#${anchorOf(dashboard)}) | ${cell(question)} | ${count} | ${needText(dashboard)} |`;
  });
  return ['| Dashboard | Question | Panels | Only with |', '|---|---|---|---|', ...rows, ''].join('\n');
}

/** Events by name, from all dashboards. */
function eventNames(): string {
  const events = DASHBOARDS.flatMap(buildAnnotations).map((builder) => builder.build());
  const names = events.filter(({ builtIn }) => builtIn !== 1).map(({ name }) => (name ?? '').toLowerCase());
  return [...new Set(names)].join(', ');
}

function intro(): string {
  const panels = DASHBOARDS.flatMap(panelsOf);
  const queries = panels.flatMap((panel) => panel.queries);
  return `# Dashboards

${DASHBOARDS.length} dashboards with ${panels.length} panels and ${queries.length} queries, in Grafana's folder "PostgreSQL Monitoring". This page is
written from the catalogue (src/catalog/dashboards); a test fails when the two differ.

- **Choices**: \`$environment\` narrows the servers, \`$instance\` its databases; they and the time stay as they are on the way to
  another dashboard, through the menu at the top right or a click on a server, a database or an alert.
- **Behind the "i" of a panel**: what it shows, what is normal, what to do when it is not, and the alert that watches the same
  figure with its runbook.
- **An empty panel** says why when that is in order ("the server is no replica"). "No data" is a fault: \`pgmon check --panels\`
  asks every query and tells the two apart.
- **Colours** can be told apart by colour-blind people: green is in order, orange wants a look, red-brown wants somebody now.
  Lines that are named after the data (databases, servers) take Grafana's own palette.
- **Events over the charts**: ${eventNames()}.
  Each is a switch at the top; on dashboards of many servers all but deploys are off at first. A deploy is an annotation with
  the tag \`deploy\`:
  \`curl -u USER -H 'Content-Type: application/json' -d '{"text": "shop 1.4", "tags": ["deploy"]}' GRAFANA/api/annotations\`.
- **Changes**: the files are rendered, so nobody edits them in Grafana; save a copy there instead.
`;
}

/** The whole page. */
export function formatDashboardDocs(): string {
  return [intro(), formatContents(), ...DASHBOARDS.map(formatDashboard)].join('\n');
}
