/**
 * Whether systemd can hand credentials to services: how it is tried, and what is said where it cannot. Older versions (252 and
 * 257 were seen) mount them in a namespace of its own, from where they come out only when `/run` is a shared mount. systemd sees to that
 * at boot, but in a container leaves it to whoever made that. 262 does without. Data only.
 */

/** What a service of another user sees in its own credentials directory; ends with 0 where it can read it. */
export const CREDENTIAL_TRIAL = [
  'systemd-run',
  '--quiet',
  '--collect',
  '--wait',
  '--pipe',
  '--property=User=nobody',
  '--property=LoadCredential=trial:/proc/version',
  '--',
  'sh',
  '-c',
  'cat "$CREDENTIALS_DIRECTORY/trial"',
] as const;

export const CREDENTIALS_HIDDEN = {
  message:
    'systemd cannot hand passwords to services here: mounts are private, as in some containers, and they would find an empty directory',
  hint: 'run `mount --make-rshared /` now and, for the time after a restart, before systemd starts',
} as const;
