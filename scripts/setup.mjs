// Sets up what the tests need besides Node: a Docker daemon, Docker Compose to compare with, a registry, the images
// (also of machines with systemd), shellcheck, and a browser.
import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { ensureChromium } from './lib/chromium.mjs';
import { ensureCompose } from './lib/compose-tool.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { ensureDaemon } from './lib/docker-daemon.mjs';
import { ensurePostgresVersions } from './lib/postgres-versions.mjs';
import { ensureRegistry } from './lib/registry-tool.mjs';
import { main, root, say } from './lib/run.mjs';
import { ensureShellcheck } from './lib/shellcheck.mjs';
import { ensureImages } from './lib/stack-images.mjs';
import { ensureSystemdImages } from './lib/systemd-images.mjs';

export async function setup() {
  await ensureDependencies();
  say('\n== setting up Docker');
  await ensureDaemon();
  await ensureCompose();
  await ensureRegistry();
  const dir = path.join(root, '.cache/setup');
  await mkdir(dir, { recursive: true });
  await copyFile(path.join(root, 'stacks/demo.yaml'), path.join(dir, 'pgmon.yaml'));
  const missing = await ensureImages(dir);
  say(missing === null ? 'images: all here' : `images: all but ${missing} (its tests will be skipped)`);
  await ensurePostgresVersions();
  await ensureSystemdImages();
  await ensureShellcheck();
  await ensureChromium();
}

if (process.argv[1] === import.meta.filename) await main(setup);
