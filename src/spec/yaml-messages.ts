/** What pgmon says about texts that are not proper YAML, by the codes of the package `yaml`. */
import type { ErrorCode } from 'yaml';

export const YAML_MESSAGES = {
  ALIAS_PROPS: 'an alias (`*name`) cannot have an anchor or a tag; quote the value if it is meant as text',
  BAD_ALIAS:
    'an alias (`*name`) needs a name, and its anchor (`&name`) above it; quote the value if it is meant as text',
  BAD_COLLECTION_TYPE: 'the tag does not fit the value',
  BAD_DIRECTIVE: 'a line beginning with `%` is a YAML directive and this one is not valid',
  BAD_DQ_ESCAPE:
    'unknown escape after `\\` in double quotes; in single quotes a backslash is only a backslash',
  BAD_INDENT: 'wrong indentation',
  BAD_PROP_ORDER: 'anchor or tag in the wrong place',
  BAD_SCALAR_START: 'a plain value cannot begin with this character (`@`, `` ` ``, `%` …): put it in quotes',
  BLOCK_AS_IMPLICIT_KEY:
    'a key on one line has another `key: value` in its value; a value with `: ` needs quotes',
  BLOCK_IN_FLOW: 'a block list or map cannot stand inside `{}` or `[]`',
  DUPLICATE_KEY: 'the key stands here for the second time in the same map',
  KEY_OVER_1024_CHARS: 'a key is longer than 1024 characters',
  MISSING_CHAR: 'something is missing here: a closing quote or bracket, a comma, or a `:` after the key',
  MULTILINE_IMPLICIT_KEY: 'a key must be on one line; is a `:` or a quote missing above?',
  MULTIPLE_ANCHORS: 'a value can have one anchor only',
  MULTIPLE_DOCS: 'only one YAML document is allowed, here begins another (`---`)',
  MULTIPLE_TAGS: 'a value can have one tag only',
  NON_STRING_KEY: 'a key must be plain text',
  TAB_AS_INDENT: 'a tab is not allowed as indentation: use spaces',
  TAG_RESOLVE_FAILED: 'tags (`!name`) are not supported; quote the value if it is meant as text',
  UNEXPECTED_TOKEN: 'something unexpected stands here; is a quote, a bracket or a line break missing?',
} as const satisfies Partial<Record<ErrorCode, string>>;
