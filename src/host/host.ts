/** The outside world as one interface. Everything that touches files, processes, the network or the clock goes through it. */

export interface FileInfo {
  readonly kind: 'file' | 'directory' | 'symlink' | 'other';
  readonly size: number;
  readonly mtimeMs: number;
  /** Permission bits only, e.g. 0o700. */
  readonly mode: number;
}

export interface HostFs {
  /** Rejects with Node's own error (`code` ENOENT, EACCES, …) as do all of these unless said otherwise. */
  readText(path: string): Promise<string>;
  /** The text, or null when there is no such file. Other failures reject. */
  readTextIfExists(path: string): Promise<string | null>;
  /** Writes a temporary file beside `path` and renames it; parents are made. Default mode 0644. */
  writeAtomic(
    path: string,
    content: string | Uint8Array,
    options?: { readonly mode?: number },
  ): Promise<void>;
  /** Writes into what is at `path`, following symlinks: for devices and pipes, which a rename would replace. Not atomic. */
  writeInto(path: string, content: string): Promise<void>;
  /** Creates the file only if it does not exist (O_EXCL); false when it already does. Mode 0600. */
  createExclusive(path: string, content: string): Promise<boolean>;
  /** Makes the directory and its parents; sets `mode` on the last one when given. */
  ensureDirectory(path: string, options?: { readonly mode?: number }): Promise<void>;
  /** Names in a directory, sorted; empty when it does not exist. */
  list(path: string): Promise<readonly string[]>;
  /** Null when nothing is there. Does not follow the last symlink. */
  stat(path: string): Promise<FileInfo | null>;
  /** Removes a file or a whole directory; nothing there is success. */
  remove(path: string): Promise<void>;
  realPath(path: string): Promise<string>;
}

export interface ExecResult {
  /** Null when the program could not be started. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** `ENOENT` and the like when it could not be started. */
  readonly errorCode: string | null;
}

export interface ExecOptions {
  readonly cwd?: string;
  /** Added to the environment. Never put a secret here or into `args`. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

/** Runs a program without a shell. Never rejects for a failing program: the result says so. */
export type Exec = (file: string, args: readonly string[], options?: ExecOptions) => Promise<ExecResult>;

/** Lines of a program's stdout as they come. Rejects when it fails, with what it said on stderr; leaving the loop or aborting ends it. */
export type ExecLines = (
  file: string,
  args: readonly string[],
  options?: Pick<ExecOptions, 'env' | 'signal'>,
) => AsyncGenerator<string>;

export interface HttpRequest {
  readonly url: string;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Default 5000. */
  readonly timeoutMs?: number;
  /** A longer body rejects (`code` ETOOBIG) and is not read on; default: any length. */
  readonly maxBytes?: number;
  /** The body of a 2xx answer goes into this new file (mode 0600; it must not exist) and `body` is empty. A part stays when it breaks off. */
  readonly toFile?: string;
  /** PEM text of the certificate authority to trust for this request. */
  readonly ca?: string;
  /** Name to check the certificate against when it is not the URL's host. */
  readonly serverName?: string;
  readonly basicAuth?: { readonly user: string; readonly password: string };
  readonly signal?: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Rejects with Node's own error (`code` ECONNREFUSED, ETIMEDOUT, …) when no answer came; any status resolves. */
export type Http = (request: HttpRequest) => Promise<HttpResponse>;

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface PromptChoice {
  readonly name: string;
  readonly value: string;
}

/** Questions to a person. Only call when `host.stdin.isTTY`; rejects with CancelledError on Ctrl-C. */
export interface Prompt {
  input(question: {
    message: string;
    default?: string;
    validate?: (value: string) => true | string;
  }): Promise<string>;
  /** What is typed is not shown. */
  password(question: { message: string }): Promise<string>;
  confirm(question: { message: string; default?: boolean }): Promise<boolean>;
  select(question: { message: string; choices: readonly PromptChoice[]; default?: string }): Promise<string>;
}

export interface OutStream {
  readonly isTTY: boolean;
  readonly columns: number;
  write(text: string): void;
}

/** The terminal that stdin and stdout are, for programs that use all of it. Only call when they are one. */
export interface Terminal {
  size(): { readonly rows: number; readonly columns: number };
  /** Calls back after every change of size until the returned function is called; so do the two below. */
  onResize(listener: () => void): () => void;
  /**
   * Hands over each key as it is pressed, without echo: `q`, `left`, `escape`. Ctrl-C comes as `ctrl-c` and is no signal
   * meanwhile; a terminal that goes away sends it too.
   */
  onKey(listener: (key: string) => void): () => void;
  /** Called when the process ends, also by an error that nothing caught; only writing to a stream still works then. */
  onExit(listener: () => void): () => void;
}

export interface Host {
  readonly cwd: string;
  readonly homeDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  /** Numeric user id, null where the platform has none. */
  readonly uid: number | null;
  readonly pid: number;
  readonly hostName: string;
  /** Processors that this process may use, at least 1. */
  readonly cpuCount: number;
  /** Where pgmon itself is installed: holds templates/, stacks/ and package.json. */
  readonly packageDir: string;
  readonly fs: HostFs;
  readonly exec: Exec;
  readonly execLines: ExecLines;
  readonly http: Http;
  readonly clock: Clock;
  readonly prompt: Prompt;
  /** Cryptographically strong. */
  randomBytes(count: number): Uint8Array;
  /** True when a process with this id runs on this machine. */
  isProcessAlive(pid: number): boolean;
  /** False when something holds this TCP address on this machine (tried by binding it). */
  isPortFree(address: string, port: number): Promise<boolean>;
  readonly stdin: { readonly isTTY: boolean; readText(): Promise<string> };
  readonly stdout: OutStream;
  readonly stderr: OutStream;
  readonly terminal: Terminal;
  /** Aborted by the first Ctrl-C (SIGINT, SIGTERM, SIGHUP). */
  readonly signal: AbortSignal;
}
