/** Release archives in the shape of upstream's, made of the programs in the test images; a directory to install from offline. */
import { createHash } from 'node:crypto';
import { access, mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { COMPONENTS } from '../../src/catalog/components.ts';
import { type Architecture, CHECKSUMS_FILE, PROGRAM_ORIGINS } from '../../src/catalog/programs.ts';
import { nodeBinary } from './installed-package.ts';
import { requireImage } from './tools.ts';

const CACHE = path.resolve(import.meta.dirname, '../../.cache/systemd');
const FROM_IMAGES = ['prometheus', 'alertmanager', 'postgres-exporter', 'node-exporter'] as const;
/** Debian's Alertmanager reads its page's templates from here; upstream's has them inside. */
export const ALERTMANAGER_TEMPLATES = '/usr/share/prometheus/alertmanager';

export interface ReleaseArchives {
  /** Directory with the archives and their sha256sums.txt. */
  readonly archives: string;
  /** What belongs at ALERTMANAGER_TEMPLATES. */
  readonly alertmanagerTemplates: string;
}

function architecture(): Architecture {
  if (process.arch === 'x64') return 'amd64';
  if (process.arch === 'arm64') return 'arm64';
  throw new Error(`there are no release archives for ${process.arch}`);
}

/** Copies files of an image out of a container that never runs. `files`: path in the image -> path here. */
async function copyOut(image: string, files: Readonly<Record<string, string>>): Promise<void> {
  const { stdout: id } = await execa('docker', ['create', image]);
  try {
    for (const [from, to] of Object.entries(files)) {
      await mkdir(path.dirname(to), { recursive: true });
      await execa('docker', ['cp', `${id}:${from}`, to]);
    }
  } finally {
    await execa('docker', ['rm', id]);
  }
}

/** `topDir/executable` of one component, packed as `target`. */
async function pack(target: string, topDir: string): Promise<void> {
  const options = ['--owner=0', '--group=0', '--directory', path.dirname(topDir)];
  const program = target.endsWith('.xz') ? 'xz -0 -T2' : 'gzip -1';
  const words = ['--create', ...options, '--use-compress-program', program, '--file', target];
  await execa('tar', [...words, path.basename(topDir)]);
  await rm(topDir, { recursive: true });
}

async function makeArchives(dir: string, images: ReadonlyMap<string, string>): Promise<void> {
  const archives = path.join(dir, 'archives');
  const names = [...FROM_IMAGES, 'sql-exporter'] as const;
  for (const component of names) {
    const { archive } = PROGRAM_ORIGINS[component];
    const { version } = COMPONENTS[component];
    const fileName = archive.fileName({ version, architecture: architecture() });
    const topDir = path.join(archives, fileName.replace(/\.tar\.[gx]z$/, ''));
    const program = path.join(topDir, archive.executable);
    const image = images.get(component);
    if (image === undefined) {
      await mkdir(path.dirname(program), { recursive: true });
      await execa('cp', [await nodeBinary(Number.parseInt(version, 10)), program]);
    } else await copyOut(image, { [`/bin/${archive.executable}`]: program });
    if (component === 'alertmanager' && image !== undefined) {
      // Upstream's image has none and needs none.
      const templates = path.join(dir, 'alertmanager-templates');
      await copyOut(image, { [ALERTMANAGER_TEMPLATES]: templates }).catch(() => mkdir(templates));
    }
    await pack(path.join(archives, fileName), topDir);
  }
  const script = `sha256sum * > ../sums && mv ../sums ${CHECKSUMS_FILE}`;
  await execa('sh', ['-c', script], { cwd: archives });
}

/** Made once and kept in .cache/, until an image changes. */
export async function releaseArchives(): Promise<ReleaseArchives> {
  const images = new Map<string, string>();
  for (const component of FROM_IMAGES) {
    const reference = await requireImage(component);
    const { stdout } = await execa('docker', ['image', 'inspect', '--format', '{{.Id}}', reference]);
    images.set(component, stdout);
  }
  const text = JSON.stringify([...images, COMPONENTS, architecture()]);
  const key = createHash('sha256').update(text).digest('hex').slice(0, 16);
  const target = path.join(CACHE, `archives-${key}`);
  const isThere = await access(target).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    const work = `${target}.${process.pid}`;
    try {
      await makeArchives(work, images);
      await rename(work, target);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  }
  return {
    archives: path.join(target, 'archives'),
    alertmanagerTemplates: path.join(target, 'alertmanager-templates'),
  };
}
