/** The words and next steps that common connection failures get. */
import { describe, expect, test } from 'vitest';
import { causeOf, findCause } from '../../../src/verify/causes.ts';

const withCode = (code: string, message = 'x') => Object.assign(new Error(message), { code });

describe('findCause', () => {
  test.each([
    [
      'psql',
      'psql: error: connection to server at "postgres" (172.18.0.2), port 5432 failed: FATAL:  password authentication failed for user "pgmon"',
      'password',
    ],
    [
      'the exporter log',
      'msg="Error opening connection to database" err="error querying postgresql version: pq: password authentication failed for user \\"pgmon\\""',
      'password',
    ],
    [
      'psql without a password',
      'psql: error: connection to server at "postgres", port 5432 failed: fe_sendauth: no password supplied',
      'password',
    ],
    [
      'psql',
      'FATAL:  no pg_hba.conf entry for host "172.18.0.5", user "pgmon", database "app", no encryption',
      'pg-hba',
    ],
    [
      'psql',
      'error: connection to server on socket "/var/run/postgresql/.s.PGSQL.5432" failed: FATAL:  Peer authentication failed for user "pgmon"',
      'peer',
    ],
    ['the exporter log', 'err="pq: Peer authentication failed for user \\"pgmon\\""', 'peer'],
    [
      'psql',
      'connection to server on socket "/run/postgresql/.s.PGSQL.5433" failed: No such file or directory',
      'no-socket',
    ],
    ['Go', 'dial unix /var/run/postgresql/.s.PGSQL.5432: connect: no such file or directory', 'no-socket'],
    ['Node', 'connect ENOENT /var/run/postgresql/.s.PGSQL.5432', 'no-socket'],
    ['Node', 'connect EACCES /run/pg/.s.PGSQL.5432', 'socket-denied'],
    ['psql', 'FATAL:  database "nope" does not exist', 'no-database'],
    ['the exporter log', 'err="pq: database \\"nope\\" does not exist"', 'no-database'],
    ['psql', 'FATAL:  sorry, too many clients already', 'too-many-connections'],
    ['psql', 'FATAL:  too many connections for role "pgmon"', 'too-many-connections'],
    ['psql', 'server does not support SSL, but SSL was required', 'tls-unsupported'],
    ['lib/pq', 'pq: SSL is not enabled on the server', 'tls-unsupported'],
    ['node-postgres', 'The server does not support SSL connections', 'tls-unsupported'],
    ['psql', 'SSL error: certificate verify failed', 'tls-verify'],
    ['Go', 'tls: failed to verify certificate: x509: certificate signed by unknown authority', 'tls-verify'],
    ['Go', 'tls: failed to verify certificate: x509: certificate is valid for db1, not db2', 'tls-hostname'],
    ['psql', 'server certificate for "db1" does not match host name "db2"', 'tls-hostname'],
    ['Go', 'dial tcp: lookup nowhere on 127.0.0.11:53: no such host', 'no-host'],
    ['psql', 'could not translate host name "nowhere" to address: Name or service not known', 'no-host'],
    ['Go', 'dial tcp 10.0.0.1:5432: connect: connection refused', 'refused'],
    ['Go', 'dial tcp 10.0.0.1:5432: i/o timeout', 'timeout'],
    ['a scrape', 'Get "http://x:9187/probe": context deadline exceeded', 'timeout'],
    ['psql', 'FATAL:  the database system is starting up', 'starting'],
  ])('knows what %s writes: %s', (_from, text, kind) => {
    expect(findCause(text, 'orders')?.kind).toBe(kind);
  });

  test.each([
    ['ECONNREFUSED', 'refused'],
    ['ENOTFOUND', 'no-host'],
    ['ETIMEDOUT', 'timeout'],
    ['28P01', 'password'],
    ['3D000', 'no-database'],
    ['53300', 'too-many-connections'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls-verify'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls-hostname'],
    ['CERT_HAS_EXPIRED', 'tls-expired'],
  ])('knows the code %s whatever the message', (code, kind) => {
    expect(findCause(withCode(code), 'orders')?.kind).toBe(kind);
  });

  test('tells a missing role and a missing pg_hba.conf line apart, which share SQLSTATE 28000', () => {
    expect(findCause(withCode('28000', 'no pg_hba.conf entry for host "::1"'), 'x')?.kind).toBe('pg-hba');
    expect(findCause(withCode('28000', 'role "pgmon" is not permitted to log in'), 'x')?.kind).toBe(
      'no-role',
    );
  });

  test('reads every attempt of a name with several addresses', () => {
    const error = new AggregateError([
      new Error('connect ECONNREFUSED ::1'),
      new Error('connection refused'),
    ]);
    expect(findCause(error, 'x')?.kind).toBe('refused');
  });

  test('names the server in the hint', () => {
    expect(findCause(withCode('3D000'), 'orders')?.hint).toContain('orders');
  });

  test('finds nothing in an ordinary log line', () => {
    expect(
      findCause('dsn="postgresql://pgmon:PASSWORD_REMOVED@db:5432/app?connect_timeout=2"', 'x'),
    ).toBeNull();
    expect(findCause('level=INFO msg="Listening on" address=[::]:9187', 'x')).toBeNull();
  });
});

test('causeOf shows an unknown message on one line', () => {
  expect(causeOf(new Error('odd\n\u001b[31mthing'), 'x').words).toBe('odd [31mthing');
});
