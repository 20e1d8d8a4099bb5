/** The install script of native stacks: any text arrives as it is, no secret stands in it, every shell can read it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hereDocument } from '../../../src/render/systemd/here-document.ts';
import { renderInstallScript } from '../../../src/render/systemd/install-script.ts';
import { SECRET_FUNCTIONS } from '../../../src/render/systemd/script-functions.ts';
import type { Stack } from '../../../src/stack/stack.ts';
import { createTestDir } from '../../support/fake-host.ts';
import { hostileText } from '../../support/hostile-text.ts';
import { renderForTest } from '../../support/rendering.ts';
import { createNativeStack, createServer } from '../../support/stack-fixture.ts';

function scriptOf(stack: Stack): string {
  return renderInstallScript(renderForTest(stack), stack);
}

describe('a here-document', () => {
  it('gives a shell exactly the text', () => {
    const texts = [
      '',
      '\n',
      'a',
      "it's $HOME `id` \\ $(id)\n",
      'PGMON_END\nPGMON_END_\n',
      '\tx\r\n',
      'ä€\n\n',
    ];
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(...texts), hostileText), (any) => {
        const text = Buffer.from(any.replaceAll('\0', '')).toString('utf8');
        expect(execFileSync('sh', { input: hereDocument(['cat', 'cat'], text), encoding: 'utf8' })).toBe(
          text,
        );
      }),
      { numRuns: 40 },
    );
  });
});

describe('the file with passwords', () => {
  it('has them as YAML reads them, whatever they contain', async () => {
    const dir = await createTestDir();
    for (const value of [
      'plain',
      'with "quotes" and \\back\\slashes',
      "it's #1: &x",
      'ünïcode€',
      '%s $HOME `id` \\n',
    ]) {
      writeFileSync(`${dir}/secret-12`, value);
      const script = `work=${dir}\nstop() { exit 4; }\n${SECRET_FUNCTIONS}\n${hereDocument(['fill'], 'a: "PGMONSECRET12X", "PGMONSECRET12X"\nb\n')}`;
      const { status, stdout } = spawnSync('sh', { input: script, encoding: 'utf8' });
      const quoted = `"${value.replace(/["\\]/g, '\\$&')}"`;
      expect({ status, stdout }).toEqual({ status: 0, stdout: `a: ${quoted}, ${quoted}\nb\n` });
    }
  });

  it('is not made of a password with a line break', async () => {
    const dir = await createTestDir();
    writeFileSync(`${dir}/secret-1`, 'two\nlines');
    const script = `work=${dir}\nstop() { exit 4; }\n${SECRET_FUNCTIONS}\n${hereDocument(['fill'], 'a: "PGMONSECRET1X"\n')}`;
    expect(spawnSync('sh', { input: script, encoding: 'utf8' })).toMatchObject({ status: 4, stdout: '' });
  });
});

/** With `CI` set a missing shellcheck fails the test. */
const hasShellcheck = process.env.CI !== undefined || spawnSync('shellcheck', ['--version']).status === 0;
const unchecked = hasShellcheck ? '' : ' (skipped: shellcheck is not installed: run node scripts/setup.mjs)';

describe('the install script', () => {
  const stack = createNativeStack();

  it('is read by sh without a complaint', () => {
    const checked = spawnSync('sh', ['-n'], { input: scriptOf(stack), encoding: 'utf8' });
    expect(checked).toMatchObject({ status: 0, stderr: '' });
  });

  it.skipIf(!hasShellcheck)(
    `gives shellcheck nothing to say${unchecked}`,
    () => {
      const checked = spawnSync('shellcheck', ['--shell=sh', '--format=gcc', '-'], {
        input: scriptOf(stack),
        encoding: 'utf8',
      });
      expect(checked).toMatchObject({ status: 0, stdout: '', stderr: '' });
      // It reads the whole script more than once.
    },
    60_000,
  );

  it('writes every file of the stack, and names every secret without a value', () => {
    const rendered = renderForTest(stack);
    const script = scriptOf(stack);
    for (const { path } of rendered.secretFiles)
      expect(script).toContain(`'/etc/pgmon/${stack.name}/${path}' 0600 restart:${path.split('/')[1]}`);
    for (const { id } of stack.secrets)
      expect(script).toMatch(new RegExp(`^(ask|copy|make|hash)_secret \\d+ '${id}'`, 'm'));
    expect(script).toContain(
      `put '/etc/systemd/system/pgmon-${stack.name}-prometheus.service' 0644 restart:prometheus`,
    );
    expect(script).not.toMatch(/\.\.\//);
  });

  it('asks for an environment variable by name and copies a file from its place', () => {
    const script = scriptOf(
      createNativeStack({
        servers: [createServer({ name: 'a' }), createServer({ name: 'b' })],
        secrets: [
          ...stack.secrets.filter(({ id }) => !id.startsWith('servers.')),
          { id: 'servers.a.password', source: { kind: 'env', name: 'A_PASSWORD' } },
          { id: 'servers.b.password', source: { kind: 'file', path: "/srv/it's", trim: true } },
        ],
      }),
    );
    expect(script).toMatch(/^ask_secret \d+ 'servers\.a\.password' A_PASSWORD "\$\{A_PASSWORD:-\}"$/m);
    expect(script).toMatch(/^copy_secret \d+ 'servers\.b\.password' '\/srv\/it'\\''s' trim$/m);
  });

  it("keeps a mirror's password out", () => {
    const { native } = stack;
    const prometheus = native?.programs.prometheus;
    if (native === null || prometheus === undefined) throw new Error('not native');
    const location = 'https://me:hunter2@mirror.example.com/p.tar.gz';
    const source = {
      kind: 'archive',
      location,
      checksums: location,
      sha256: null,
      directory: '/opt/pgmon/p',
    } as const;
    const rendered = renderForTest(stack);
    const services = rendered.services.map((service) =>
      service.name === 'prometheus' ? { ...service, program: { ...prometheus, source } } : service,
    );
    const script = renderInstallScript({ ...rendered, services }, stack);
    expect(script).toContain("'https://mirror.example.com/p.tar.gz'");
    expect(script).not.toContain('hunter2');
  });
});
