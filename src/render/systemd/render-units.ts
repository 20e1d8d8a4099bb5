/** A stack's services as systemd units: the files, and the services with the hash of their own unit. */
import { PGMON_LABELS } from '../../conventions.ts';
import { SYSTEM_DIRS, unitName } from '../../stack/native-names.ts';
import type { RenderedFile, SecretFile, Service } from '../../stack/rendered-stack.ts';
import type { RenderContext } from '../render-context.ts';
import { unitHash } from '../service-hash.ts';
import { unitText } from './service-unit.ts';
import { systemFiles } from './system-files.ts';

export interface UnitsInput {
  readonly name: string;
  readonly services: readonly Service[];
  readonly secretFiles: readonly SecretFile[];
  /** What the services read. */
  readonly files: readonly RenderedFile[];
}

/** Every file that systemd reads, and the services labelled like their units. */
export function renderUnits({ name, services, secretFiles, files }: UnitsInput, context: RenderContext) {
  const units = services.map((service) => {
    const input = { stackName: name, service, secretFiles };
    const hash = unitHash(unitText(input, null, context), service, files);
    return {
      service: { ...service, labels: { ...service.labels, [PGMON_LABELS.serviceHash]: hash } },
      file: {
        path: `${SYSTEM_DIRS.units}/${unitName(name, service.name)}`,
        content: unitText(input, hash, context),
      },
    };
  });
  return {
    services: units.map(({ service }) => service),
    files: [...units.map(({ file }) => file), ...systemFiles(name, services, context)],
  };
}
