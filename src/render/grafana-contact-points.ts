/** Grafana's contact points: the spec's receivers with their texts, each secret read from its file by Grafana itself. */
import { DELIVERY_NAMES } from '../conventions.ts';
import { assertNever, EnvironmentError } from '../errors.ts';
import type { Delivery, Receiver } from '../stack/delivery.ts';
import type { SecretFile } from '../stack/rendered-stack.ts';
import type { Stack } from '../stack/stack.ts';
import { secretReference } from './grafana-places.ts';
import { valueFiles } from './secret-files.ts';

/** `$` means something to Grafana in these files. */
export const dollarText = (text: string): string => text.replaceAll('$', '$$$$');
const call = (template: string): string => `{{ template "pgmon.${template}" . }}`;

interface Integration {
  readonly type: string;
  readonly settings: Readonly<Record<string, string | boolean>>;
}

function integration(stack: Stack, receiver: Receiver): Integration {
  const secret = (id: string | null) => (id === null ? '' : secretReference(stack, id));
  switch (receiver.kind) {
    case 'webhook':
      return {
        type: 'webhook',
        settings: {
          url: receiver.url === null ? secret(receiver.urlSecret) : dollarText(receiver.url),
          httpMethod: 'POST',
        },
      };
    case 'slack':
      return {
        type: 'slack',
        settings: {
          url: secret(receiver.urlSecret),
          recipient: dollarText(receiver.channel),
          username: 'pgmon',
          title: call('slack.title'),
          text: call('slack.text'),
        },
      };
    case 'email':
      return {
        type: 'email',
        settings: {
          addresses: dollarText(receiver.to.join(';')),
          singleEmail: true,
          subject: call('subject'),
          message: call('email.text'),
        },
      };
    case 'pagerduty':
      return {
        type: 'pagerduty',
        settings: {
          integrationKey: secret(receiver.routingKeySecret),
          severity: call('severity'),
          summary: call('subject'),
          source: call('source'),
          class: call('alertnames'),
          component: call('server'),
          group: call('environment'),
          client: 'pgmon',
          ...(receiver.apiUrl === null ? {} : { url: dollarText(receiver.apiUrl) }),
        },
      };
    case 'teams':
      return {
        type: 'teams',
        settings: { url: secret(receiver.urlSecret), title: call('subject'), message: call('teams.text') },
      };
    case 'telegram':
      return {
        type: 'telegram',
        settings: {
          bottoken: secret(receiver.tokenSecret),
          chatid: String(receiver.chatId),
          parse_mode: 'HTML',
          message: call('telegram.message'),
        },
      };
    case 'discord':
      return {
        type: 'discord',
        settings: {
          url: secret(receiver.urlSecret),
          title: call('subject'),
          message: call('discord.message'),
          use_discord_username: true,
        },
      };
    default:
      return assertNever(receiver);
  }
}

/** At most 40 characters; receivers' names are unique, and so are the first letters and the place. */
const uidOf = (name: string, index: number): string => `pgmon-${index + 1}-${name.slice(0, 28)}`;

/** A contact point must exist to be named. Nothing listens there, and what goes there is muted at all times. */
const NOBODY = {
  orgId: 1,
  name: DELIVERY_NAMES.noReceiver,
  receivers: [
    {
      uid: DELIVERY_NAMES.noReceiver,
      type: 'webhook',
      settings: { url: 'http://127.0.0.1:9/', httpMethod: 'POST' },
      disableResolveMessage: true,
    },
  ],
};

export function buildContactPoints(stack: Stack) {
  const { receivers, defaultReceiver, deadManSwitch } = stack.delivery;
  const points = receivers.map((receiver, index) => ({
    orgId: 1,
    name: receiver.name,
    receivers: [
      {
        uid: uidOf(receiver.name, index),
        ...integration(stack, receiver),
        // "It is over" would itself be a sign of life.
        disableResolveMessage: !receiver.sendResolved || receiver.name === deadManSwitch?.receiver,
      },
    ],
  }));
  const isNobodyUsed = defaultReceiver === null || deadManSwitch === null;
  return { apiVersion: 1, contactPoints: [...(isNobodyUsed ? [NOBODY] : []), ...points] };
}

function secretsOf(receiver: Receiver): readonly (string | null)[] {
  switch (receiver.kind) {
    case 'email':
      return [];
    case 'pagerduty':
      return [receiver.routingKeySecret];
    case 'telegram':
      return [receiver.tokenSecret];
    default:
      return [receiver.urlSecret];
  }
}

/** What Go reads as a number or a truth value. */
const LOOKS_TYPED =
  /^([+-]?(\d[\d_]*|0[xX][\da-fA-F]+|\d*\.?\d+([eE][+-]?\d+)?|\d+\.|inf|infinity|nan)|t|f|true|false)$/i;

/** Grafana turns such values into something else on its way to the contact point: it must be said, not sent wrong. */
function refuseMangled(id: string, value: string): string {
  const why = value.includes('$')
    ? 'contains a `$`, which Grafana replaces in provisioned contact points'
    : LOOKS_TYPED.test(value.trim())
      ? 'looks like a number or a truth value, which Grafana does not keep as text'
      : null;
  if (why === null) return value;
  throw new EnvironmentError(`the secret ${id} ${why}`, {
    code: 'secret-unusable',
    hint: 'use another value, or `alerting.engine: alertmanager`',
  });
}

/** One file for each secret of a contact point; writing them fails for values that Grafana would not keep. */
export function contactPointSecretFiles({ receivers }: Delivery): readonly SecretFile[] {
  return valueFiles('grafana', receivers.flatMap(secretsOf)).map((file) => ({
    ...file,
    render: (values) => refuseMangled(file.secrets.join(), file.render(values)),
  }));
}
