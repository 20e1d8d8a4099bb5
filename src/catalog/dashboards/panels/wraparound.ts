/** How far transaction and multixact ids are from their end. The exporter calls the ages seconds, but they are numbers of ids. */
import { query, stat, timeSeries } from '../house-look.ts';
import { IDS_USED, lowIsBad } from '../thresholds.ts';

const MINUTE = { everySeconds: 60 } as const;
const SERVER = '{instance=~"$instance"}';
const CHOSEN = '{instance=~"$instance", datname=~"$database"}';
/** Beyond so many ids nothing can be told apart any more. */
const IDS = '2147483648';
const DAY = 86_400;

type Id = 'frozenxid' | 'minmxid';

const age = (id: Id) => `max by (datname) (pg_database_wraparound_age_dat${id}_seconds${CHOSEN})`;
const setting = (name: string) => `max(pg_settings_${name}${SERVER})`;

const ACTION =
  'Find what keeps VACUUM from freezing: a long transaction, a prepared one, an abandoned slot, or autovacuum switched off. At 100 % the server takes no more writes.';

export const XID_AGE = stat({
  id: 'xid-age',
  title: 'Transaction ID Age (% of the limit)',
  text: {
    shows:
      'Age of the oldest transaction id that is not frozen, as a share of the two thousand million that there are.',
    normal: 'Below 10 %: autovacuum begins to freeze at autovacuum_freeze_max_age, usually 9 %.',
    action: ACTION,
  },
  unit: 'percentunit',
  decimals: 1,
  thresholds: IDS_USED,
  hasSparkline: true,
  queries: [query(`max(${age('frozenxid')}) / ${IDS}`, 'age', MINUTE)],
  alert: 'PostgreSQLTransactionIdWraparoundImminent',
});

export const MULTIXACT_AGE = stat({
  id: 'multixact-age',
  title: 'Multixact ID Age (% of the limit)',
  text: {
    shows:
      'The same for multixact ids, which are used where several transactions lock one row, as foreign keys do.',
    normal: 'Below 20 %.',
    action: ACTION,
  },
  unit: 'percentunit',
  decimals: 1,
  thresholds: IDS_USED,
  hasSparkline: true,
  queries: [query(`max(${age('minmxid')}) / ${IDS}`, 'age', MINUTE)],
  alert: 'PostgreSQLMultixactWraparoundImminent',
});

const SLOPE = `deriv(pg_database_wraparound_age_datfrozenxid_seconds${SERVER}[10m])`;
/** Ids per second. The median over the range: freezing makes the age fall now and then. A young stack has no step of the range yet. */
const PACE = `max(quantile_over_time(0.5, ${SLOPE}[$__range:5m])) or on () max(${SLOPE})`;

export const WRAPAROUND_FORECAST = stat({
  id: 'wraparound-forecast',
  title: 'Time to Wraparound If Nothing Is Frozen (s)',
  text: {
    shows:
      'How long the transaction ids would last at the pace of the selected time, if VACUUM froze nothing from now on. A server at rest shows 68 years.',
    normal: 'Months or years. It jumps up whenever autovacuum has frozen the oldest table.',
    action: `Below two weeks act now. ${ACTION}`,
  },
  unit: 's',
  thresholds: lowIsBad(3 * DAY, 14 * DAY),
  queries: [query(`(${IDS} - max(${age('frozenxid')})) / clamp_min(${PACE}, 1)`, 'left', MINUTE)],
  alert: 'PostgreSQLTransactionIdWraparound',
});

function ageChart(id: Id, words: { readonly id: string; readonly name: string; readonly setting: string }) {
  return timeSeries({
    id: words.id,
    title: `${words.name} Age by Database (% of the limit)`,
    text: {
      shows: `Age of the oldest ${words.name.toLowerCase()} of each database, and the age at which autovacuum starts to freeze (${words.setting}).`,
      normal: 'A saw: slowly up to the line of the setting, then down.',
      action: `A database that stays above the line is not frozen although it should be. ${ACTION}`,
    },
    unit: 'percentunit',
    min: 0,
    height: 7,
    thresholds: IDS_USED,
    queries: [
      query(`${age(id)} / ${IDS}`, '{{datname}}', MINUTE),
      query(`${setting(words.setting)} / ${IDS}`, words.setting, MINUTE),
    ],
  });
}

export const XID_AGES = ageChart('frozenxid', {
  id: 'xid-ages',
  name: 'Transaction ID',
  setting: 'autovacuum_freeze_max_age',
});

export const MULTIXACT_AGES = ageChart('minmxid', {
  id: 'multixact-ages',
  name: 'Multixact ID',
  setting: 'autovacuum_multixact_freeze_max_age',
});
