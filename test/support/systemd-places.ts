/** Where a test machine has pgmon and Node.js. */

/** As a distribution's package would. */
export const PROGRAM_DIR = '/usr/lib/pgmon';
/** Of this checkout. */
export const PROGRAM_FILES = ['bin', 'dist', 'templates', 'stacks', 'package.json'] as const;
export const NODE_PATH = '/usr/local/bin/node';
/** Release archives of the programs, as upstream publishes them. */
export const ARCHIVES_DIR = '/srv/archives';
