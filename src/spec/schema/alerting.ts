/** Who is told about what: receivers, routes, grouping, and which rules apply. */
import * as z from 'zod';
import { hostPort, identifier, objectName, oneLine, secondsDuration, serviceKeys } from './primitives.ts';
import { givenSecret, httpUrl } from './secrets.ts';
import { alertNames, thresholds } from './servers.ts';

const sendResolved = z.boolean().default(true).describe('Tell also when the alert is over.');
const email = oneLine.regex(/^[^@\s]+@[^@\s]+$/, 'must be an e-mail address');

const webhook = z.strictObject({
  url: z
    .union([httpUrl, givenSecret], {
      error: 'must be an http(s) URL without user, password or token in it, or {env: NAME} or {file: path}',
    })
    .describe('Address to post to; a secret reference when the address itself is one.'),
  sendResolved,
});
const slack = z.strictObject({
  url: givenSecret.describe('Address of the incoming webhook.'),
  channel: oneLine.describe('Channel, such as `#alerts`.'),
  sendResolved,
});
const emailReceiver = z.strictObject({
  to: z
    .union([email, z.array(email).min(1)], { error: 'must be an e-mail address or a list of them' })
    .describe('Who gets the mail.'),
  from: email.describe('Sender.'),
  smarthost: hostPort.describe('Mail server, host:port.'),
  user: identifier.optional().describe('User at the mail server.'),
  password: givenSecret.optional().describe('Password at the mail server.'),
  requireTls: z.boolean().default(true).describe('Refuse to send without TLS.'),
  sendResolved,
});
const pagerduty = z.strictObject({
  routingKey: givenSecret.describe('Integration key of the service (Events API v2).'),
  apiUrl: httpUrl
    .optional()
    .describe("Address to post events to instead of PagerDuty's own, such as a gateway's."),
  sendResolved,
});
const teams = z.strictObject({
  url: givenSecret.describe("Address of the workflow's webhook."),
  sendResolved,
});
const telegram = z.strictObject({
  token: givenSecret.describe('Token of the bot.'),
  chatId: z.int().describe('Id of the chat; negative for groups.'),
  apiUrl: httpUrl
    .optional()
    .describe("Address of the bot API instead of Telegram's own; without a final `/`."),
  sendResolved,
});
const discord = z.strictObject({
  url: givenSecret.describe("Address of the channel's webhook."),
  sendResolved,
});

/** Exactly one of the kinds; cross-field checks see to it. */
export const receiver = z.strictObject({
  name: objectName.describe('Unique; routes name it.'),
  webhook: webhook.optional().describe('Any HTTP endpoint.'),
  slack: slack.optional().describe('Slack.'),
  email: emailReceiver.optional().describe('E-mail.'),
  pagerduty: pagerduty.optional().describe('PagerDuty.'),
  teams: teams.optional().describe('Microsoft Teams.'),
  telegram: telegram.optional().describe('Telegram.'),
  discord: discord.optional().describe('Discord.'),
});

export const RECEIVER_KINDS = [
  'webhook',
  'slack',
  'email',
  'pagerduty',
  'teams',
  'telegram',
  'discord',
] as const;

const matchLabel = z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'must be a label name');

const route = z.strictObject({
  receiver: objectName.describe('Name of a receiver.'),
  match: z
    .record(matchLabel, oneLine)
    .default({})
    .describe('Label -> exact value; all must match. Empty = every alert.'),
  continue: z.boolean().default(false).describe('Go on to the following routes after this one.'),
  mute: z.array(objectName).optional().describe('Names of `muteTimes` during which this route is silent.'),
});

const grouping = z.strictObject({
  by: z
    .array(matchLabel)
    .default(['environment', 'instance'])
    .describe(
      'Alerts with the same values of these labels are sent together: by default one message for all that is wrong with a server.',
    ),
  wait: secondsDuration
    .default('30s')
    .describe('Time to collect alerts before the first message of a group.'),
  interval: secondsDuration.default('5m').describe('Time between messages about news in a group.'),
  repeat: secondsDuration.default('4h').describe('Time after which an alert that still fires is sent again.'),
});

const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
const clockTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'must be a time such as "22:00" (quoted)');

function isTimeZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}

// Alertmanager looks the name up in the zone database, whose names begin with capitals.
const timeZone = oneLine
  .regex(/^[A-Z]/, 'must be the name of a time zone, such as Europe/Berlin or UTC')
  .refine(isTimeZone, 'must be the name of a time zone, such as Europe/Berlin or UTC');

const muteTime = z.strictObject({
  name: objectName.describe('Name that routes use.'),
  weekdays: z
    .array(z.enum(WEEKDAYS))
    .min(1)
    .default([...WEEKDAYS])
    .describe('Days.'),
  times: z
    .array(
      z.strictObject({
        from: clockTime.describe('Begin.'),
        to: clockTime.describe('End, later than `from`: a night is two entries, to 24:00 and from 00:00.'),
      }),
    )
    .min(1)
    .default([{ from: '00:00', to: '24:00' }])
    .describe('Times of those days.'),
  location: timeZone.default('UTC').describe('Time zone, such as Europe/Berlin.'),
});

const deadManSwitch = z.strictObject({
  receiver: objectName.describe(
    'Receiver that expects a message all the time; one of its own, which gets nothing else.',
  ),
  interval: secondsDuration.default('5m').describe('Time between the messages.'),
});

export const alerting = z.strictObject({
  engine: z
    .enum(['alertmanager', 'grafana'])
    .default('alertmanager')
    .describe('Who sends: one of the two, never both.'),
  defaultReceiver: objectName
    .optional()
    .describe('Receiver of what no route takes; absent = shown, not sent.'),
  receivers: z.array(receiver).default([]).describe('Where alerts can go.'),
  routes: z.array(route).default([]).describe('Which alert goes where; the first that matches takes it.'),
  grouping: grouping.prefault({}).describe('How alerts are put together and repeated.'),
  muteTimes: z.array(muteTime).optional().describe('Times without messages.'),
  deadManSwitch: deadManSwitch
    .optional()
    .describe('A message that must keep coming; its absence is the alarm.'),
  thresholds: thresholds.optional().describe('Alert thresholds for all servers, by rule.'),
  runbookUrl: httpUrl
    .optional()
    .describe(
      'Where people read the runbooks; alerts link to `<runbookUrl>/<alert>`. Absent = `pgmon runbook` only.',
    ),
  disabled: alertNames.optional().describe('Alerting rules that are left out.'),
});

export const alertmanager = z.strictObject({
  enabled: z.boolean().default(true).describe('Run Alertmanager.'),
  externalUrl: httpUrl
    .optional()
    .describe('URL under which people reach Alertmanager; messages link to it. Absent = no links.'),
  ...serviceKeys(9093, '128MiB'),
});
