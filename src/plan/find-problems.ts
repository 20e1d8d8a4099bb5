/** Finds what in the world forbids a plan: foreign things under our names, taken ports, absent or wrong images. */
import type { ForeignResource, ObservedImage } from '../providers/provider.ts';
import type { Service } from '../stack/rendered-stack.ts';
import type { Desired, Observed, PinnedImage, Problem, TakenPort } from './plan-input.ts';

function foreignProblem(foreign: ForeignResource): Problem {
  return {
    code: 'foreign-resource',
    message: `${foreign.kind} ${foreign.name} is not pgmon's: ${foreign.reason}`,
    hint: `choose another stack name in the spec, or remove it with \`docker ${foreign.kind} rm ${foreign.name}\``,
  };
}

function portProblem(taken: TakenPort): Problem {
  const holder = taken.holder === null ? 'something that this user cannot see' : taken.holder;
  const stack = /^stack (\S+) /.exec(holder)?.[1];
  const free =
    stack === undefined ? `stop ${holder}` : `take that stack down with \`pgmon down --name ${stack}\``;
  return {
    code: 'port-taken',
    message: `${taken.service} needs port ${taken.port} on ${taken.address}, which ${holder} holds`,
    hint: `set another port for ${taken.service} in the spec, or ${free}`,
  };
}

function absentImage(service: Service): Problem {
  if (service.program !== null) {
    return {
      code: 'program-absent',
      message: `${service.name} needs ${service.image}, which is not on this machine`,
      hint: `leave out \`--pull never\`, or put it at ${service.program.path}`,
    };
  }
  return {
    code: 'image-absent',
    message: `${service.name} needs image ${service.image}, which is not on this machine`,
    hint: imageHint(service.name),
  };
}

/** How to get an image by other ways than pulling it. */
export function imageHint(service: string): string {
  if (service === 'grafana') {
    return 'bring the image with `pgmon images load FILE`, or leave Grafana out with `--without grafana`; the other images can also be built with `pgmon images build`';
  }
  return 'build the images here with `pgmon images build`, or bring them with `pgmon images load FILE`';
}

/** By the registry's digest or by the image's id: either is proof, and each can be missing or differ between image stores. */
function isPinned(image: ObservedImage, { digest, expectedId }: PinnedImage): boolean {
  if (digest !== null && image.digests.includes(digest)) return true;
  return expectedId === null ? digest === null || image.digests.length === 0 : image.id === expectedId;
}

function pinProblem(observed: Observed, pin: PinnedImage): readonly Problem[] {
  const image = observed.world.images.get(pin.reference) ?? null;
  if (image === null || isPinned(image, pin)) return [];
  return [
    {
      code: 'image-differs',
      message: `image ${pin.reference} is ${image.id} here, but the lock file says ${pin.expectedId ?? pin.digest}`,
      hint:
        pin.origin === 'build'
          ? 'note the one built here with `pgmon images build`, or bring the locked one with `pgmon images load FILE`'
          : 'fetch the locked one with `pgmon images pull`, or accept this one: remove its entry from the lock file',
    },
  ];
}

/** Every problem at once; empty = the plan may be made. `creates`: services that will get a new container. */
export function findProblems(
  desired: Desired,
  observed: Observed,
  creates: readonly Service[],
): readonly Problem[] {
  const isAbsent = (service: Service) => (observed.world.images.get(service.image) ?? null) === null;
  return [
    ...observed.world.obstacles,
    ...observed.world.foreign.map(foreignProblem),
    ...observed.portsTaken.map(portProblem),
    ...(desired.pull === 'never' ? creates.filter(isAbsent).map(absentImage) : []),
    ...desired.pinnedImages.flatMap((pin) => pinProblem(observed, pin)),
  ];
}
