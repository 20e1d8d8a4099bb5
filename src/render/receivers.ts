/** Alertmanager's receivers: each of the spec's kinds as the section and fields that Alertmanager wants. */
import { assertNever } from '../errors.ts';
import type { Receiver } from '../stack/delivery.ts';
import { type MessageField, type MessageLinks, messageFields } from './alertmanager-messages.ts';
import { type Scalar, templateSafe, yamlScalar, yamlString } from './scalars.ts';

export interface EntryView {
  readonly sendResolved: boolean;
  readonly fields: readonly MessageField[];
}

export interface IntegrationView {
  readonly section: string;
  readonly entries: readonly EntryView[];
}

export interface ReceiverView {
  readonly name: string;
  readonly integrations: readonly IntegrationView[];
}

export interface ReceiverOptions {
  readonly links: MessageLinks;
  /** Path of a secret's file as Alertmanager sees it. */
  readonly fileOf: (secret: string) => string;
}

const plain = (key: string, value: Scalar): MessageField => ({ key, text: yamlScalar(value) });
/** Alertmanager expands templates in these. */
const text = (key: string, value: string): MessageField => ({ key, text: templateSafe(value) });

/** Braces as percent codes: the same address, and no template for those versions that expand them. */
function urlField(key: string, url: string | null): readonly MessageField[] {
  return url === null ? [] : [plain(key, url.replaceAll('{', '%7B').replaceAll('}', '%7D'))];
}

function integration(
  receiver: Receiver,
  fileOf: ReceiverOptions['fileOf'],
): readonly [section: string, fields: readonly MessageField[]] {
  const file = (key: string, secret: string | null): readonly MessageField[] =>
    secret === null ? [] : [{ key, text: yamlString(fileOf(secret)) }];
  switch (receiver.kind) {
    case 'webhook':
      return ['webhook_configs', [...urlField('url', receiver.url), ...file('url_file', receiver.urlSecret)]];
    case 'slack':
      return [
        'slack_configs',
        [...file('api_url_file', receiver.urlSecret), text('channel', receiver.channel)],
      ];
    case 'email':
      return [
        'email_configs',
        [
          text('to', receiver.to.join(', ')),
          text('from', receiver.from),
          plain('smarthost', receiver.smarthost),
          ...(receiver.user === null ? [] : [plain('auth_username', receiver.user)]),
          ...file('auth_password_file', receiver.passwordSecret),
          plain('require_tls', receiver.requireTls),
        ],
      ];
    case 'pagerduty':
      return [
        'pagerduty_configs',
        [...file('routing_key_file', receiver.routingKeySecret), ...urlField('url', receiver.apiUrl)],
      ];
    case 'teams':
      return ['msteamsv2_configs', file('webhook_url_file', receiver.urlSecret)];
    case 'telegram':
      return [
        'telegram_configs',
        [
          ...file('bot_token_file', receiver.tokenSecret),
          plain('chat_id', receiver.chatId),
          plain('parse_mode', 'HTML'),
          ...urlField('api_url', receiver.apiUrl?.replace(/\/+$/, '') ?? null),
        ],
      ];
    case 'discord':
      return ['discord_configs', file('webhook_url_file', receiver.urlSecret)];
    default:
      return assertNever(receiver);
  }
}

function integrationsOf(
  receivers: readonly Receiver[],
  { links, fileOf }: ReceiverOptions,
): readonly IntegrationView[] {
  const sections = new Map<string, readonly EntryView[]>();
  for (const receiver of receivers) {
    const [section, fields] = integration(receiver, fileOf);
    sections.set(section, [
      ...(sections.get(section) ?? []),
      {
        sendResolved: receiver.sendResolved,
        fields: [...fields, ...messageFields(receiver.kind, links)],
      },
    ]);
  }
  return [...sections].map(([section, entries]) => ({ section, entries }));
}

/** Receivers of one name become one receiver with several integrations; in the order of their first mention. */
export function buildReceiversView(
  receivers: readonly Receiver[],
  options: ReceiverOptions,
): readonly ReceiverView[] {
  const names = [...new Set(receivers.map((receiver) => receiver.name))];
  return names.map((name) => ({
    name,
    integrations: integrationsOf(
      receivers.filter((one) => one.name === name),
      options,
    ),
  }));
}
