/** A mail server that keeps what it is sent: STARTTLS when it has a certificate, AUTH PLAIN only under TLS. */
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';

export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  /** `user\0password` as it was sent; null without AUTH. */
  readonly login: string | null;
  readonly isEncrypted: boolean;
  readonly text: string;
}

export interface SmtpSink {
  readonly port: number;
  readonly mails: readonly Mail[];
  readonly close: () => Promise<void>;
}

interface Certificate {
  readonly cert: string;
  readonly key: string;
}

interface Session {
  from: string;
  to: string[];
  login: string | null;
  /** Lines of the mail while it is being sent. */
  data: string[] | null;
}

const emptySession = (): Session => ({ from: '', to: [], login: null, data: null });
const address = (line: string): string => /<([^>]*)>/.exec(line)?.[1] ?? '';

function serve(
  socket: Socket | TLSSocket,
  certificate: Certificate | null,
  keep: (mail: Mail) => void,
): void {
  const session = emptySession();
  const isEncrypted = socket instanceof TLSSocket;
  let rest = '';
  const say = (text: string) => void socket.write(`${text}\r\n`);
  const greet = () => {
    const options = isEncrypted ? ['AUTH PLAIN'] : certificate === null ? [] : ['STARTTLS'];
    const lines = ['sink.example.com', ...options];
    for (const [index, line] of lines.entries()) say(`250${index < lines.length - 1 ? '-' : ' '}${line}`);
  };
  const takeData = (line: string, data: string[]) => {
    if (line !== '.') return void data.push(line.startsWith('.') ? line.slice(1) : line);
    const { from, to, login } = session;
    keep({ from, to, login, isEncrypted, text: data.join('\n') });
    session.data = null;
    say('250 kept');
  };
  const command = (line: string) => {
    if (session.data !== null) return takeData(line, session.data);
    const [word = ''] = line.toUpperCase().split(/[ :]/);
    if (word === 'EHLO' || word === 'HELO') return greet();
    if (word === 'AUTH') {
      session.login = Buffer.from(line.split(' ')[2] ?? '', 'base64')
        .toString('utf8')
        .slice(1);
      return say('235 welcome');
    }
    if (word === 'STARTTLS' && certificate !== null) {
      say('220 go ahead');
      socket.removeAllListeners('data');
      const secure = new TLSSocket(socket, {
        isServer: true,
        secureContext: createSecureContext({ cert: certificate.cert, key: certificate.key }),
      });
      return serve(secure, certificate, keep);
    }
    if (word === 'MAIL') session.from = address(line);
    if (word === 'RCPT') session.to.push(address(line));
    if (word === 'DATA') {
      session.data = [];
      return say('354 send it');
    }
    if (word === 'QUIT') return void socket.end('221 bye\r\n');
    say('250 ok');
  };
  socket.on('data', (chunk) => {
    const lines = (rest + chunk.toString('utf8')).split('\r\n');
    rest = lines.pop() ?? '';
    for (const line of lines) command(line);
  });
  socket.on('error', () => socket.destroy());
}

export async function startSmtpSink(certificate: Certificate | null): Promise<SmtpSink> {
  const mails: Mail[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.write('220 sink.example.com ESMTP\r\n');
    serve(socket, certificate, (mail) => void mails.push(mail));
  });
  await new Promise<void>((resolve) => void server.listen(0, '0.0.0.0', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    mails,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}
