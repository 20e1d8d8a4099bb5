/** `pgmon images …`: flags and how they become options. */
import type { GroupEntry, RunnableEntry } from './command-entry.ts';
import { isSet, stackOptions } from './flags.ts';

const list: RunnableEntry = {
  kind: 'command',
  usage: 'list',
  summary: 'list the images of the stack and whether they are on this machine',
  isStackCommand: true,
  examples: ['pgmon images list'],
  run: async (context, values) =>
    (await import('../commands/images.ts')).imagesList(context, stackOptions(values)),
};

const pull: RunnableEntry = {
  kind: 'command',
  usage: 'pull',
  summary: 'fetch the images from their registries and write the lock file',
  isStackCommand: true,
  examples: ['pgmon images pull'],
  run: async (context, values) =>
    (await import('../commands/images.ts')).imagesPull(context, stackOptions(values)),
};

const save: RunnableEntry = {
  kind: 'command',
  usage: 'save <archive>',
  summary: 'put all images into one archive with checksums, for a host without a registry',
  isStackCommand: true,
  examples: ['pgmon images save pgmon-images.tar'],
  run: async (context, values, [archive = '']) => {
    const { imagesSave } = await import('../commands/images.ts');
    return imagesSave(context, { ...stackOptions(values), archive });
  },
};

const load: RunnableEntry = {
  kind: 'command',
  usage: 'load <archive>',
  summary: 'load the images from such an archive after checking it',
  isStackCommand: true,
  examples: ['pgmon images load pgmon-images.tar'],
  run: async (context, values, [archive = '']) => {
    const { imagesLoad } = await import('../commands/images.ts');
    return imagesLoad(context, { ...stackOptions(values), archive });
  },
};

const build: RunnableEntry = {
  kind: 'command',
  usage: 'build [components...]',
  summary: "build stand-in images from the distribution's packages, where no registry answers",
  flags: [{ syntax: '--force', description: 'build again what is there already' }],
  isStackCommand: true,
  examples: ['pgmon images build', 'pgmon images build prometheus --force'],
  run: async (context, values, components) => {
    const { imagesBuild } = await import('../commands/images.ts');
    return imagesBuild(context, {
      ...stackOptions(values),
      force: isSet(values, 'force'),
      ...(components.length > 0 && { components }),
    });
  },
};

export const IMAGE_COMMANDS: GroupEntry = {
  kind: 'group',
  usage: 'images',
  summary: 'list, fetch, move or build the images of the stack',
  commands: [list, pull, save, load, build],
};
