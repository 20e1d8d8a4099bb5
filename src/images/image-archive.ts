/** Makes a `docker load` archive of an image with one layer. Same layer, recipe and labels: same image id. */
import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { type Layer, readLayer } from './layer.ts';
import type { ImageConfig } from './recipe.ts';
import { tarStream } from './tar.ts';

export interface ImageDescription {
  readonly reference: string;
  /** Docker's name: `amd64`. */
  readonly architecture: string;
  readonly config: ImageConfig;
  readonly labels: Readonly<Record<string, string>>;
  readonly layer: Layer;
}

export interface ImageArchive {
  /** sha256 of the configuration: the image id in Docker's classic store. */
  readonly configDigest: string;
  readonly open: () => Readable;
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function configText(image: ImageDescription): string {
  const { config, layer } = image;
  const created = new Date(layer.newestMs).toISOString();
  return JSON.stringify({
    architecture: image.architecture,
    config: {
      Cmd: config.command.length === 0 ? null : config.command,
      Entrypoint: config.entrypoint,
      Env: Object.entries(config.env).map(([name, value]) => `${name}=${value}`),
      ExposedPorts: Object.fromEntries(config.ports.map((port) => [`${port}/tcp`, {}])),
      Labels: sorted(image.labels),
      ...(config.stopSignal !== null && { StopSignal: config.stopSignal }),
      User: config.user,
      Volumes:
        config.volumes.length === 0 ? null : Object.fromEntries(config.volumes.map((volume) => [volume, {}])),
      WorkingDir: config.workingDir,
    },
    created,
    history: [{ created, created_by: 'pgmon images build' }],
    os: 'linux',
    rootfs: { type: 'layers', diff_ids: [layer.digest] },
  });
}

function archiveStream(image: ImageDescription, config: string, configName: string): Readable {
  const { layer, reference } = image;
  const layerName = `${layer.digest.replace('sha256:', '')}/layer.tar`;
  const mtime = new Date(0);
  const manifest = JSON.stringify([{ Config: configName, RepoTags: [reference], Layers: [layerName] }]);
  return tarStream(async (writer) => {
    await writer.add({ name: configName, mtime }, config);
    await writer.add({ name: 'manifest.json', mtime }, manifest);
    await writer.addStream({ name: layerName, mtime, size: layer.sizeBytes }, readLayer(layer));
  });
}

/** Describes the archive; nothing is read before `open`. */
export function imageArchive(image: ImageDescription): ImageArchive {
  const config = configText(image);
  const digest = createHash('sha256').update(config).digest('hex');
  return { configDigest: `sha256:${digest}`, open: () => archiveStream(image, config, `${digest}.json`) };
}
