/** The Docker daemon's images for the `images` commands: look, load, save. Pulling is the provider's. */
import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import type { Host } from '../../host/host.ts';
import type { ImageStore, StoredImage } from '../image-store.ts';
import { type Connection, connect, orNull } from './connection.ts';

const LONGEST_LINE = 1 << 20;

function digestsOf(repoDigests: readonly string[] | null | undefined): StoredImage['digests'] {
  return (repoDigests ?? []).map((entry) => {
    const [repository = '', digest = ''] = entry.split('@');
    return { repository, digest };
  });
}

function storedImage(info: Docker.ImageInspectInfo): StoredImage {
  return {
    id: info.Id,
    references: [...(info.RepoTags ?? [])].sort(),
    layers: info.RootFS.Layers ?? [],
    sizeBytes: info.Size,
    labels: info.Config?.Labels ?? {},
    platform: `${info.Os}/${info.Architecture}`,
    digests: digestsOf(info.RepoDigests),
    createdMs: Date.parse(info.Created),
  };
}

/** The daemon answers 200 and reports failures as `{"error": …}` lines inside the body. */
async function readLoadAnswer(answer: AsyncIterable<Uint8Array>): Promise<void> {
  const decoder = new TextDecoder();
  let rest = '';
  const check = (line: string): void => {
    const error = /"error"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(line)?.[1];
    if (error !== undefined) throw new Error(String(JSON.parse(error)));
  };
  for await (const chunk of answer) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = (lines.pop() ?? '').slice(0, LONGEST_LINE);
    lines.forEach(check);
  }
  check(rest);
}

function createStore(connection: Connection): ImageStore {
  const { docker } = connection;
  return {
    platform: (signal) =>
      connection.call('ask the Docker daemon for its platform', signal, async () => {
        const { Os, Arch } = await docker.version();
        return `${Os}/${Arch}`;
      }),
    find: (reference, signal) =>
      connection.call(`look for image ${reference}`, signal, async () => {
        const info = await orNull(docker.getImage(reference).inspect());
        return info === null ? null : storedImage(info);
      }),
    references: (repository, signal) =>
      connection.call(`list images of ${repository}`, signal, async () => {
        const images = await docker.listImages({ filters: { reference: [repository] } });
        const newestFirst = images.sort((a, b) => b.Created - a.Created);
        return newestFirst
          .flatMap((image) => image.RepoTags ?? [])
          .filter((tag) => tag.startsWith(`${repository}:`));
      }),
    load: (archive, signal) =>
      connection.change('load an image', signal, async () => {
        const cut = new Promise<never>((_, reject) => archive.once('error', reject));
        const send = async (): Promise<void> =>
          readLoadAnswer((await docker.loadImage(archive, { quiet: true })) as Readable);
        // A source that fails leaves the request open: its error ends the wait.
        await Promise.race([send(), cut]);
      }),
    save: (reference, signal) =>
      connection.call(
        `save image ${reference}`,
        signal,
        async () => (await docker.getImage(reference).get()) as Readable,
      ),
  };
}

/** Connects on the first call. */
export async function createImageStore(
  host: Pick<Host, 'env' | 'homeDir' | 'fs' | 'uid'>,
): Promise<ImageStore> {
  return createStore(await connect(host));
}
