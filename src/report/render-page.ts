/** A report as one HTML page that needs nothing else: no script, no request, pictures and style inside. */
import { createTemplateEngine, type Templates, templateText } from '../render/template-engine.ts';
import type { Finding } from './finding.ts';
import type { JudgedReport } from './judge-report.ts';
import type { PageView, PlaceView, ServerRowView } from './page-views.ts';
import type { Report } from './report.ts';
import { type ServerVerdict, VERDICT_WORDS, worstFirst } from './verdict.ts';
import { viewEmpty } from './view-empty.ts';
import { viewFinding } from './view-finding.ts';
import { viewPlace } from './view-place.ts';
import { count, formatLength, formatShare, formatTime } from './words.ts';

const MAX_SERVER_ROWS = 100;
const MAX_FINDINGS = 40;
/** More are counted rather than named. */
const MAX_NAMES = 4;

function factsOf({ server }: ServerVerdict): string {
  const version = server.version === '' ? '' : `PostgreSQL ${server.version}`;
  return [version, server.role, server.environment].filter((part) => part !== '').join(', ');
}

function findingCounts({ findings }: { readonly findings: readonly Finding[] }): string {
  const told = (['critical', 'warning', 'info'] as const).flatMap((level) => {
    const amount = findings.filter((finding) => finding.level === level).length;
    if (amount === 0) return [];
    return [level === 'warning' ? count(amount, level) : `${amount} ${level}`];
  });
  return told.length === 0 ? 'none' : told.join(', ');
}

function serverRow(verdict: ServerVerdict, anchor: string | undefined): ServerRowView {
  const { server, kind } = verdict;
  return {
    name: server.name,
    anchor: anchor ?? '',
    kind,
    words: VERDICT_WORDS[kind],
    facts: factsOf(verdict),
    answered: server.answered === null ? 'no samples' : formatShare(server.answered),
    findings: findingCounts(verdict),
  };
}

/** What was found about machines and the stack: `machine db1: 1 critical`. No server's verdict tells it. */
function otherFindings({ verdicts, findings }: JudgedReport, { machines }: Report): readonly string[] {
  const servers = verdicts.map(({ server }) => server.name);
  const others = findings.filter(
    ({ subject, level }) => level !== 'info' && !(subject !== null && servers.includes(subject)),
  );
  const subjects = [...new Set(others.map(({ subject }) => subject))];
  const told = subjects.slice(0, MAX_NAMES).map((subject) => {
    const isMachine = machines.some(({ name }) => name === subject);
    const who = subject === null ? 'the stack' : isMachine ? `machine ${subject}` : subject;
    return `${who}: ${findingCounts({ findings: others.filter((one) => one.subject === subject) })}`;
  });
  return subjects.length > MAX_NAMES ? [...told, `and ${subjects.length - MAX_NAMES} more`] : told;
}

/** The whole report in one sentence. */
function overall(judged: JudgedReport, report: Report): PageView['verdict'] {
  const { verdicts } = judged;
  const others = otherFindings(judged, report);
  const ranked = worstFirst(verdicts);
  const kind = ranked[0]?.kind ?? 'well';
  const [only] = verdicts;
  if (verdicts.length === 1 && only !== undefined)
    return {
      kind,
      words: `${only.server.name}: ${VERDICT_WORDS[kind]}`,
      detail: [`findings: ${findingCounts(only)}`, ...others].join('; '),
    };
  const kinds = [...new Set(ranked.map((one) => one.kind))];
  const parts = kinds.map((one) => {
    const names = ranked.filter((verdict) => verdict.kind === one).map(({ server }) => server.name);
    const who = names.length <= MAX_NAMES ? names.join(', ') : count(names.length, 'server');
    return `${who}: ${VERDICT_WORDS[one]}`;
  });
  return { kind, words: parts[0] ?? '', detail: [...parts.slice(1), ...others].join('; ') };
}

/** Rendered by the templates `report.html.hbs`, `report-place.html.hbs` and `report.css.hbs`. The same report gives the same page. */
export function renderPage(report: Report, judged: JudgedReport, templates: Templates): string {
  const { span, stackName } = report;
  const fill = createTemplateEngine(templates);
  const renderPlace = (view: PlaceView) => fill('report-place.html.hbs', view);
  const anchors = new Map(report.details.map(({ name }, i) => [name, `server-${i + 1}`]));
  const servers = report.details.map(({ name, topics }) => {
    const verdict = judged.verdicts.find(({ server }) => server.name === name);
    const head = {
      anchor: anchors.get(name) ?? '',
      title: `Server ${name}`,
      verdict: verdict?.kind ?? '',
      words: verdict === undefined ? '' : VERDICT_WORDS[verdict.kind],
      facts: verdict === undefined ? '' : factsOf(verdict),
    };
    return viewPlace(head, topics, span);
  });
  const machines = report.machines.map(({ name, topics }, i) => {
    const head = { anchor: `machine-${i + 1}`, title: `Machine ${name}`, verdict: '', words: '', facts: '' };
    return viewPlace(head, topics, span);
  });
  const fleetHead = { anchor: 'fleet', title: 'All servers', verdict: '', words: '', facts: '' };
  const fleet = report.fleet === null ? null : viewPlace(fleetHead, [report.fleet], span);
  const ranked = worstFirst(judged.verdicts);
  const cut = report.isCut ? '; nothing older is kept' : '';
  const view: PageView = {
    css: templateText(templates, 'report.css.hbs'),
    title: `PostgreSQL report: ${stackName}`,
    stack: stackName,
    range: `${formatTime(span.startSeconds)} to ${formatTime(span.endSeconds)} UTC`,
    length: `${formatLength(span.endSeconds - span.startSeconds)}${cut}`,
    made: `${formatTime(report.madeAtSeconds)} UTC`,
    version: report.version,
    verdict: overall(judged, report),
    servers: ranked.slice(0, MAX_SERVER_ROWS).map((one) => serverRow(one, anchors.get(one.server.name))),
    moreServers:
      ranked.length > MAX_SERVER_ROWS
        ? `${ranked.length - MAX_SERVER_ROWS} more servers are not listed; none of them is worse than the last one here.`
        : '',
    findings: judged.findings.slice(0, MAX_FINDINGS).map((finding) => viewFinding(finding, span)),
    moreFindings:
      judged.findings.length > MAX_FINDINGS
        ? `${count(judged.findings.length - MAX_FINDINGS, 'finding')} more, less severe, are not listed: \`--json\` has all.`
        : '',
    fleet: fleet === null || fleet.topics.length === 0 ? '' : renderPlace(fleet),
    places: [...servers, ...machines].map((place) => ({
      anchor: place.anchor,
      title: place.title,
      html: renderPlace(place),
    })),
    empty: viewEmpty(report),
    leftOut: report.leftOut,
  };
  return fill('report.html.hbs', view);
}
