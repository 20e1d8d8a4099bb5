/** Alertmanager's receivers: each of the spec's kinds as the section and fields that Alertmanager wants. */
import { assertNever } from '../errors.ts';
import type { Receiver } from '../stack/stack.ts';
import { type Scalar, templateSafe, yamlScalar, yamlString } from './scalars.ts';
import { secretPath } from './secret-files.ts';

export interface FieldView {
  readonly key: string;
  /** Already a YAML scalar. */
  readonly text: string;
}

export interface EntryView {
  readonly sendResolved: boolean;
  readonly fields: readonly FieldView[];
}

export interface IntegrationView {
  readonly section: string;
  readonly entries: readonly EntryView[];
}

export interface ReceiverView {
  readonly name: string;
  readonly integrations: readonly IntegrationView[];
}

const plain = (key: string, value: Scalar): FieldView => ({ key, text: yamlScalar(value) });
/** Alertmanager expands templates in these. */
const text = (key: string, value: string): FieldView => ({ key, text: templateSafe(value) });
const file = (key: string, secret: string | null): readonly FieldView[] =>
  secret === null ? [] : [{ key, text: yamlString(secretPath(secret)) }];

/** Braces as percent codes: the same address, and no template for those versions that expand them. */
function urlField(key: string, url: string | null): readonly FieldView[] {
  return url === null ? [] : [plain(key, url.replaceAll('{', '%7B').replaceAll('}', '%7D'))];
}

function integration(receiver: Receiver): readonly [section: string, fields: readonly FieldView[]] {
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
      return ['pagerduty_configs', file('routing_key_file', receiver.routingKeySecret)];
    case 'teams':
      return ['msteamsv2_configs', file('webhook_url_file', receiver.urlSecret)];
    case 'telegram':
      return [
        'telegram_configs',
        [
          ...file('bot_token_file', receiver.tokenSecret),
          plain('chat_id', receiver.chatId),
          plain('parse_mode', 'HTML'),
        ],
      ];
    case 'discord':
      return ['discord_configs', file('webhook_url_file', receiver.urlSecret)];
    default:
      return assertNever(receiver);
  }
}

function integrationsOf(receivers: readonly Receiver[]): readonly IntegrationView[] {
  const sections = new Map<string, readonly EntryView[]>();
  for (const receiver of receivers) {
    const [section, fields] = integration(receiver);
    sections.set(section, [
      ...(sections.get(section) ?? []),
      { sendResolved: receiver.sendResolved, fields },
    ]);
  }
  return [...sections].map(([section, entries]) => ({ section, entries }));
}

/** Receivers of one name become one receiver with several integrations; in the order of their first mention. */
export function buildReceiversView(receivers: readonly Receiver[]): readonly ReceiverView[] {
  const names = [...new Set(receivers.map((receiver) => receiver.name))];
  return names.map((name) => ({
    name,
    integrations: integrationsOf(receivers.filter((one) => one.name === name)),
  }));
}
