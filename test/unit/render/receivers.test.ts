import { describe, expect, it } from 'vitest';
import { buildReceiversView } from '../../../src/render/receivers.ts';
import type { Receiver } from '../../../src/stack/delivery.ts';
import { EVERY_RECEIVER } from '../../support/full-stack-fixture.ts';

const OPTIONS = {
  links: { hasAlertmanagerUrl: false },
  fileOf: (secret: string) => `/run/secrets/${secret}`,
};

function fieldsOf(name: string): Readonly<Record<string, string>> {
  const receiver = buildReceiversView(EVERY_RECEIVER, OPTIONS).find((one) => one.name === name);
  const entries = receiver?.integrations.flatMap((integration) => integration.entries) ?? [];
  return Object.fromEntries(entries.flatMap((entry) => entry.fields.map(({ key, text }) => [key, text])));
}

describe('buildReceiversView', () => {
  it('takes every secret from a file', () => {
    expect(fieldsOf('secret-hook')).toEqual({ url_file: '"/run/secrets/receivers.secret-hook.url"' });
    expect(fieldsOf('chat').api_url_file).toBe('"/run/secrets/receivers.chat.url"');
    expect(fieldsOf('mail').auth_password_file).toBe('"/run/secrets/receivers.mail.password"');
    expect(fieldsOf('pager').routing_key_file).toBe('"/run/secrets/receivers.pager.routingKey"');
    expect(fieldsOf('team').webhook_url_file).toBe('"/run/secrets/receivers.team.url"');
    expect(fieldsOf('gram').bot_token_file).toBe('"/run/secrets/receivers.gram.token"');
    expect(fieldsOf('cord').webhook_url_file).toBe('"/run/secrets/receivers.cord.url"');
  });

  it('writes a chat id as the number that Telegram wants', () => {
    expect(fieldsOf('gram').chat_id).toBe('-1001234');
  });

  it('takes a gateway instead of the service', () => {
    expect(fieldsOf('pager').url).toBe('"https://events.example.com/v2/enqueue"');
    expect(fieldsOf('gram').api_url).toBe('"https://telegram.example.com"');
  });

  it('gives every kind but the webhook messages of its own', () => {
    const called = EVERY_RECEIVER.filter(({ name }) =>
      Object.values(fieldsOf(name)).some((text) => text.includes('{{ template "pgmon.')),
    );
    const kinds = new Set(EVERY_RECEIVER.map(({ kind }) => kind));
    expect(new Set(called.map(({ kind }) => kind))).toEqual(
      new Set([...kinds].filter((kind) => kind !== 'webhook')),
    );
  });

  it('encodes braces in addresses', () => {
    const receiver: Receiver = {
      kind: 'webhook',
      name: 'h',
      url: 'https://x.example.com/?q={{.}}',
      urlSecret: null,
      sendResolved: true,
    };
    const view = buildReceiversView([receiver], OPTIONS);
    expect(view[0]?.integrations[0]?.entries[0]?.fields).toEqual([
      { key: 'url', text: '"https://x.example.com/?q=%7B%7B.%7D%7D"' },
    ]);
  });

  it('joins receivers of one name', () => {
    const [mail, chat] = [EVERY_RECEIVER[3], EVERY_RECEIVER[2]];
    if (mail === undefined || chat === undefined) throw new Error('the list of receivers is too short');
    const both = [mail, chat, chat].map((one) => ({ ...one, name: 'both' }));
    const view = buildReceiversView(both, OPTIONS);
    expect(
      view.map((receiver) => receiver.integrations.map(({ section, entries }) => [section, entries.length])),
    ).toEqual([
      [
        ['email_configs', 1],
        ['slack_configs', 2],
      ],
    ]);
  });
});
