import { describe, expect, it } from 'vitest';
import { journalArguments, linesOf } from '../../../src/providers/native/journal.ts';
import {
  distributionName,
  parseVersion,
  requireSystemd,
} from '../../../src/providers/native/require-systemd.ts';
import { toolMessage } from '../../../src/providers/native/run-tool.ts';
import { containersOf } from '../../../src/providers/native/show-units.ts';
import { placeOf, unitsOf } from '../../../src/providers/native/unit-names.ts';
import { parseShow, parseTimestamp, unitState } from '../../../src/providers/native/unit-state.ts';
import { parsePasswd, parseSysusers } from '../../../src/providers/native/users.ts';
import { createFakeHost, createTestDir } from '../../support/fake-host.ts';

const RUNNING = {
  Id: 'pgmon-shop-prometheus.service',
  UnitFileState: 'enabled',
  ActiveState: 'active',
  SubState: 'running',
  MainPID: '812',
  ExecMainCode: '0',
  ExecMainStatus: '0',
  ExecMainStartTimestamp: 'Mon 2026-11-23 11:26:12.123456 UTC',
  Environment: 'A=1 PGMON_SERVICE_HASH=ab12 "B=two words"',
};
const NEVER_STARTED = {
  ...RUNNING,
  ActiveState: 'inactive',
  SubState: 'dead',
  MainPID: '0',
  ExecMainStartTimestamp: '',
};
const FAILED = {
  ...RUNNING,
  ActiveState: 'failed',
  SubState: 'failed',
  MainPID: '0',
  ExecMainCode: '1',
  ExecMainStatus: '3',
};

describe('names of units', () => {
  it('tells stack and service of every unit, also where the stack has the name of a service', () => {
    for (const stack of ['shop', 'shop-two', 'a-postgres', 'sql', 'x-prometheus']) {
      for (const unit of unitsOf(stack)) expect(placeOf(unit)?.stackName, unit).toBe(stack);
    }
    expect(placeOf('pgmon-a-postgres-exporter-slow.service')).toEqual({
      stackName: 'a',
      service: 'postgres-exporter-slow',
    });
  });

  it('knows no other units', () => {
    for (const unit of [
      'prometheus.service',
      'pgmon-shop.target',
      'pgmon-shop-web.service',
      'pgmon-prometheus.service',
    ])
      expect(placeOf(unit), unit).toBeNull();
  });
});

describe('state of a unit', () => {
  it.each([
    ['running', RUNNING, 'running', null],
    ['enabled and never started', NEVER_STARTED, 'created', null],
    ['failed', FAILED, 'exited', 3],
    ['killed', { ...FAILED, ExecMainCode: '2', ExecMainStatus: '9' }, 'exited', 137],
    ['stopped', { ...RUNNING, ActiveState: 'inactive', MainPID: '0' }, 'exited', 0],
    [
      'between two starts',
      { ...FAILED, ActiveState: 'activating', SubState: 'auto-restart' },
      'restarting',
      null,
    ],
    ['waiting for its job', { ...FAILED, Job: '77' }, 'restarting', null],
    [
      'not started because of a condition',
      { ...NEVER_STARTED, ConditionResult: 'no', ConditionTimestamp: RUNNING.ExecMainStartTimestamp },
      'exited',
      0,
    ],
    [
      'starting, with a process',
      { ...RUNNING, ActiveState: 'activating', SubState: 'start' },
      'running',
      null,
    ],
  ] as const)('%s', (_name, unit, status, exitCode) => {
    expect(unitState(unit)).toMatchObject({ status, exitCode });
  });

  it('is none for a unit that is neither enabled nor active, whatever it was before', () => {
    expect(unitState({ ...FAILED, UnitFileState: 'disabled' })).toBeNull();
    expect(unitState({ ...NEVER_STARTED, UnitFileState: '' })).toBeNull();
    expect(unitState({ ...RUNNING, UnitFileState: '' })).not.toBeNull();
  });

  it('says how often it came back and whether its target starts it', () => {
    expect(unitState({ ...RUNNING, NRestarts: '4' })).toMatchObject({ restarts: 4, isEnabled: true });
    expect(unitState({ ...RUNNING, UnitFileState: 'disabled' })).toMatchObject({ isEnabled: false });
    expect(unitState({ ...RUNNING, UnitFileState: 'enabled-runtime' })).toMatchObject({ isEnabled: false });
  });

  it('starts at boot only when its target does, too', async () => {
    const answer = (target: string) =>
      `Id=${RUNNING.Id}\nUnitFileState=enabled\nActiveState=active\nMainPID=0\n\nId=pgmon-shop.target\nUnitFileState=${target}\nActiveState=active\n`;
    const look = async (target: string) => {
      const exec = async () => ({ exitCode: 0, stdout: answer(target), stderr: '', errorCode: null });
      const { fs } = createFakeHost({ cwd: await createTestDir() });
      const never = new AbortController().signal;
      return containersOf({ exec, fs }, [RUNNING.Id, 'pgmon-shop.target'], never);
    };
    expect(await look('enabled')).toMatchObject([{ service: 'prometheus', startsAtBoot: true }]);
    expect(await look('disabled')).toMatchObject([{ service: 'prometheus', startsAtBoot: false }]);
  });

  it('has the hash of its file until its process is the program', async () => {
    const look = async (state: string) => {
      // No process has this number.
      const stdout = `Id=${RUNNING.Id}\nActiveState=${state}\nMainPID=4194305\nEnvironment=${RUNNING.Environment}\n`;
      const exec = async () => ({ exitCode: 0, stdout, stderr: '', errorCode: null });
      const { fs } = createFakeHost({ cwd: await createTestDir() });
      return containersOf({ exec, fs }, [RUNNING.Id], new AbortController().signal);
    };
    expect(await look('activating')).toMatchObject([{ serviceHash: 'ab12' }]);
    expect(await look('active')).toMatchObject([{ serviceHash: null }]);
  });

  it('has the start to the millisecond and the hash of its definition', () => {
    const startedAtMs = Date.UTC(2026, 10, 23, 11, 26, 12, 123);
    expect(unitState(RUNNING)).toMatchObject({ startedAtMs, definedHash: 'ab12', mainPid: 812 });
    expect(parseTimestamp('n/a')).toBeNull();
  });

  it('is read from blocks, with values that hold `=`', () => {
    const text = 'Id=a.service\nEnvironment=A=1 B=2\n\nId=b.service\nJob=3\n';
    expect(parseShow(text)).toEqual([
      { Id: 'a.service', Environment: 'A=1 B=2' },
      { Id: 'b.service', Job: '3' },
    ]);
  });
});

describe('lines of the journal', () => {
  const entry = (fields: object) => JSON.stringify({ __REALTIME_TIMESTAMP: '1700000000000042', ...fields });

  it('have the time to the microsecond and the stream as well as it goes', () => {
    const line = { service: 'grafana', stamp: '2023-11-14T22:13:20.000042Z' };
    expect(linesOf('grafana', entry({ MESSAGE: 'a', PRIORITY: '6', _TRANSPORT: 'stdout' }))).toEqual([
      { ...line, text: 'a', stream: 'stdout' },
    ]);
    expect(linesOf('grafana', entry({ MESSAGE: 'b', PRIORITY: '3', _TRANSPORT: 'stdout' }))[0]?.stream).toBe(
      'stderr',
    );
    expect(linesOf('grafana', entry({ MESSAGE: 'c', PRIORITY: '6', _TRANSPORT: 'journal' }))[0]?.stream).toBe(
      'stderr',
    );
  });

  it('come also from bytes and from several lines; what is no entry gives none', () => {
    expect(linesOf('grafana', entry({ MESSAGE: [111, 107] }))[0]?.text).toBe('ok');
    expect(linesOf('grafana', entry({ MESSAGE: 'a\nb' })).map(({ text }) => text)).toEqual(['a', 'b']);
    expect(linesOf('grafana', '-- No entries --')).toEqual([]);
  });

  it('are asked for as the options say', () => {
    const all = journalArguments('u.service', { tail: 'all', follow: false, timestamps: false });
    expect(all).toContain('--lines=all');
    expect(all).not.toContain('--follow');
    const some = journalArguments('u.service', { tail: 5, follow: true, timestamps: false, since: 12.5 });
    expect(some).toEqual(expect.arrayContaining(['--lines=5', '--follow', '--since=@12.500000']));
  });
});

describe('the machine', () => {
  it('is named by os-release', () => {
    expect(distributionName('NAME="Debian GNU/Linux"\nVERSION_ID="12"\n')).toBe('Debian GNU/Linux 12');
    expect(distributionName("NAME=Fedora\nVERSION_ID='41'\n")).toBe('Fedora 41');
    expect(distributionName(null)).toBe('Linux');
    expect(parseVersion('systemd 257 (257.7-1)\n+PAM')).toBe(257);
  });

  it.each([
    ['is no Linux', 'darwin', 'systemd 257', 'no-systemd'],
    ['was not booted with systemd', 'linux', 'systemd 257', 'no-systemd'],
    ['has an old systemd', 'linux', 'systemd 251 (251.4)', 'systemd-too-old'],
  ] as const)('is refused when it %s, with the script as the way out', async (name, platform, said, code) => {
    const host = createFakeHost({
      cwd: await createTestDir(),
      exec: async () => ({ exitCode: 0, stdout: said, stderr: '', errorCode: null }),
    });
    const info = { kind: 'directory', size: 0, mtimeMs: 0, mode: 0o755 } as const;
    const fs = { ...host.fs, stat: async () => (name.includes('booted') ? null : info) };
    await expect(requireSystemd({ ...host, platform, fs })).rejects.toMatchObject({
      code,
      hint: expect.stringContaining('pgmon render --script'),
    });
  });

  it('says what failed in one line', () => {
    const stderr = 'Job for a.service failed.\nSee "systemctl status a.service" for details.\n';
    expect(toolMessage({ stdout: '', stderr })).toBe('Job for a.service failed.');
  });

  it('tells users of sysusers.d and /etc/passwd', () => {
    expect(parseSysusers('# head\nu pgmon-node - "pgmon machine exporter"\ng other - -\n')).toEqual([
      { name: 'pgmon-node', description: 'pgmon machine exporter' },
    ]);
    expect(parsePasswd('a:x:1:1:pgmon Grafana:/:/bin/false\n').get('a')).toBe('pgmon Grafana');
  });
});
