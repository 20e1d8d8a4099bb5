/** docker-modem waits for the end of an answer and for nothing else: without this, one that is cut in the middle would never settle. */
import type { Agent, ClientRequest } from 'node:http';

/** What every agent has and Node's types leave out. */
interface Sending {
  addRequest(request: ClientRequest, ...rest: readonly unknown[]): void;
}

function failWhenCut(request: ClientRequest): void {
  request.once('response', (response) => {
    response.once('close', () => {
      if (response.complete) return;
      const cut = new Error('the connection ended in the middle of an answer');
      request.emit('error', Object.assign(cut, { code: 'ECONNRESET' }));
    });
  });
}

/** `agent`, whose requests fail with ECONNRESET when their answer ends before it is whole. */
export function wholeAnswers<A extends Agent>(agent: A): A {
  const sending = agent as unknown as Sending;
  const addRequest = sending.addRequest.bind(agent);
  sending.addRequest = (request, ...rest) => {
    failWhenCut(request);
    addRequest(request, ...rest);
  };
  return agent;
}
