// `npm run dashboards`: writes templates/dashboards and its index from src/catalog/dashboards. Run it after a change of a dashboard; the
// files are committed, so that neither building nor running pgmon needs Grafana's SDK.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { importSource } from './lib/import-source.mjs';
import { main, root, say } from './lib/run.mjs';

const TEMPLATES = path.join(root, 'templates');
const DIR = path.join(TEMPLATES, 'dashboards');

await main(async () => {
  const { buildDashboardFiles } = await importSource('src/grafana-json/dashboard-files.ts');
  const files = buildDashboardFiles();
  await mkdir(DIR, { recursive: true });
  const changed = [];
  for (const { name, text } of files) {
    const file = path.join(TEMPLATES, name);
    if ((await readFile(file, 'utf8').catch(() => null)) === text) continue;
    await writeFile(file, text);
    changed.push(name);
  }
  const names = files.map(({ name }) => name);
  const old = (await readdir(DIR)).filter((name) => !names.includes(`dashboards/${name}`));
  await Promise.all(old.map((name) => rm(path.join(DIR, name))));
  say(`${files.length} files of dashboards: ${changed.length} changed, ${old.length} removed`);
  return 0;
});
