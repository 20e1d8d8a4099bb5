import { describe, expect, it } from 'vitest';
import {
  chooseMirror,
  parseDeb822Sources,
  parseOsRelease,
  parseSourcesList,
} from '../../../src/images/apt-source.ts';

const DEBIAN = parseOsRelease(
  'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_CODENAME=bookworm\n',
);
const UBUNTU = parseOsRelease('ID=ubuntu\nVERSION_CODENAME=noble\n');

describe('parseSourcesList', () => {
  it('reads options, comments and several lines', () => {
    const text = [
      '# deb http://commented.example/debian bookworm main',
      'deb-src http://src.example/debian bookworm main',
      'deb [arch=amd64 signed-by=/k/own.gpg] https://mirror.example/debian/ bookworm main contrib # note',
    ].join('\n');
    expect(parseSourcesList(text)).toEqual([
      {
        uri: 'https://mirror.example/debian/',
        suites: ['bookworm'],
        components: ['main', 'contrib'],
        signedBy: '/k/own.gpg',
      },
    ]);
  });
});

describe('parseDeb822Sources', () => {
  it('reads stanzas with comments, several suites and a folded key', () => {
    const text = `Types: deb deb-src
# a comment
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 -----END PGP PUBLIC KEY BLOCK-----

Types: deb
URIs: http://off.example/debian
Suites: bookworm
Components: main
Enabled: no
`;
    expect(parseDeb822Sources(text)).toEqual([
      {
        uri: 'http://mirror.example/debian',
        suites: ['bookworm', 'bookworm-updates'],
        components: ['main'],
        signedBy: null,
      },
    ]);
  });
});

describe('chooseMirror', () => {
  it("takes the mirror of the machine's own release with its keyring", () => {
    const sources = parseSourcesList(
      [
        'deb http://packages.example/tool stable extra',
        'deb http://security.example/debian-security bookworm-security main',
        'deb [signed-by=/k/own.gpg] http://mirror.example/debian/ bookworm main',
      ].join('\n'),
    );
    expect(chooseMirror(sources, DEBIAN)).toEqual({
      uri: 'http://mirror.example/debian',
      signedBy: '/k/own.gpg',
    });
  });

  it.each([
    ['Ubuntu', parseSourcesList('deb http://archive.example/ubuntu noble main'), UBUNTU],
    ['a Debian whose only source is a disc', parseSourcesList('deb cdrom:[disc]/ bookworm main'), DEBIAN],
  ])("falls back to Debian's default on %s", (_where, sources, osRelease) => {
    expect(chooseMirror(sources, osRelease)).toEqual({ uri: 'http://deb.debian.org/debian', signedBy: null });
  });
});
