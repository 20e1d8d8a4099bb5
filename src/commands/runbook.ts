/** `pgmon runbook`: prints the page about an alert that ships with pgmon, or the names of all. */
import path from 'node:path';
import { ALERT_NAMES, EVERY_ALERT } from '../catalog/alerts/every-alert.ts';
import { EnvironmentError, EXIT_CODES, UsageError } from '../errors.ts';
import type { CommandResult } from '../output/reporter.ts';
import { nearest } from '../spec/nearest.ts';
import type { CommandContext, GlobalOptions } from './context.ts';

export interface RunbookOptions extends GlobalOptions {
  /** As typed; undefined = list them. */
  readonly alert: string | undefined;
}

function listRunbooks(): CommandResult {
  const families = [...new Set(EVERY_ALERT.map(({ family }) => family))];
  const text = families.map((family) => {
    const names = EVERY_ALERT.filter((one) => one.family === family).map(({ alert }) => `  ${alert.name}\n`);
    return `${family}\n${names.join('')}`;
  });
  return {
    exitCode: EXIT_CODES.done,
    text: `${text.join('')}print one with: pgmon runbook <alert>\n`,
    json: { alerts: EVERY_ALERT.map(({ family, alert }) => ({ name: alert.name, family })) },
  };
}

function nameOf(typed: string): string {
  const known = ALERT_NAMES.find((name) => name.toLowerCase() === typed.toLowerCase());
  if (known !== undefined) return known;
  const near = nearest(typed, ALERT_NAMES);
  throw new UsageError(`there is no alert ${JSON.stringify(typed)}`, {
    hint: near === null ? 'list them with `pgmon runbook`' : `did you mean \`pgmon runbook ${near}\`?`,
  });
}

/** Upper and lower case do not matter. Rejects with UsageError for an alert that does not exist. */
export async function runbook({ host }: CommandContext, { alert }: RunbookOptions): Promise<CommandResult> {
  if (alert === undefined) return listRunbooks();
  const name = nameOf(alert);
  const file = path.join(host.packageDir, 'docs', 'runbooks', `${name}.md`);
  const text = await host.fs.readTextIfExists(file);
  if (text === null) {
    throw new EnvironmentError(`the page about ${name} is missing: ${file}`, {
      code: 'runbook-missing',
      hint: 'install pgmon again',
    });
  }
  return { exitCode: EXIT_CODES.done, text, json: { alert: name, text } };
}
