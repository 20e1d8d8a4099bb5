/** What is asked of pg_stat_statements, and what the answers mean. Works with every version of the extension, in any schema. Pure. */
import { sqlIdentifier, sqlLiteral } from '../../stack/sql-text.ts';
import { hidePasswords } from './hide-passwords.ts';
import type { Ranking } from './rankings.ts';

/** Where the extension is; `schema` is null where it is not created in this database. */
export interface StatementsPlace {
  readonly schema: string | null;
  /** Of the extension, e.g. `[1, 11]`. */
  readonly version: readonly number[];
  /** False: the one who asks may not use the schema. */
  readonly isUsable: boolean;
  /** Null: the one who asks may not know. */
  readonly isLoaded: boolean | null;
}

export interface Statement {
  readonly queryid: string;
  /** Null for a role or a database that is gone. */
  readonly user: string | null;
  readonly database: string | null;
  readonly calls: number;
  readonly rows: number;
  readonly totalSeconds: number;
  readonly meanSeconds: number;
  readonly minSeconds: number;
  readonly maxSeconds: number;
  /** Reading and writing blocks; 0 without track_io_timing. */
  readonly ioSeconds: number;
  /** Of the time of all statements but the monitoring role's, 0 to 1. */
  readonly share: number;
  /** Passwords are hidden. Null: PostgreSQL has lost it. */
  readonly text: string | null;
  /** The text goes on beyond what was asked for. */
  readonly isTextCut: boolean;
}

export interface Statements {
  /** When counting began, as PostgreSQL writes it; null where the extension is too old to know. */
  readonly since: string | null;
  /** Statements of others that the role may not see. */
  readonly hidden: number;
  readonly statements: readonly Statement[];
}

export interface StatementWish {
  readonly by: Ranking;
  readonly limit: number;
  /** Only this one, with its whole text. */
  readonly queryid: string | null;
  /** The role whose own statements are left out of lists. */
  readonly monitoringRole: string;
}

/** Characters of a text in a list: some applications write megabytes into one IN (…). */
const LIST_TEXT = 2000;

/** One row with `answer`. */
export const PLACE_QUESTION = `SELECT json_build_object(
  'schema', n.nspname,
  'version', e.extversion,
  'isUsable', has_schema_privilege(n.oid, 'USAGE'),
  'isLoaded', (SELECT 'pg_stat_statements' = ANY (string_to_array(replace(setting, ' ', ''), ','))
    FROM pg_catalog.pg_settings WHERE name = 'shared_preload_libraries')
) AS answer
FROM (SELECT 1) one
LEFT JOIN pg_catalog.pg_extension e ON e.extname = 'pg_stat_statements'
LEFT JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace`;

type Raw = Readonly<Record<string, unknown>>;
const asRaw = (value: unknown): Raw => (typeof value === 'object' && value !== null ? (value as Raw) : {});
const asTextOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);

export function readPlace(answer: unknown): StatementsPlace {
  const { schema, version, isUsable, isLoaded } = asRaw(answer);
  return {
    schema: asTextOrNull(schema),
    version: typeof version === 'string' ? version.split('.').map(Number) : [],
    isUsable: isUsable === true,
    isLoaded: typeof isLoaded === 'boolean' ? isLoaded : null,
  };
}

function isSince({ version: [major = 0, minor = 0] }: StatementsPlace, wanted: number): boolean {
  return major > 1 || (major === 1 && minor >= wanted);
}

const ORDER: Readonly<Record<Ranking, string>> = {
  time: 'total',
  calls: 'calls',
  mean: 'total / nullif(calls, 0)',
  rows: 'rows',
  io: 'io',
};

/** One row with `answer`. `schema` is where the extension lives. */
export function statementsQuestion(place: StatementsPlace, schema: string, wish: StatementWish): string {
  const inSchema = (name: string) => `${sqlIdentifier(schema)}.${name}`;
  // Names of the columns: 1.8 came with PostgreSQL 13, 1.9 with 14, 1.11 with 17.
  const exec = isSince(place, 8) ? '_exec' : '';
  const block = isSince(place, 11) ? 'shared_blk' : 'blk';
  const since = isSince(place, 9)
    ? `(SELECT stats_reset FROM ${inSchema('pg_stat_statements_info')})`
    : 'NULL';
  const chosen =
    wish.queryid === null
      ? `r.rolname IS DISTINCT FROM ${sqlLiteral(wish.monitoringRole)}`
      : `s.queryid = ${sqlLiteral(wish.queryid)}::bigint`;
  const text = wish.queryid === null ? `left(t.query, ${LIST_TEXT})` : 't.query';
  return `WITH counted AS MATERIALIZED (
  SELECT userid, dbid, queryid, sum(calls)::float8 AS calls, sum(rows)::float8 AS rows,
    sum(total${exec}_time) AS total, min(min${exec}_time) AS least, max(max${exec}_time) AS most,
    sum(${block}_read_time + ${block}_write_time) AS io, count(*) AS entries
  FROM ${inSchema('pg_stat_statements')}(false)
  GROUP BY userid, dbid, queryid
),
everything AS (
  SELECT sum(total) AS total FROM counted c
  LEFT JOIN pg_catalog.pg_roles r ON r.oid = c.userid
  WHERE r.rolname IS DISTINCT FROM ${sqlLiteral(wish.monitoringRole)}
),
top AS MATERIALIZED (
  SELECT s.*, r.rolname, d.datname,
    row_number() OVER (ORDER BY ${ORDER[wish.by]} DESC NULLS LAST, total DESC, queryid, userid, dbid) AS place
  FROM counted s
  LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.userid
  LEFT JOIN pg_catalog.pg_database d ON d.oid = s.dbid
  WHERE s.queryid IS NOT NULL AND ${chosen}
  ORDER BY place
  LIMIT ${Math.trunc(wish.limit)}
),
texts AS (
  SELECT DISTINCT ON (userid, dbid, queryid) userid, dbid, queryid, query
  FROM ${inSchema('pg_stat_statements')}(true)
  WHERE queryid IN (SELECT queryid FROM top)
)
SELECT json_build_object(
  'since', ${since},
  'hidden', (SELECT coalesce(sum(entries), 0) FROM counted WHERE queryid IS NULL),
  'statements', coalesce((SELECT json_agg(json_build_object(
    'queryid', top.queryid::text, 'user', rolname, 'database', datname, 'calls', calls, 'rows', rows,
    'total', total, 'least', least, 'most', most, 'io', io,
    'share', coalesce(total / nullif((SELECT total FROM everything), 0), 0),
    'text', ${text}, 'isTextCut', coalesce(length(t.query) > length(${text}), false)) ORDER BY place)
    FROM top LEFT JOIN texts t ON (t.userid, t.dbid, t.queryid) = (top.userid, top.dbid, top.queryid)), '[]')
) AS answer`;
}

function readStatement(value: unknown): readonly Statement[] {
  const raw = asRaw(value);
  if (typeof raw.queryid !== 'string') return [];
  const number = (name: string) => (typeof raw[name] === 'number' ? raw[name] : 0);
  const seconds = (name: string) => number(name) / 1000;
  const calls = number('calls');
  const text = asTextOrNull(raw.text);
  return [
    {
      queryid: raw.queryid,
      user: asTextOrNull(raw.user),
      database: asTextOrNull(raw.database),
      calls,
      rows: number('rows'),
      totalSeconds: seconds('total'),
      meanSeconds: calls === 0 ? 0 : seconds('total') / calls,
      minSeconds: seconds('least'),
      maxSeconds: seconds('most'),
      ioSeconds: seconds('io'),
      share: number('share'),
      text: text === null ? null : hidePasswords(text),
      isTextCut: raw.isTextCut === true,
    },
  ];
}

/** The answer in its order. */
export function readStatements(answer: unknown): Statements {
  const { since, hidden, statements } = asRaw(answer);
  return {
    since: asTextOrNull(since),
    hidden: typeof hidden === 'number' ? hidden : 0,
    statements: Array.isArray(statements) ? statements.flatMap(readStatement) : [],
  };
}
