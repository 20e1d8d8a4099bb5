/** Which of the message templates (`templates/alertmanager-messages.tmpl.hbs`) each kind of receiver uses, field by field. */
import type { Receiver } from '../stack/delivery.ts';
import { yamlString } from './scalars.ts';

export interface MessageLinks {
  readonly hasAlertmanagerUrl: boolean;
}

export interface MessageField {
  readonly key: string;
  /** Already YAML. */
  readonly text: string;
}

/** A call of one of the templates; what it yields is checked by Alertmanager only when a message is made. */
const call = (template: string): string => yamlString(`{{ template "pgmon.${template}" . }}`);

function flowMapping(pairs: Readonly<Record<string, string>>): string {
  const entries = Object.entries(pairs).map(([key, text]) => `${yamlString(key)}: ${text}`);
  return `{${entries.join(', ')}}`;
}

const PAGERDUTY_DETAILS = flowMapping({
  firing: call('details.firing'),
  resolved: call('details.resolved'),
  runbook: call('runbook'),
  sql: call('sql'),
});
const PAGERDUTY_LINKS = `[${flowMapping({ href: call('runbook_url'), text: yamlString('Runbook') })}]`;

/** Texts of one kind of receiver, in the order in which they are written. A webhook gets Alertmanager's own document. */
export function messageFields(kind: Receiver['kind'], links: MessageLinks): readonly MessageField[] {
  const fields: Readonly<Record<Receiver['kind'], Readonly<Record<string, string>>>> = {
    webhook: {},
    slack: {
      username: yamlString('pgmon'),
      title: call('slack.title'),
      // Alertmanager's own default is the name of a container, where no reader can go.
      title_link: links.hasAlertmanagerUrl ? call('alertmanager_url') : call('runbook_url'),
      fallback: call('slack.title'),
      text: call('slack.text'),
      color: call('slack.color'),
    },
    email: {
      headers: flowMapping({ Subject: call('subject') }),
      text: call('email.text'),
      html: call('email.html'),
    },
    pagerduty: {
      description: call('subject'),
      severity: call('severity'),
      source: call('source'),
      class: call('alertnames'),
      component: call('server'),
      group: call('environment'),
      client: yamlString('pgmon'),
      client_url: call('alertmanager_url'),
      details: PAGERDUTY_DETAILS,
      links: PAGERDUTY_LINKS,
    },
    teams: { title: call('subject'), text: call('teams.text') },
    telegram: { message: call('telegram.message') },
    discord: { username: yamlString('pgmon'), title: call('subject'), message: call('discord.message') },
  };
  return Object.entries(fields[kind]).map(([key, text]) => ({ key, text }));
}
