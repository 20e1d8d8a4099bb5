/** What Alertmanager's metrics say about the messages to one receiver between two looks. */
import { type Sample, samplesOf } from './exposition.ts';

export type NotificationOutcome =
  /** Nothing was sent yet. */
  | { readonly kind: 'pending' }
  | { readonly kind: 'taken' }
  /** Refused or unreachable; `isFinal` when Alertmanager has given up. `reason` is its own word, such as `clientError`. */
  | { readonly kind: 'failed'; readonly isFinal: boolean; readonly reason: string | null };

const REQUESTS = 'alertmanager_notification_requests_total';
const FAILED_REQUESTS = 'alertmanager_notification_requests_failed_total';
const FAILED = 'alertmanager_notifications_failed_total';

function ofReceiver(text: string, receiver: string): readonly Sample[] {
  return samplesOf(text, [REQUESTS, FAILED_REQUESTS, FAILED]).filter(
    ({ labels }) => labels.receiver_name === receiver,
  );
}

const sum = (samples: readonly Sample[], name: string): number =>
  samples.filter((one) => one.name === name).reduce((total, { value }) => total + value, 0);

/** `before` and `after` are Alertmanager's `/metrics`. */
export function notificationOutcome(before: string, after: string, receiver: string): NotificationOutcome {
  const [first, second] = [ofReceiver(before, receiver), ofReceiver(after, receiver)];
  const grown = (name: string) => sum(second, name) - sum(first, name);
  if (grown(FAILED) > 0) {
    const reason = second.find(
      ({ name, labels, value }) =>
        name === FAILED &&
        value > (first.find((one) => one.name === FAILED && one.labels.reason === labels.reason)?.value ?? 0),
    );
    return { kind: 'failed', isFinal: true, reason: reason?.labels.reason ?? null };
  }
  // A failed try may be followed by one that succeeds.
  if (grown(REQUESTS) > grown(FAILED_REQUESTS)) return { kind: 'taken' };
  if (grown(FAILED_REQUESTS) > 0) return { kind: 'failed', isFinal: false, reason: null };
  return { kind: 'pending' };
}
