/** Receivers with their secrets noted. */
import type { Receiver } from '../../stack/delivery.ts';
import type { ReceiverSpec } from '../schema/spec.ts';
import type { SecretBook } from './secrets.ts';

type Email = NonNullable<ReceiverSpec['email']>;

function resolveEmail(name: string, email: Email, id: string, secrets: SecretBook): Receiver {
  return {
    kind: 'email',
    name,
    to: typeof email.to === 'string' ? [email.to] : email.to,
    from: email.from,
    smarthost: email.smarthost,
    user: email.user ?? null,
    passwordSecret: email.password === undefined ? null : secrets.add(`${id}.password`, email.password),
    requireTls: email.requireTls,
    sendResolved: email.sendResolved,
  };
}

function resolveWebhook(
  name: string,
  webhook: NonNullable<ReceiverSpec['webhook']>,
  id: string,
  secrets: SecretBook,
): Receiver {
  const { url, sendResolved } = webhook;
  if (typeof url === 'string') return { kind: 'webhook', name, url, urlSecret: null, sendResolved };
  return { kind: 'webhook', name, url: null, urlSecret: secrets.add(`${id}.url`, url), sendResolved };
}

/** The receiver's one kind; parsing has made sure that there is exactly one. */
export function resolveReceiver(receiver: ReceiverSpec, secrets: SecretBook): readonly Receiver[] {
  const { name, webhook, slack, email, pagerduty, teams, telegram, discord } = receiver;
  const id = `alerting.receivers.${name}`;
  if (webhook) return [resolveWebhook(name, webhook, id, secrets)];
  if (email) return [resolveEmail(name, email, id, secrets)];
  if (slack) {
    const { channel, sendResolved } = slack;
    return [{ kind: 'slack', name, urlSecret: secrets.add(`${id}.url`, slack.url), channel, sendResolved }];
  }
  if (pagerduty) {
    const routingKeySecret = secrets.add(`${id}.routingKey`, pagerduty.routingKey);
    const { apiUrl = null, sendResolved } = pagerduty;
    return [{ kind: 'pagerduty', name, routingKeySecret, apiUrl, sendResolved }];
  }
  if (teams) {
    return [
      {
        kind: 'teams',
        name,
        urlSecret: secrets.add(`${id}.url`, teams.url),
        sendResolved: teams.sendResolved,
      },
    ];
  }
  if (telegram) {
    const { chatId, apiUrl = null, sendResolved } = telegram;
    return [
      {
        kind: 'telegram',
        name,
        tokenSecret: secrets.add(`${id}.token`, telegram.token),
        chatId,
        apiUrl,
        sendResolved,
      },
    ];
  }
  if (discord) {
    return [
      {
        kind: 'discord',
        name,
        urlSecret: secrets.add(`${id}.url`, discord.url),
        sendResolved: discord.sendResolved,
      },
    ];
  }
  return [];
}
