/** Grafana Alerting's files, for stacks in which Grafana is the engine: rules, contact points, policies, mute timings, texts. */
import { stringify } from 'yaml';
import type { Receiver } from '../stack/delivery.ts';
import type { RenderedFile } from '../stack/rendered-stack.ts';
import type { Stack } from '../stack/stack.ts';
import { buildGrafanaRules } from './grafana-alert-rules.ts';
import { buildContactPoints } from './grafana-contact-points.ts';
import { secretSetting } from './grafana-places.ts';
import { buildMuteTimes, buildPolicies } from './grafana-policies.ts';
import type { RenderContext } from './render-context.ts';
import { wellFormed } from './scalars.ts';

const DIRECTORY = 'grafana/provisioning/alerting';

/** Every text quoted: nothing in it can be read as anything else. */
function yaml(value: object): string {
  return stringify(JSON.parse(wellFormed(JSON.stringify(value))), {
    version: '1.1',
    lineWidth: 0,
    aliasDuplicateObjects: false,
    defaultStringType: 'QUOTE_DOUBLE',
    defaultKeyType: 'PLAIN',
  });
}

/** True when Grafana evaluates and sends. */
export function isGrafanaEngine({ alerts, grafana }: Stack): boolean {
  return alerts.engine === 'grafana' && grafana !== null;
}

/** The same texts as Alertmanager's. Comments in front of the first `define` would be part of no template. */
function buildTemplates(stack: Stack, { fill }: RenderContext) {
  const text = fill('alertmanager-messages.tmpl.hbs', {
    header: '',
    hasPrometheusUrl: (stack.grafana?.rootUrl ?? null) !== null,
    hasAlertmanagerUrl: false,
  });
  const template = text.slice(text.indexOf('{{ define')).replace(/\n{3,}/g, '\n\n');
  return { apiVersion: 1, templates: [{ orgId: 1, name: 'pgmon', template }] };
}

export function renderGrafanaAlerting(stack: Stack, context: RenderContext): readonly RenderedFile[] {
  if (!isGrafanaEngine(stack)) return [];
  const files: Readonly<Record<string, object>> = {
    'contact-points': buildContactPoints(stack),
    'mute-times': buildMuteTimes(stack.delivery),
    policies: buildPolicies(stack.delivery),
    rules: buildGrafanaRules(stack),
    templates: buildTemplates(stack, context),
  };
  return Object.entries(files).map(([name, value]) => ({
    path: `${DIRECTORY}/${name}.yml`,
    content: `# ${context.header}\n${yaml(value)}`,
  }));
}

type MailReceiver = Extract<Receiver, { kind: 'email' }>;
/** Hosts of webhooks, as `host:port`: one of them may be this machine. */
export function webhookHosts(stack: Stack): readonly string[] {
  if (!isGrafanaEngine(stack)) return [];
  return stack.delivery.receivers.flatMap((receiver) =>
    receiver.kind === 'webhook' && receiver.url !== null ? [new URL(receiver.url).host] : [],
  );
}

const isEmail = (receiver: Receiver): receiver is MailReceiver => receiver.kind === 'email';

/** The mail receiver whose server Grafana uses; it has one for all. */
export function mailServerOf({ delivery }: Stack): MailReceiver | null {
  return delivery.receivers.find(isEmail) ?? null;
}

/** Grafana's settings for alerting: only one engine evaluates. Mail goes through Grafana's own SMTP settings. */
export function alertingEnvironment(stack: Stack): Readonly<Record<string, string>> {
  if (!isGrafanaEngine(stack)) return { GF_UNIFIED_ALERTING_EXECUTE_ALERTS: 'false' };
  const mail = mailServerOf(stack);
  if (mail === null) return {};
  return {
    GF_SMTP_ENABLED: 'true',
    GF_SMTP_HOST: mail.smarthost,
    GF_SMTP_FROM_ADDRESS: mail.from,
    GF_SMTP_STARTTLS_POLICY: mail.requireTls ? 'MandatoryStartTLS' : 'OpportunisticStartTLS',
    ...(mail.user === null ? {} : { GF_SMTP_USER: mail.user }),
    ...(mail.passwordSecret === null ? {} : secretSetting(stack, 'GF_SMTP_PASSWORD', mail.passwordSecret)),
  };
}
