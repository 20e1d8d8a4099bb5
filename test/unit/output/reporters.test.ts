/** What each reporter writes, and where. */
import { describe, expect, it } from 'vitest';
import { ApplyError, EnvironmentError, SpecError } from '../../../src/errors.ts';
import { createReporter } from '../../../src/output/create-reporter.ts';
import type { CommandResult, ReporterOptions } from '../../../src/output/reporter.ts';

function createRecorder(
  options: Partial<Pick<ReporterOptions, 'json' | 'quiet' | 'debug'>> & { isTTY?: boolean } = {},
) {
  const written = { stdout: '', stderr: '' };
  let nowMs = 0;
  const stream = (name: 'stdout' | 'stderr') => ({
    isTTY: options.isTTY ?? false,
    columns: 60,
    write: (text: string) => {
      written[name] += text;
    },
  });
  const reporter = createReporter({
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    env: {},
    now: () => nowMs,
    json: options.json ?? false,
    quiet: options.quiet ?? false,
    debug: options.debug ?? false,
  });
  const passTime = (ms: number) => {
    nowMs += ms;
  };
  return { reporter, written, passTime };
}

/** One line up, then clear everything below. */
const ERASE_LINE = '\u001b[1A\u001b[0J';

const RESULT: CommandResult = { exitCode: 0, text: 'all is well', json: { services: 3 } };
const ISSUE = {
  file: 'a.yaml',
  line: 3,
  column: 5,
  path: 'servers[0].port',
  message: 'must be a number, is "x"',
};

describe('the human reporter', () => {
  it('writes the result to stdout and how long work took to stderr', () => {
    const { reporter, written, passTime } = createRecorder();
    reporter.event({ resource: 'prometheus', action: 'start', status: 'started' });
    passTime(1234);
    reporter.event({ resource: 'prometheus', action: 'start', status: 'done' });
    reporter.result('up', RESULT);
    expect(written).toEqual({ stdout: 'all is well\n', stderr: '  + start       1.2s  prometheus\n' });
  });

  it('keeps what runs out of a pipe and shows it in place on a terminal', () => {
    const event = { resource: 'image x', action: 'pull', status: 'progress', detail: '1 of 2 MB' } as const;
    const piped = createRecorder();
    piped.reporter.event(event);
    expect(piped.written.stderr).toBe('');
    const terminal = createRecorder({ isTTY: true });
    terminal.reporter.event(event);
    terminal.reporter.event({ ...event, detail: '2 of 2 MB' });
    terminal.reporter.result('up', { ...RESULT, text: '' });
    expect(terminal.written.stderr).toContain('1 of 2 MB');
    expect(terminal.written.stderr).toContain(
      `${ERASE_LINE}  . pull        0.0s  image x  2 of 2 MB\n${ERASE_LINE}`,
    );
    expect(terminal.written.stderr.endsWith(ERASE_LINE)).toBe(true);
  });

  it('cuts live lines to the width of the terminal', () => {
    const { reporter, written } = createRecorder({ isTTY: true });
    reporter.event({ resource: 'x'.repeat(200), action: 'pull', status: 'started' });
    expect(Math.max(...written.stderr.split('\n').map((line) => line.length))).toBeLessThan(60);
  });

  it('prints every problem of a spec, then the error and its hint', () => {
    const { reporter, written } = createRecorder();
    reporter.error('validate', new SpecError([ISSUE], { hint: 'see docs/spec.md' }));
    expect(written.stderr).toBe(
      'a.yaml:3:5 servers[0].port: must be a number, is "x"\nerror: the spec has 1 problem\nhint: see docs/spec.md\n',
    );
  });

  it('prints the last log lines of a service that failed', () => {
    const { reporter, written } = createRecorder();
    reporter.error('up', new ApplyError('grafana ended', 'start grafana', { logLines: ['out of memory'] }));
    expect(written.stderr).toBe('  | out of memory\nerror: grafana ended\n');
  });

  it('lets no control character of a message reach the terminal', () => {
    const { reporter, written } = createRecorder();
    reporter.warn('a\u001b[2Jb\rc\u0007');
    expect(written.stderr).toBe('warning: a?[2Jb?c?\n');
  });

  it('shows the stacks of an error and of its cause with --debug only', () => {
    const error = new EnvironmentError('no daemon', { cause: new Error('ECONNREFUSED here') });
    const plain = createRecorder();
    plain.reporter.error('up', error);
    expect(plain.written.stderr).toBe('error: no daemon\n');
    const debug = createRecorder({ debug: true });
    debug.reporter.error('up', error);
    expect(debug.written.stderr).toContain('caused by Error: ECONNREFUSED here');
  });
});

describe('the quiet reporter', () => {
  it('writes the result, warnings and errors, and no progress', () => {
    const { reporter, written } = createRecorder({ quiet: true });
    reporter.event({ resource: 'prometheus', action: 'start', status: 'done' });
    reporter.info('looking around');
    reporter.warn('old version');
    reporter.result('up', RESULT);
    expect(written).toEqual({ stdout: 'all is well\n', stderr: 'warning: old version\n' });
  });
});

describe('the JSON reporter', () => {
  it('writes one document with the warnings and nothing else', () => {
    const { reporter, written } = createRecorder({ json: true });
    reporter.event({ resource: 'prometheus', action: 'start', status: 'done' });
    reporter.info('looking around');
    reporter.warn('old version');
    reporter.result('up', RESULT);
    expect(written.stderr).toBe('');
    expect(JSON.parse(written.stdout)).toEqual({
      schemaVersion: 1,
      command: 'up',
      ok: true,
      services: 3,
      warnings: ['old version'],
    });
  });

  it('says that a result with another exit code than 0 is not ok', () => {
    const { reporter, written } = createRecorder({ json: true });
    reporter.result('check', { ...RESULT, exitCode: 6 });
    expect(JSON.parse(written.stdout)).toMatchObject({ command: 'check', ok: false, services: 3 });
  });

  it('describes an error with code, message, hint and its own details', () => {
    const { reporter, written } = createRecorder({ json: true });
    reporter.error('validate', new SpecError([ISSUE]));
    expect(JSON.parse(written.stdout)).toEqual({
      schemaVersion: 1,
      command: 'validate',
      ok: false,
      error: { code: 'spec-invalid', message: 'the spec has 1 problem', hint: null, issues: [ISSUE] },
      warnings: [],
    });
  });
});
