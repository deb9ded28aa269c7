/**
 * The browser's debugging protocol, as much of it as the bench needs. It attaches to pages only: a debugger on a service
 * worker pauses its start and keeps it alive.
 */
type Fields = Record<string, unknown>;

interface Waiting {
  readonly resolve: (result: Fields) => void;
  readonly reject: (error: Error) => void;
}

export interface Target {
  readonly targetId: string;
  readonly type: string;
  readonly url: string;
}

/** A page that is attached to. */
export interface CdpPage {
  readonly targetId: string;
  /** Runs an expression in the page, waits for its promise and gives the value as JSON has it. @throws what the page threw */
  evaluate(expression: string): Promise<unknown>;
  send(method: string, parameters?: Fields): Promise<Fields>;
  close(): Promise<void>;
}

function messageOf(details: unknown): string {
  const { text = '', exception } = details as { text?: string; exception?: { description?: string } };
  return exception?.description ?? text;
}

export class Cdp {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, Waiting>();
  #count = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }: MessageEvent<string>) => this.#take(JSON.parse(data) as Fields));
    socket.addEventListener('close', () => this.#fail(new Error('the browser is gone')));
  }

  static async connect(url: string): Promise<Cdp> {
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve, { once: true });
      socket.addEventListener('error', () => reject(new Error(`no answer from ${url}`)), { once: true });
    });
    return new Cdp(socket);
  }

  send(method: string, parameters: Fields = {}, sessionId?: string): Promise<Fields> {
    const id = ++this.#count;
    const answered = new Promise<Fields>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#socket.send(JSON.stringify({ id, method, params: parameters, ...(sessionId === undefined ? {} : { sessionId }) }));
    return answered;
  }

  async targets(): Promise<readonly Target[]> {
    return (await this.send('Target.getTargets'))['targetInfos'] as Target[];
  }

  async openPage(url: string): Promise<CdpPage> {
    const { targetId } = await this.send('Target.createTarget', { url });
    return this.attach(targetId as string);
  }

  async attach(targetId: string): Promise<CdpPage> {
    const { sessionId } = await this.send('Target.attachToTarget', { targetId, flatten: true });
    const send = (method: string, parameters?: Fields): Promise<Fields> => this.send(method, parameters, sessionId as string);
    return {
      targetId,
      send,
      async evaluate(expression) {
        const answer = await send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
        if (answer['exceptionDetails'] !== undefined) throw new Error(messageOf(answer['exceptionDetails']));
        return (answer['result'] as { value?: unknown }).value;
      },
      close: async () => {
        await this.send('Target.closeTarget', { targetId });
      },
    };
  }

  close(): void {
    this.#socket.close();
  }

  #take({ id, result, error }: Fields): void {
    const waiting = this.#waiting.get(id as number);
    if (waiting === undefined) return; // an event
    this.#waiting.delete(id as number);
    if (error === undefined) waiting.resolve(result as Fields);
    else waiting.reject(new Error((error as { message: string }).message));
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
