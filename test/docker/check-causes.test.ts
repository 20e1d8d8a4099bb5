/** What `check` calls the reason when a server outside the stack cannot be reached. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD, specOf, WRONG_PASSWORD } from '../support/check-spec.ts';
import { ensureTestImages } from '../support/images.ts';
import { type RunningStack, startStack } from '../support/running-stack.ts';

beforeAll(ensureTestImages);

describe('servers that cannot be reached', () => {
  let stack: RunningStack;
  beforeAll(async () => {
    stack = await startStack('causes', (name, dir) =>
      specOf(name, dir, {
        servers: (open, closed) => {
          const server = (id: string, port: number, rest: string) =>
            `  - {name: ${id}, host: localhost, port: ${port}, ${rest}}\n`;
          return [
            server('second', open, 'database: app, password: {file: right}, tls: {mode: disable}'),
            server('wrong', open, 'database: postgres, password: {file: wrong}, tls: {mode: disable}'),
            server('closed', closed, 'password: {file: right}, tls: {mode: disable}'),
            server('no-tls', open, 'database: template1, password: {file: right}, tls: {mode: require}'),
            server('no-db', open, 'database: nope, password: {file: right}, tls: {mode: disable}'),
            '  - {name: no-host, host: nowhere.invalid, password: {file: right}, tls: {mode: disable}}\n',
          ].join('');
        },
      }),
    );
  });
  afterAll(() => stack?.remove());

  test('login and exporter name the same cause, and the exporter points at the login', async () => {
    let results = await stack.verify();
    const detail = (id: string) => results.get(id)?.detail;
    expect(results.get('sql-login/second')?.status).toBe('pass');
    expect(results.get('exporter/second')?.status).toBe('pass');
    expect({
      wrong: detail('sql-login/wrong'),
      closed: detail('sql-login/closed'),
      noTls: detail('sql-login/no-tls'),
      noDb: detail('sql-login/no-db'),
      noHost: detail('sql-login/no-host'),
    }).toEqual({
      wrong: 'password authentication failed',
      closed: 'connection refused',
      noTls: 'the server does not support TLS',
      noDb: 'the database does not exist',
      noHost: 'no such host',
    });
    const exporters = async () => {
      results = await stack.verify();
      return {
        closed: detail('exporter/closed'),
        noTls: detail('exporter/no-tls'),
        wrong: detail('exporter/wrong'),
        noDb: detail('exporter/no-db'),
        noHost: detail('exporter/no-host'),
      };
    };
    // The cause comes from the exporter's log, which Docker may write after the answer.
    await expect.poll(exporters, { timeout: 150_000 }).toEqual({
      closed: 'pg_up is 0: connection refused',
      noTls: 'pg_up is 0: the server does not support TLS',
      wrong: 'pg_up is 0: password authentication failed',
      noDb: 'pg_up is 0: the database does not exist',
      noHost: 'pg_up is 0: no such host',
    });
    expect(results.get('exporter/wrong')?.hint).toBe('first fix sql-login/wrong');
    const shown = JSON.stringify([...results.values()]);
    expect(shown).not.toContain(PASSWORD);
    expect(shown).not.toContain(WRONG_PASSWORD);
  });
});
