/** `pgmon rules list`: every alert, what triggers it in this spec, and whether it is on. */
import { limitText } from '../catalog/thresholds.ts';
import { EXIT_CODES } from '../errors.ts';
import { createColours, wantsColour } from '../output/colours.ts';
import type { CommandResult } from '../output/reporter.ts';
import { formatTable } from '../output/table.ts';
import { type AlertState, alertStates, type ServerChoice } from '../render/alert-states.ts';
import type { AlertOverride } from '../stack/stack.ts';
import type { CommandContext, StackOptions } from './context.ts';
import { loadStack } from './load-stack.ts';

function thresholdOf({ alert }: AlertState, override: AlertOverride | null) {
  if (alert.threshold === null) return null;
  const { unit, value: standard } = alert.threshold;
  const value = override?.value ?? standard;
  return { value, unit, text: limitText(value, unit), default: standard };
}

/** `off`, or what differs: `90 %, for 10m, critical`. */
function choiceText(row: AlertState, { isOff, override }: Omit<ServerChoice, 'server'>): string {
  if (isOff) return 'off';
  const unit = row.alert.threshold?.unit;
  const value = override?.value ?? null;
  return [
    ...(value === null || unit === undefined ? [] : [limitText(value, unit)]),
    ...(override?.for ? [`for ${override.for}`] : []),
    ...(override?.keepFiringFor ? [`kept for ${override.keepFiringFor}`] : []),
    ...(override?.severity ? [override.severity] : []),
  ].join(', ');
}

function stateText(row: AlertState): string {
  const state = row.reason ?? row.state;
  const own = row.servers.map((choice) => `${choice.server}: ${choiceText(row, choice)}`);
  return [state, ...(row.state === 'on' ? own : [])].join('; ');
}

function tableRow(row: AlertState): readonly string[] {
  const { alert, family, override } = row;
  return [
    alert.name,
    family,
    override?.severity ?? alert.severity,
    override?.for ?? alert.for ?? '-',
    thresholdOf(row, override)?.text ?? '-',
    alert.needs.join(', ') || '-',
    stateText(row),
  ];
}

function toJson(row: AlertState) {
  const { alert, family, override, state, reason, servers } = row;
  return {
    name: alert.name,
    family,
    scope: alert.scope,
    severity: override?.severity ?? alert.severity,
    for: override?.for ?? alert.for,
    keepFiringFor: override?.keepFiringFor ?? alert.keepFiringFor,
    threshold: thresholdOf(row, override),
    needs: alert.needs,
    versions: alert.versions,
    silentWhen: alert.silentWhen,
    state,
    reason,
    servers: servers.map(({ server, isOff, override: own }) => ({
      server,
      state: isOff ? 'off' : 'on',
      threshold: thresholdOf(row, { ...(own ?? NOTHING), value: own?.value ?? override?.value ?? null }),
      for: own?.for ?? override?.for ?? alert.for,
      keepFiringFor: own?.keepFiringFor ?? override?.keepFiringFor ?? alert.keepFiringFor,
      severity: own?.severity ?? override?.severity ?? alert.severity,
    })),
  };
}

const NOTHING: AlertOverride = { value: null, for: null, keepFiringFor: null, severity: null };
const TITLES = ['ALERT', 'FAMILY', 'SEVERITY', 'FOR', 'THRESHOLD', 'NEEDS', 'STATE'];

/** Reads the spec only. */
export async function rulesList(context: CommandContext, options: StackOptions): Promise<CommandResult> {
  const { stack } = await loadStack(context, options);
  const { stdout, env } = context.host;
  const rows = alertStates(stack);
  const colours = createColours(wantsColour(stdout, env));
  const isOn = (text: string) => text === 'on' || text.startsWith('on;');
  const columns = TITLES.map((title) =>
    title === 'STATE'
      ? { title, paint: (text: string) => (isOn(text) ? text : colours.dim(text)) }
      : { title },
  );
  const count = rows.filter(({ state }) => state === 'on').length;
  const table = formatTable(columns, rows.map(tableRow), { width: stdout.isTTY ? stdout.columns : null });
  return {
    exitCode: EXIT_CODES.done,
    text: `${table}${count} of ${rows.length} alerts are on. \`pgmon runbook <alert>\` explains one; docs/alerts.md has their conditions.\n`,
    json: { stack: stack.name, alerts: rows.map(toJson) },
  };
}
