import { describe, expect, it } from 'vitest';
import { notificationOutcome } from '../../../src/verify/notification-outcome.ts';

const metrics = (requests: number, failedRequests: number, failed: Readonly<Record<string, number>>) =>
  [
    `alertmanager_notification_requests_total{integration="slack",receiver_name="chat"} ${requests}`,
    `alertmanager_notification_requests_failed_total{integration="slack",receiver_name="chat"} ${failedRequests}`,
    ...Object.entries(failed).map(
      ([reason, count]) =>
        `alertmanager_notifications_failed_total{integration="slack",reason="${reason}",receiver_name="chat"} ${count}`,
    ),
    'alertmanager_notification_requests_total{integration="email",receiver_name="mail"} 99',
  ].join('\n');

describe('notificationOutcome', () => {
  const before = metrics(5, 2, { clientError: 2, serverError: 0 });
  const outcome = (after: string) => notificationOutcome(before, after, 'chat');

  it('is pending while nothing of that receiver has grown', () => {
    expect(outcome(before)).toEqual({ kind: 'pending' });
    expect(notificationOutcome('', before, 'other')).toEqual({ kind: 'pending' });
  });

  it('is taken when a request succeeded, also after one that failed', () => {
    expect(outcome(metrics(6, 2, { clientError: 2, serverError: 0 }))).toEqual({ kind: 'taken' });
    expect(outcome(metrics(7, 3, { clientError: 2, serverError: 0 }))).toEqual({ kind: 'taken' });
  });

  it('is failed, and not for good, while it is tried again', () => {
    expect(outcome(metrics(6, 3, { clientError: 2, serverError: 0 }))).toEqual({
      kind: 'failed',
      isFinal: false,
      reason: null,
    });
  });

  it('names the reason that has grown when Alertmanager gave up', () => {
    expect(outcome(metrics(6, 3, { clientError: 2, serverError: 1 }))).toEqual({
      kind: 'failed',
      isFinal: true,
      reason: 'serverError',
    });
  });
});
