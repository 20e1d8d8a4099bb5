/** What a purge takes from the output directory and from the system's directories, and what it leaves. */
import { readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { purgeableFiles, purgeFiles, removeEmptyUpTo } from '../../../src/apply/purge-files.ts';
import { GENERATED_MARK } from '../../../src/conventions.ts';
import { createFakeHost, createTestDir } from '../../support/fake-host.ts';

const OWN = `# ${GENERATED_MARK} 1.0.0 from x. DO NOT EDIT.\n`;

async function machine() {
  const root = await createTestDir();
  const files: Readonly<Record<string, string>> = {
    'etc/pgmon/a/prometheus/prometheus.yml': OWN,
    'etc/pgmon/a/prometheus/rules/mine.yml': 'groups: []\n',
    'etc/pgmon/a/sql/role.sql': OWN,
    'etc/pgmon/a/secrets/.gitignore': '*\n',
    'etc/pgmon/a/secrets/grafana/key': 'x',
    'etc/pgmon/a/secrets/generated/grafana.key': 'x',
    'etc/systemd/system/pgmon-a.target': OWN,
    'etc/systemd/system/pgmon-a-prometheus.service': OWN,
    'etc/systemd/system/pgmon-a-grafana.service': '[Unit]\n',
    'etc/systemd/system/pgmon-a-b.target': OWN,
    'etc/systemd/system/pgmon-a-b-prometheus.service': OWN,
    'etc/sysusers.d/pgmon-a.conf': OWN,
    'etc/sysusers.d/pgmon-a-b.conf': OWN,
  };
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.join(root, path.dirname(file)), { recursive: true });
    await writeFile(path.join(root, file), text);
  }
  const outDir = path.join(root, 'etc/pgmon/a');
  const host = createFakeHost({ cwd: root });
  const purge = async (keepsGenerated: boolean) => {
    const found = await purgeableFiles(host, { outDir, stack: { name: 'a', runtime: 'native' } });
    await purgeFiles(host, outDir, { files: found, keepsGenerated });
    await removeEmptyUpTo(host, outDir, path.dirname(outDir));
    return readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
      .sort();
  };
  return { purge };
}

const OTHERS = [
  'etc/pgmon/a/prometheus/rules/mine.yml',
  'etc/systemd/system/pgmon-a-b-prometheus.service',
  'etc/systemd/system/pgmon-a-b.target',
  'etc/systemd/system/pgmon-a-grafana.service',
  'etc/sysusers.d/pgmon-a-b.conf',
];

it("leaves other people's files and another stack's, whose name begins like this one's", async () => {
  const { purge } = await machine();
  expect(await purge(false)).toEqual(OTHERS);
});

it('keeps generated secrets, and what hides them from version control, where data stays', async () => {
  const { purge } = await machine();
  const kept = ['etc/pgmon/a/secrets/.gitignore', 'etc/pgmon/a/secrets/generated/grafana.key'];
  expect(await purge(true)).toEqual([...OTHERS, ...kept].sort());
});
