/** Thresholds and switched-off alerts: names that the catalogue has, values that make sense, servers only where servers are meant. */
import type { AlertDefinition, Threshold } from '../../catalog/alerts/alert.ts';
import { ALERT_NAMES, findAlert } from '../../catalog/alerts/every-alert.ts';
import { limitText } from '../../catalog/thresholds.ts';
import { type Problem, problem } from '../document.ts';
import { nearest } from '../nearest.ts';
import type { ServerSpec, Spec } from '../schema/spec.ts';
import type { SpecPath } from '../yaml-tree.ts';

interface Choices {
  readonly thresholds: ServerSpec['thresholds'];
  readonly thresholdsPath: SpecPath;
  readonly disabled: readonly string[] | undefined;
  readonly disabledPath: SpecPath;
  /** Null = for the whole stack. */
  readonly server: string | null;
}

/** Says that no alert has this name, and which may be meant. */
export function unknownAlert(name: string): string {
  const near = nearest(name, ALERT_NAMES);
  const advice = near === null ? '; `pgmon rules list` shows them all' : `; did you mean "${near}"?`;
  return `there is no alert "${name}"${advice}`;
}

/** What is wrong with asking for this alert here, or null. */
function misplaced(name: string, server: string | null): string | null {
  const found = findAlert(name);
  if (found === undefined) return unknownAlert(name);
  if (server === null || found.alert.scope === 'server') return null;
  const about = found.alert.scope === 'host' ? 'a machine' : 'the stack itself';
  return `"${name}" is about ${about}, not about a PostgreSQL server: say it in \`alerting\`, for all`;
}

/** Shares end at 100 %; what starts above that is a growth or a multiple. */
function largestPercent({ value }: Threshold): number {
  return value > 100 ? 1000 : 100;
}

function wrongValue({ name, threshold }: AlertDefinition, value: number): string | null {
  if (threshold === null) return `"${name}" has no threshold: only \`for\` and \`severity\` can be chosen`;
  const { unit } = threshold;
  const usual = `the default is ${threshold.value} (${limitText(threshold.value, unit)})`;
  if (value < 0) return `is ${value}, must not be negative; ${usual}`;
  if (unit !== 'percent') return null;
  const max = threshold.max ?? largestPercent(threshold);
  if (value > max) return `is ${value}, must be at most ${max} percent; ${usual}`;
  if (value > 0 && value < 1 && threshold.value >= 20)
    return `is ${value}, less than one percent: write ${limitText(value * 100, 'count')} for ${limitText(value * 100, unit)}; ${usual}`;
  return null;
}

function findChoiceProblems(choices: Choices): readonly Problem[] {
  const { thresholds = {}, thresholdsPath, disabled = [], disabledPath, server } = choices;
  const inThresholds = Object.entries(thresholds).flatMap(([name, { value }]) => {
    const path = [...thresholdsPath, name];
    const misplacement = misplaced(name, server);
    if (misplacement !== null) return [problem(path, misplacement, 'key')];
    const alert = findAlert(name)?.alert;
    const wrong = alert === undefined || value === undefined ? null : wrongValue(alert, value);
    return wrong === null ? [] : [problem([...path, 'value'], wrong)];
  });
  const inDisabled = disabled.flatMap((name, index) => {
    const misplacement = misplaced(name, server);
    return misplacement === null ? [] : [problem([...disabledPath, index], misplacement)];
  });
  return [...inThresholds, ...inDisabled];
}

/** Problems of `thresholds`, `disabled` and `disabledAlerts`, for the stack and for each server. */
export function findAlertChoiceProblems({ alerting, servers }: Spec): readonly Problem[] {
  const all: Choices = {
    thresholds: alerting.thresholds,
    thresholdsPath: ['alerting', 'thresholds'],
    disabled: alerting.disabled,
    disabledPath: ['alerting', 'disabled'],
    server: null,
  };
  const own = servers.map(
    ({ name, thresholds, disabledAlerts }, i): Choices => ({
      thresholds,
      thresholdsPath: ['servers', i, 'thresholds'],
      disabled: disabledAlerts,
      disabledPath: ['servers', i, 'disabledAlerts'],
      server: name,
    }),
  );
  return [all, ...own].flatMap(findChoiceProblems);
}
