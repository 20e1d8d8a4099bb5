/** Who is told about what, resolved; the same for both alerting engines. */

/** One receiver of the spec; `secrets` maps a field's name to a secret id. */
export type Receiver =
  | {
      readonly kind: 'webhook';
      readonly name: string;
      readonly url: string | null;
      readonly urlSecret: string | null;
      readonly sendResolved: boolean;
    }
  | {
      readonly kind: 'slack';
      readonly name: string;
      readonly urlSecret: string;
      readonly channel: string;
      readonly sendResolved: boolean;
    }
  | {
      readonly kind: 'email';
      readonly name: string;
      readonly to: readonly string[];
      readonly from: string;
      readonly smarthost: string;
      readonly user: string | null;
      readonly passwordSecret: string | null;
      readonly requireTls: boolean;
      readonly sendResolved: boolean;
    }
  | {
      readonly kind: 'pagerduty';
      readonly name: string;
      readonly routingKeySecret: string;
      /** Null = PagerDuty's own address. */
      readonly apiUrl: string | null;
      readonly sendResolved: boolean;
    }
  | {
      readonly kind: 'teams';
      readonly name: string;
      readonly urlSecret: string;
      readonly sendResolved: boolean;
    }
  | {
      readonly kind: 'telegram';
      readonly name: string;
      readonly tokenSecret: string;
      readonly chatId: number;
      /** Null = Telegram's own address. */
      readonly apiUrl: string | null;
      readonly sendResolved: boolean;
    }
  | {
      readonly kind: 'discord';
      readonly name: string;
      readonly urlSecret: string;
      readonly sendResolved: boolean;
    };

export interface Route {
  readonly receiver: string;
  /** Label -> exact value, all must match; empty = every alert. */
  readonly match: Readonly<Record<string, string>>;
  readonly continues: boolean;
  /** Names of mute times. */
  readonly mute: readonly string[];
}

export interface MuteTime {
  readonly name: string;
  /** English, lower case, in the spec's order. */
  readonly weekdays: readonly string[];
  /** `HH:MM`; `to` may be 24:00 and is later than `from`. */
  readonly times: readonly { readonly from: string; readonly to: string }[];
  readonly location: string;
}

/** Gets the Watchdog all the time; whoever listens there raises the alarm when it stops. */
export interface DeadManSwitch {
  readonly receiver: string;
  readonly intervalSeconds: number;
}

/** Who is told about what; the same for both engines. */
export interface Delivery {
  readonly receivers: readonly Receiver[];
  /** Null: alerts are shown, not sent. */
  readonly defaultReceiver: string | null;
  readonly routes: readonly Route[];
  readonly groupBy: readonly string[];
  /** Seconds. */
  readonly groupWait: number;
  readonly groupInterval: number;
  readonly repeatInterval: number;
  readonly muteTimes: readonly MuteTime[];
  readonly deadManSwitch: DeadManSwitch | null;
}
