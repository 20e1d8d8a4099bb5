/**
 * Each alert has its page, and each page says what somebody who was woken up needs. The list of them is written by
 * `npx vitest run --project unit runbooks -u`.
 */
import { describe, expect, it } from 'vitest';
import { EVERY_ALERT } from '../../../src/catalog/alerts/every-alert.ts';
import { formatRunbookIndex, RUNBOOK_INDEX, RUNBOOK_SECTIONS, readRunbooks } from '../../support/runbooks.ts';

const pages = new Map(readRunbooks().map((page) => [page.alert, page]));
const alerts = EVERY_ALERT.map(({ alert }) => alert);

describe('runbooks', () => {
  it('are one for each alert and no more', () => {
    expect([...pages.keys()]).toEqual(alerts.map(({ name }) => name).sort());
  });

  it('are listed by family', async () => {
    await expect(formatRunbookIndex([...pages.values()])).toMatchFileSnapshot(RUNBOOK_INDEX);
  });

  it.each(alerts.map((alert) => [alert.name, alert] as const))('%s has every section', (name, alert) => {
    const page = pages.get(name);
    expect(page?.title).toBe(name);
    expect(page?.sections).toEqual(RUNBOOK_SECTIONS);
    const hasSql = (page?.sql.length ?? 0) > 0;
    expect(hasSql || alert.sql === null, 'an alert with SQL has SQL in its page').toBe(true);
  });
});
