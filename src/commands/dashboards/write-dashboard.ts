/** Puts a dashboard into the user's directory. */
import path from 'node:path';
import { EnvironmentError } from '../../errors.ts';
import type { Host } from '../../host/host.ts';
import type { MoreDashboards } from '../../stack/dashboard-file.ts';

/** Makes the directory when it is not there. Rejects with EnvironmentError. */
export async function writeDashboard(
  host: Pick<Host, 'fs'>,
  { directory, shownDirectory }: MoreDashboards,
  { name, text }: { readonly name: string; readonly text: string },
): Promise<void> {
  try {
    await host.fs.writeAtomic(path.join(directory, name), text);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new EnvironmentError(`cannot write ${path.posix.join(shownDirectory, name)}: ${code}`, {
      code: 'file-access',
      hint: 'make the directory writable for this user, or name another one in dashboards.directory',
      cause,
    });
  }
}
