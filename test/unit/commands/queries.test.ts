/** What `pgmon queries` asks, hides and shows. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hidePasswords } from '../../../src/commands/queries/hide-passwords.ts';
import { formatList, formatOne } from '../../../src/commands/queries/queries-text.ts';
import { RANKINGS } from '../../../src/commands/queries/rankings.ts';
import {
  readPlace,
  readStatements,
  statementsQuestion,
} from '../../../src/commands/queries/statement-question.ts';

const WISH = { by: 'time', limit: 20, queryid: null, monitoringRole: 'pgmon' } as const;
const place = (version: string) => readPlace({ schema: 'public', version, isUsable: true, isLoaded: true });

const RAW = {
  queryid: '-7234982374982374123',
  user: 'app',
  database: 'shop',
  calls: 2000,
  rows: 4000,
  total: 90_000,
  least: 1,
  most: 2000,
  io: 30_000,
  share: 0.375,
  text: 'SELECT *\n\tFROM orders WHERE id = $1',
  isTextCut: false,
};
const found = (...changed: readonly Partial<typeof RAW>[]) =>
  readStatements({
    since: '2026-01-31T12:00:00+00:00',
    hidden: 0,
    statements: changed.map((one) => ({ ...RAW, ...one })),
  });

describe('the question', () => {
  it.each([
    {
      version: '1.7',
      has: ['total_time', ' blk_read_time'],
      lacks: ['_exec_time', 'pg_stat_statements_info'],
    },
    { version: '1.8', has: ['total_exec_time', '(blk_read_time'], lacks: ['pg_stat_statements_info'] },
    { version: '1.9', has: ['total_exec_time', 'pg_stat_statements_info'], lacks: ['shared_blk'] },
    { version: '1.10', has: ['total_exec_time', '(blk_read_time'], lacks: ['shared_blk'] },
    { version: '1.11', has: ['total_exec_time', 'shared_blk_read_time'], lacks: ['(blk_read_time'] },
  ])('names the columns that version $version of the extension has', ({ version, has, lacks }) => {
    const sql = statementsQuestion(place(version), 'public', WISH);
    for (const part of has) expect(sql).toContain(part.trim());
    for (const part of lacks) expect(sql).not.toContain(part);
  });

  it('finds the extension in a schema with a hostile name', () => {
    const sql = statementsQuestion(place('1.11'), 'odd"; DROP', WISH);
    expect(sql).toContain('"odd""; DROP".pg_stat_statements(false)');
    expect(sql).not.toContain('"public"');
  });

  it('cuts texts in a list and never that of one statement', () => {
    expect(statementsQuestion(place('1.11'), 'public', WISH)).toContain('left(t.query, 2000)');
    expect(statementsQuestion(place('1.11'), 'public', { ...WISH, queryid: '-5' })).not.toContain('left(');
  });

  it('asks something different for each ranking', () => {
    const asked = RANKINGS.map((by) => statementsQuestion(place('1.11'), 'public', { ...WISH, by }));
    expect(new Set(asked).size).toBe(RANKINGS.length);
  });
});

describe('the answer', () => {
  it('becomes seconds and a mean', () => {
    expect(found({}).statements).toEqual([
      expect.objectContaining({
        queryid: '-7234982374982374123',
        totalSeconds: 90,
        meanSeconds: 0.045,
        maxSeconds: 2,
        ioSeconds: 30,
        share: 0.375,
      }),
    ]);
  });

  it('is empty when it is none', () => {
    for (const answer of [null, 'x', {}, { statements: [null, 1, {}] }]) {
      expect(readStatements(answer)).toEqual({ since: null, hidden: 0, statements: [] });
    }
    expect(readPlace(undefined)).toEqual({ schema: null, version: [], isUsable: false, isLoaded: null });
  });
});

describe('passwords in texts', () => {
  it.each([
    [`ALTER ROLE app PASSWORD 'geheim'`, `ALTER ROLE app PASSWORD '***'`],
    [
      `create user x with encrypted password E'a''geheim' login`,
      `create user x with encrypted password '***' login`,
    ],
    ['ALTER ROLE app PASSWORD $q$geheim$q$ VALID UNTIL $1', `ALTER ROLE app PASSWORD '***' VALID UNTIL $1`],
    [
      `CREATE USER MAPPING FOR a SERVER b OPTIONS (user 'u', password 'geheim')`,
      `CREATE USER MAPPING FOR a SERVER b OPTIONS (user 'u', password '***')`,
    ],
    [
      `CREATE SUBSCRIPTION s CONNECTION 'host=h password=geheim dbname=d' PUBLICATION p`,
      `CREATE SUBSCRIPTION s CONNECTION 'host=h password=*** dbname=d' PUBLICATION p`,
    ],
    [
      `CREATE SUBSCRIPTION s CONNECTION 'host=h password = ''geheim x'' dbname=d'`,
      `CREATE SUBSCRIPTION s CONNECTION 'host=h password = *** dbname=d'`,
    ],
    [`SELECT dblink_connect('postgresql://u:geheim@h/d')`, `SELECT dblink_connect('postgresql://u:***@h/d')`],
    [`ALTER ROLE app PASSWORD 'geheim cut of`, `ALTER ROLE app PASSWORD '***'`],
    [`ALTER ROLE app PASSWORD E'a\\'geheim' LOGIN`, `ALTER ROLE app PASSWORD '***' LOGIN`],
    [`ALTER ROLE app PASSWORD U&'geheim' LOGIN`, `ALTER ROLE app PASSWORD '***' LOGIN`],
    [
      `-- don't\nCREATE SUBSCRIPTION s CONNECTION 'host=h password=geheim'`,
      `-- don't\nCREATE SUBSCRIPTION s CONNECTION 'host=h password=***'`,
    ],
    [
      `CREATE SUBSCRIPTION "o'r" CONNECTION 'host=h password=geheim'`,
      `CREATE SUBSCRIPTION "o'r" CONNECTION 'host=h password=***'`,
    ],
    [`SELECT dblink_connect('postgresql://u:gehei`, `SELECT dblink_connect('postgresql://u:***@`],
  ])('are hidden: %s', (text, clean) => {
    expect(hidePasswords(text)).toBe(clean);
  });

  it.each([
    'SELECT * FROM users WHERE password = $1 AND name = $2',
    'UPDATE users SET password = crypt($1, gen_salt($2)) WHERE password IS NOT NULL',
    'ALTER ROLE app PASSWORD NULL',
    `SELECT 'a://b' || $1`,
    `SELECT 'http://b:5432/c' || $1`,
  ])('are not seen where there are none: %s', (text) => {
    expect(hidePasswords(text)).toBe(text);
  });

  it('are hidden whatever stands around them', () => {
    const word = fc.stringMatching(/^[a-z$'" ]{0,12}$/);
    fc.assert(
      fc.property(word, fc.stringMatching(/^[A-Z0-9]{8,20}$/), (after, secret) => {
        expect(hidePasswords(`ALTER ROLE x PASSWORD '${secret}' ${after}`)).not.toContain(secret);
      }),
    );
  });
});

describe('the list', () => {
  it.each([80, 100, 120, 160])('fits a terminal of %i columns', (width) => {
    const text = formatList(found({ text: 'x '.repeat(500) }, { calls: 3 }), { by: 'time', width });
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
    expect(text).toContain('-7234982374982374123');
    expect(text).toContain('…');
  });

  it('shows the figure that ranks, also on a narrow terminal', () => {
    expect(formatList(found({}), { by: 'time', width: 80 })).not.toContain('I/O');
    expect(formatList(found({}), { by: 'io', width: 80 })).toContain('I/O');
  });

  it('shows every figure where nothing limits the width', () => {
    const text = formatList(found({}), { by: 'time', width: null });
    for (const part of [
      'app',
      'shop',
      '1.5 min',
      '37.5%',
      '2 k',
      '45 ms',
      '4 k',
      '30 s',
      'SELECT * FROM orders',
    ])
      expect(text).toContain(part);
    expect(text).toContain('Counted since 2026-01-31');
  });

  it('says so when there is no statement', () => {
    expect(formatList(found(), { by: 'time', width: 80 })).toContain('No statement');
  });
});

describe('one statement', () => {
  it('comes with its whole text, once for all users of it', () => {
    const text = formatOne(found({}, { user: 'report' }));
    expect(text.match(/FROM orders/g)).toHaveLength(1);
    expect(text).toContain('SELECT *\n\tFROM orders WHERE id = $1\n');
    expect(text).toContain('app in shop:');
    expect(text).toContain('report in shop:');
  });

  it('cannot steer the terminal', () => {
    const hostile = found({ text: 'SELECT 1 -- \u001b[2J\u009b31m\u0007', user: 'a\u001b]0;x' });
    for (const text of [formatOne(hostile), formatList(hostile, { by: 'time', width: null })]) {
      expect(text).not.toMatch(/[^\P{Cc}\n\t]/u);
      expect(text).toContain('SELECT 1 -- ?[2J?31m?');
    }
  });

  it('says when PostgreSQL has lost the text', () => {
    const lost = readStatements({ statements: [{ ...RAW, text: null }] });
    expect(formatOne(lost)).toContain('lost the text');
  });
});
