/** Plans what services stand on: images or programs, files, secret files, users, networks and data. */
import { nativeDataDir } from '../stack/native-names.ts';
import type { Service } from '../stack/rendered-stack.ts';
import type { Operation } from './operations.ts';
import type { Desired, Observed } from './plan-input.ts';

const ABSENT = 'it is not on this machine';

function planPulls(desired: Desired, observed: Observed, creates: readonly Service[]): readonly Operation[] {
  const references = [...new Set(creates.map((service) => service.image))].sort();
  return references
    .filter((reference) => (observed.world.images.get(reference) ?? null) === null)
    .map((reference) => ({
      id: `pull ${reference}`,
      kind: 'pull',
      resource: `image ${reference}`,
      cause: ABSENT,
      needs: [],
      reference,
      digest: desired.pinnedImages.find((pin) => pin.reference === reference)?.digest ?? null,
    }));
}

/** One after the other: a package manager works for one at a time. Also for services that run: their next start needs it. */
function planInstalls(desired: Desired, observed: Observed): readonly Operation[] {
  const programs = new Map(desired.rendered.services.map(({ image, program }) => [image, program]));
  const absent = [...programs]
    .filter(([image]) => (observed.world.images.get(image) ?? null) === null)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return absent.flatMap(([image, program], index): readonly Operation[] => {
    const before = absent[index - 1]?.[0];
    const needs = before === undefined ? [] : [`install ${before}`];
    const shared = { id: `install ${image}`, resource: `program ${image}`, cause: ABSENT, needs };
    return program === null ? [] : [{ ...shared, kind: 'install', program }];
  });
}

function planWrites(observed: Observed, needs: readonly string[]): readonly Operation[] {
  const { fileChanges, secretChanges } = observed;
  const files: Operation = {
    id: 'write files',
    kind: 'write-files',
    resource: 'files',
    cause: 'they differ from what the spec says',
    needs,
    changes: fileChanges,
  };
  const secrets: Operation = {
    id: 'write secrets',
    kind: 'write-secrets',
    resource: 'secret files',
    cause: 'they are missing or their values changed',
    needs,
    changes: secretChanges,
  };
  return [...(fileChanges.length > 0 ? [files] : []), ...(secretChanges.length > 0 ? [secrets] : [])];
}

/** After the files: one of them says what the users are. */
function planUsers(desired: Desired, observed: Observed, needs: readonly string[]): readonly Operation[] {
  const there = new Set(observed.world.users.map(({ name }) => name));
  return desired.rendered.users
    .filter(({ name }) => !there.has(name))
    .map(({ name }) => ({
      id: `create user ${name}`,
      kind: 'create-user',
      resource: `user ${name}`,
      cause: 'it is missing',
      needs: [...needs, 'write files'],
      key: name,
    }));
}

function volumeInWords({ rendered }: Desired, key: string): string {
  return rendered.runtime === 'native'
    ? `directory ${nativeDataDir(rendered.name)}/${key.replace(/-data$/, '')}`
    : `volume ${rendered.name}_${key}`;
}

function planResources(desired: Desired, observed: Observed, needs: readonly string[]): readonly Operation[] {
  const { name, networks, volumes } = desired.rendered;
  const isMissing = (there: readonly { readonly key: string }[]) => (key: string) =>
    !there.some((one) => one.key === key);
  const cause = 'it is missing';
  return [
    ...networks.filter(isMissing(observed.world.networks)).map((key): Operation => {
      const resource = `network ${name}_${key}`;
      return { id: `create ${resource}`, kind: 'create-network', resource, cause, needs, key };
    }),
    ...volumes.filter(isMissing(observed.world.volumes)).map((key): Operation => {
      const resource = volumeInWords(desired, key);
      return { id: `create ${resource}`, kind: 'create-volume', resource, cause, needs, key };
    }),
  ];
}

export interface GroundSurroundings {
  /** Services that get a new container. */
  readonly creates: readonly Service[];
  /** What must have ended before files are written: a unit whose file goes away is stopped as that file says. */
  readonly stops: readonly Operation[];
}

/** Everything that a service starts from is there when all of these are done. */
export function planGround(
  desired: Desired,
  observed: Observed,
  { creates, stops }: GroundSurroundings,
): readonly Operation[] {
  const isNative = desired.rendered.runtime === 'native';
  const brought = isNative ? planInstalls(desired, observed) : planPulls(desired, observed, creates);
  const needs = brought.map(({ id }) => id);
  const users = planUsers(desired, observed, needs);
  const resources = planResources(desired, observed, [...needs, ...users.map(({ id }) => id)]);
  const writes = planWrites(observed, [...needs, ...stops.map(({ id }) => id)]);
  return [...brought, ...writes, ...users, ...resources];
}
