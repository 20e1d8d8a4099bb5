// What the build changes on the way from src/ and node_modules to dist/; each for start-up time, with the gain stated.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import Handlebars from 'handlebars';

/**
 * dockerode needs ssh2 only for ssh:// daemons, which pgmon refuses with a message of its own, gRPC only for BuildKit
 * sessions, and tar-fs only to pack a build context; pgmon does neither. Together they cost over 100 ms at every start.
 */
const LEFT_OUT =
  /^(ssh2|cpu-features|@grpc\/grpc-js|@grpc\/proto-loader|protobufjs|tar-fs|@balena\/dockerignore)(\/|$)/;

export const leaveOut = {
  name: 'leave-out',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: LEFT_OUT }, ({ path: name }) => ({ path: name, namespace: 'left-out' }));
    // Commander wants it only for subcommands that are programs of their own; loading it costs 5 ms.
    onResolve({ filter: /^node:child_process$/ }, ({ path: name, importer }) =>
      importer.includes('node_modules/commander/') ? { path: name, namespace: 'left-out' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'left-out' }, ({ path: name }) => ({
      contents: `module.exports = new Proxy(function () {}, {
        get(target, key) { return typeof key === 'symbol' || key === '__esModule' ? undefined : module.exports; },
        apply() { throw new Error('pgmon is built without ${name}'); },
        construct() { throw new Error('pgmon is built without ${name}'); },
      });`,
      loader: 'js',
    }));
  },
};

/** docker-modem prints every request in full for a debug log that is off; that is several ms per request. */
export const thriftyModem = {
  name: 'thrifty-modem',
  setup({ onLoad }) {
    onLoad({ filter: /docker-modem\/lib\/modem\.js$/ }, async ({ path: file }) => {
      const text = await readFile(file, 'utf8');
      const contents = text.replace(
        "debug('Sending: %s', util.inspect(",
        "debug.enabled && debug('Sending: %s', util.inspect(",
      );
      if (contents === text) throw new Error(`${file} no longer has the debug line that this plugin guards`);
      return { contents, loader: 'js' };
    });
  },
};

/** Handlebars templates as functions, and its compiler left out: about 100 ms of every run that renders. */
export const precompileTemplates = (templateDir) => ({
  name: 'precompile-templates',
  setup({ onLoad }) {
    onLoad({ filter: /src\/render\/compile-template\.ts$/ }, async ({ path: file }) => {
      const names = (await readdir(templateDir)).filter((name) => name.endsWith('.hbs')).sort();
      const entries = names.map(async (name) => {
        const source = await readFile(path.join(templateDir, name), 'utf8');
        const noEscape = !name.endsWith('.html.hbs');
        const compiled = Handlebars.precompile(source, { strict: true, noEscape });
        return `${JSON.stringify(name)}: { source: ${JSON.stringify(source)}, compiled: ${compiled} }`;
      });
      const contents = `import Handlebars from 'handlebars/runtime.js';
const TEMPLATES = { ${(await Promise.all(entries)).join(',\n')} };
export const createHandlebars = () => Handlebars.create();
export function compileTemplate(environment, name, source) {
  const template = TEMPLATES[name];
  if (template?.source !== source) throw new Error('template ' + name + ' differs from the build; run npm run build');
  return environment.template(template.compiled);
}`;
      const watchFiles = names.map((name) => path.join(templateDir, name));
      return { contents, loader: 'js', resolveDir: path.dirname(file), watchFiles };
    });
  },
});
