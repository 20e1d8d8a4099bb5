/** `pgmon report`: the panels of a time range as one self-contained HTML page, with a verdict and findings at the top. */
import { readSecrets } from '../../apply/secrets.ts';
import { CancelledError, EXIT_CODES, UsageError } from '../../errors.ts';
import { formatSize } from '../../images/format-size.ts';
import { printable } from '../../output/printable.ts';
import type { CommandResult } from '../../output/reporter.ts';
import { type JudgedReport, judgeReport } from '../../report/judge-report.ts';
import { renderPage } from '../../report/render-page.ts';
import type { Report } from '../../report/report.ts';
import { VERDICT_WORDS } from '../../report/verdict.ts';
import { formatTime } from '../../report/words.ts';
import { chooseServers } from '../choose-servers.ts';
import type { CommandContext, StackOptions } from '../context.ts';
import { loadRendering, readTemplates } from '../load-stack.ts';
import { toPrometheusError } from '../prometheus-error.ts';
import { writeOutput } from '../write-output.ts';
import { loadReport } from './report-data.ts';
import { reportJson, type WrittenReport } from './report-json.ts';
import { type RangeFlags, readRange } from './report-range.ts';

export interface ReportOptions extends StackOptions, RangeFlags {
  /** As in the spec; empty = all. */
  readonly servers: readonly string[];
  /** File as typed, or `-` for stdout. */
  readonly output?: string;
}

function checkOptions({ output, json }: ReportOptions): void {
  if (output === '-' && json)
    throw new UsageError('--output - and --json both want stdout', {
      hint: 'name a file: --output report.html',
    });
  if (output === '') throw new UsageError('--output names no file', { hint: 'name a file, or - for stdout' });
}

async function writeReport(context: CommandContext, file: string, html: string): Promise<WrittenReport> {
  await writeOutput(context.host, { file, content: html, errorCode: 'report-not-written' });
  return { file, bytes: Buffer.byteLength(html) };
}

/** `pgmon-report-demo-20260131-1200.html`: reports of several days lie side by side. */
function defaultFile({ stackName, span }: Report): string {
  const time = formatTime(span.endSeconds).replace(/[-:]/g, '').replace(' ', '-');
  return `pgmon-report-${stackName}-${time}.html`;
}

function summary({ span }: Report, { verdicts, findings }: JudgedReport): string {
  const lines = verdicts
    .filter(({ kind }, i) => kind !== 'well' || i < 20)
    .map(({ server, kind }) => `${server.name}: ${VERDICT_WORDS[kind]}`);
  const about =
    findings.length === 0
      ? 'no findings'
      : `findings: ${findings.length}, the first: ${printable(findings[0]?.title ?? '')}`;
  return `${formatTime(span.startSeconds)} to ${formatTime(span.endSeconds)} UTC\n${lines.join('\n')}\n${about}\n`;
}

/** Exit code 0 also with findings: it tells, `pgmon check` judges. With `--json` a file is written only where one is named. */
export async function report(context: CommandContext, options: ReportOptions): Promise<CommandResult> {
  checkOptions(options);
  const { host, signal } = context;
  const range = readRange(options, host.clock.now());
  const { stack, rendered, outDir } = await loadRendering(context, options);
  // None named: the report chooses.
  const servers =
    options.servers.length === 0 ? [] : chooseServers(stack, options.servers).map(({ name }) => name);
  const isOptional = (id: string) => !id.startsWith('prometheus.');
  const secrets = await readSecrets(host, { stack, outDir, create: false, isOptional });
  context.reporter.event({ resource: `panels of stack ${stack.name}`, action: 'read', status: 'started' });
  const request = { stack, range, servers, version: context.version };
  const found = await loadReport({ host, signal, rendered, secrets }, request).catch((error: unknown) => {
    if (signal.aborted) throw new CancelledError('interrupted', { cause: error });
    throw toPrometheusError(error, stack.name, options);
  });
  const judged = judgeReport(found);
  const nowhere: WrittenReport = { file: null, bytes: null };
  if (options.json && options.output === undefined)
    return { exitCode: EXIT_CODES.done, text: '', json: reportJson(found, judged, nowhere) };
  const html = renderPage(found, judged, await readTemplates(host, { grafana: null }));
  if (options.output === '-') return { exitCode: EXIT_CODES.done, text: html, json: {} };
  const written = await writeReport(context, options.output ?? defaultFile(found), html);
  return {
    exitCode: EXIT_CODES.done,
    text: `${written.file}: ${formatSize(written.bytes ?? 0)}, ${summary(found, judged)}`,
    json: reportJson(found, judged, written),
  };
}
