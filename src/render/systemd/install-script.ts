/** One readable shell script that installs a native stack, for people who install with their own tools. Safe to repeat. */
import { GENERATED_MARK } from '../../conventions.ts';
import { targetName, unitName } from '../../stack/native-names.ts';
import type { RenderedFile, RenderedStack, Service } from '../../stack/rendered-stack.ts';
import { shownPath } from '../../stack/shown-path.ts';
import type { Stack } from '../../stack/stack.ts';
import { systemFilesOf } from '../../stack/system-files.ts';
import { commentText, shellWord } from '../scalars.ts';
import { hereDocument } from './here-document.ts';
import { FILE_FUNCTIONS, PROGRAM_FUNCTIONS, SECRET_FUNCTIONS } from './script-functions.ts';
import { programLines } from './script-programs.ts';
import { secretLines } from './script-secrets.ts';

function headLines(name: string, specName: string): string {
  return `#!/bin/sh
# ${GENERATED_MARK} from ${commentText(specName)}: installs the stack ${name} on this machine. Run it as root.
# It can be repeated: it writes what differs and restarts only what that concerns. It holds no secrets: it reads them
# from the variables and files that the spec names, and makes the generated ones. \`pgmon up\` does the same, checks
# the result and takes it back when something fails.
# shellcheck disable=SC2016,SC3028
set -eu
umask 022
export LC_ALL=C
`;
}

function section(title: string, text: string): string {
  return text === '' ? '' : `\n# --- ${title}\n${text}`;
}

/** What a changed file asks of the services that read it. */
function actionsOf(
  { path }: RenderedFile,
  stackName: string,
  services: readonly Service[],
): readonly string[] {
  const ofService = ({ name, configInputs }: Service) => {
    if (path.endsWith(`/${unitName(stackName, name)}`)) return ['restart'];
    const reactions = configInputs
      .filter(({ prefix }) => path.startsWith(prefix))
      .map(({ reaction }) => reaction.kind);
    if (reactions.includes('recreate')) return ['restart'];
    return reactions.includes('reload') ? ['reload'] : [];
  };
  return services.flatMap((service) => ofService(service).map((action) => `${action}:${service.name}`));
}

function fileLines(rendered: RenderedStack): string {
  return rendered.files
    .map((file) => {
      const actions = actionsOf(file, rendered.name, rendered.services);
      const words = [shellWord(shownPath(rendered, file.path)), '0644', ...actions];
      return hereDocument([`put ${words.join(' ')}`], file.content);
    })
    .join('');
}

/** Units of services that the spec no longer has. */
function orphanLines(rendered: RenderedStack): string {
  const written = new Set(rendered.files.map(({ path }) => path));
  const orphans = systemFilesOf(rendered.name).filter(
    (path) => !written.has(path) && path.endsWith('.service'),
  );
  return orphans
    .map((path) => {
      const file = shownPath(rendered, path);
      const unit = file.slice(file.lastIndexOf('/') + 1);
      return `if [ -e ${file} ]; then systemctl --quiet disable --now ${unit}; rm ${file}; say reread >>"$work/actions"; fi\n`;
    })
    .join('');
}

function startLines({ name, services }: RenderedStack): string {
  const target = targetName(name);
  const units = services.map((service) => unitName(name, service.name)).join(' ');
  return `systemd-sysusers /etc/sysusers.d/pgmon-${name}.conf
systemd-tmpfiles --create /etc/tmpfiles.d/pgmon-${name}.conf
if is_noted reread; then systemctl daemon-reload; fi
systemctl --quiet enable ${target} ${units}
again=
for service in ${services.map((service) => service.name).join(' ')}; do
  unit=pgmon-${name}-$service.service
  if ! systemctl --quiet is-active "$unit"; then continue; fi
  if is_noted "restart:$service"; then
    again="$again $unit"
  elif is_noted "reload:$service"; then
    say "reloading $unit"
    systemctl reload "$unit"
  fi
done
if [ -n "$again" ]; then
  say "restarting$again"
  # shellcheck disable=SC2086
  systemctl restart $again
fi
systemctl start ${target} ${units}
# A program that cannot use its configuration, or finds its port taken, ends soon after its start.
looks=1
if [ -s "$work/actions" ]; then looks=4; fi
while [ "$looks" -gt 0 ]; do
  sleep 1
  for unit in ${units}; do
    systemctl --quiet is-active "$unit" || stop "$unit does not stay up" "journalctl -u $unit shows what it says"
  done
  looks=$((looks - 1))
done
`;
}

function endLines({ name, native }: Stack): string {
  const prometheus = native?.listen.prometheus;
  const address = prometheus === undefined ? '' : ` It listens on ${prometheus.address}:${prometheus.port}.`;
  return `if [ -s "$work/actions" ]; then say 'done: the stack ${name} is installed and runs'; else say 'done: nothing changed'; fi
say "look at it with: systemctl list-units 'pgmon-${name}-*', journalctl -u 'pgmon-${name}-*', and Prometheus' page of targets.${address}"
say 'the monitoring role of each server must be there: \`pgmon role print\` shows its SQL, and \`pgmon check\` tries everything'
`;
}

/** Same stack, same bytes. The stack's files must have been rendered for the native runtime. */
export function renderInstallScript(rendered: RenderedStack, stack: Stack): string {
  return [
    headLines(stack.name, stack.specName),
    section('functions', FILE_FUNCTIONS),
    `\n${PROGRAM_FUNCTIONS}`,
    rendered.secretFiles.length === 0 ? '' : `\n${SECRET_FUNCTIONS}`,
    section('programs', programLines(rendered.services)),
    section('configuration and units', fileLines(rendered)),
    section('secrets', secretLines(rendered, stack.secrets)),
    section('services that the spec no longer has', orphanLines(rendered)),
    section('users, directories, start', startLines(rendered)),
    section('what now', endLines(stack)),
  ].join('');
}
