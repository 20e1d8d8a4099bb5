/**
 * Grafana's dashboards: files that ship with pgmon, with the header and the addresses of runbooks put in. They are no Handlebars
 * templates, because legends have braces of their own; JSON has no comments, so the header stands in the description.
 */

import type { DashboardNeed } from '../catalog/dashboards/dashboard.ts';
import { hasNeeded } from '../stack/dashboard-needs.ts';
import type { RenderedFile } from '../stack/rendered-stack.ts';
import type { Stack } from '../stack/stack.ts';
import type { RenderContext } from './render-context.ts';
import { type Templates, templateText } from './template-engine.ts';

const OPENING = '{\n  "description": "';
const END_OF_DESCRIPTION = '",\n';

const jsonText = (text: string): string => JSON.stringify(text).slice(1, -1);

/** Header and description stand on the file's first line, where pgmon looks for its mark. Throws for a text that begins otherwise. */
function withHeader(text: string, header: string): string {
  const end = text.indexOf(END_OF_DESCRIPTION);
  if (!text.startsWith(OPENING) || end === -1)
    throw new Error('a dashboard does not begin with its description; run npm run dashboards');
  return `{ "description": "${text.slice(OPENING.length, end)} ${jsonText(header)}${text.slice(end)}`;
}

/** In Markdown and in Grafana's texts these would mean something. */
const LITERAL: Readonly<Record<string, string>> = { '(': '%28', ')': '%29', $: '%24' };

function withRunbookLinks(text: string, runbookUrl: string | null): string {
  if (runbookUrl === null) return text;
  const base = jsonText(runbookUrl.replace(/[()$]/g, (sign) => LITERAL[sign] ?? sign));
  return text.replace(/`pgmon runbook (\w+)`/g, (command, alert: string) => `[${command}](${base}/${alert})`);
}

interface IndexEntry {
  readonly slug: string;
  readonly uid: string;
  readonly needs: DashboardNeed | null;
}

/** A link goes with the dashboard that it leads to. */
function withoutLinksTo(text: string, absent: readonly IndexEntry[]): string {
  const addresses = absent.map(({ uid }) => `/d/${uid}?`).filter((address) => text.includes(address));
  if (addresses.length === 0) return text;
  const leads = (value: unknown): boolean => {
    const { url } = (value ?? {}) as { readonly url?: unknown };
    return typeof url === 'string' && addresses.some((address) => url.startsWith(address));
  };
  const parsed: unknown = JSON.parse(text, (_key, value: unknown) =>
    Array.isArray(value) ? value.filter((one) => !leads(one)) : value,
  );
  return `${JSON.stringify(parsed, null, 2)}\n`;
}

export function renderDashboards(
  stack: Stack,
  { header }: Pick<RenderContext, 'header'>,
  templates: Templates,
): readonly RenderedFile[] {
  if (stack.grafana === null) return [];
  const index: readonly IndexEntry[] = JSON.parse(templateText(templates, 'dashboards.json'));
  const absent = index.filter(({ needs }) => !hasNeeded(stack, needs));
  return index
    .filter(({ needs }) => hasNeeded(stack, needs))
    .map(({ slug }) => {
      const text = withoutLinksTo(templateText(templates, `dashboards/${slug}.json`), absent);
      return {
        path: `grafana/dashboards/${slug}.json`,
        content: withHeader(withRunbookLinks(text, stack.alerts.runbookUrl), header),
      };
    });
}
