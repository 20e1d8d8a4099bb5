import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  commentText,
  dollarSafe,
  shellWord,
  templateSafe,
  unitValue,
  wellFormed,
  yamlScalar,
  yamlString,
} from '../../../src/render/scalars.ts';
import { sqlIdentifier, sqlLiteral } from '../../../src/stack/sql-text.ts';
import { hostileText } from '../../support/hostile-text.ts';

const VERSIONS = ['1.1', '1.2'] as const;

describe('yamlString', () => {
  it.each(VERSIONS)('is read back as the same text by YAML %s', (version) => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const value: unknown = parse(`key: ${yamlString(text)}\nnext: 1\n`, { version });
        expect(value).toEqual({ key: wellFormed(text), next: 1 });
      }),
    );
  });

  it('never breaks a line', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(yamlString(text)).not.toMatch(/[\n\r\u0085\u2028\u2029]/);
      }),
    );
  });

  it('keeps PromQL readable by single quotes', () => {
    expect(yamlString('up{job="node"} == 0')).toBe(`'up{job="node"} == 0'`);
  });
});

describe('the other formats', () => {
  it('leave numbers and booleans unquoted in YAML', () => {
    expect([yamlScalar(7), yamlScalar(true)]).toEqual(['7', 'true']);
  });

  it('double dollars where the reader expands variables', () => {
    expect(dollarSafe('a$HOME$')).toBe('"a$$HOME$$"');
  });

  it('keep braces as text where Alertmanager expands templates', () => {
    expect(parse(templateSafe('{{ .Secret }}'))).toBe('{{"{{"}} .Secret }}');
  });

  it('double percent signs and join lines in systemd units', () => {
    expect(unitValue('50%\nExecStart=/bin/sh')).toBe('50%% ExecStart=/bin/sh');
  });

  it('quote SQL identifiers and literals', () => {
    expect(sqlIdentifier('a"; DROP ROLE x; --')).toBe('"a""; DROP ROLE x; --"');
    expect(sqlLiteral(`it's`)).toBe(`'it''s'`);
    expect(sqlLiteral(`back\\slash'`)).toBe(`E'back\\\\slash'''`);
  });

  it('quote shell words', () => {
    expect(shellWord(`a'$(reboot)`)).toBe(`'a'\\''$(reboot)'`);
  });

  it('keep comments on one line', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(commentText(text)).toMatch(/^[^\p{C}\p{Zl}\p{Zp}]*$/u);
      }),
    );
    expect(commentText('stacks/demo ü.yaml')).toBe('stacks/demo ü.yaml');
  });
});
