/**
 * A client of Marionette, the remote protocol inside Firefox: JSON packets with a length in front, over TCP. A command is
 * `[0, id, name, parameters]`, its answer `[1, id, error, result]`; errors and most commands are those of W3C WebDriver.
 */
import { connect, type Socket } from 'node:net';

const GREETING_MS = 10_000;
const COMMAND_MS = 45_000;

/** An answer of Firefox that is an error; `kind` is WebDriver's name of it, e.g. `no such element`. */
export class MarionetteError extends Error {
  override readonly name = 'MarionetteError';
  readonly kind: string;

  constructor(command: string, kind: string, message: string) {
    super(`${command}: ${kind}: ${message}`);
    this.kind = kind;
  }
}

/** Takes the bytes as they come and gives the texts of whole packets. */
export class PacketReader {
  #waiting = Buffer.alloc(0);

  /** @throws where the bytes are no packets */
  read(bytes: Buffer): string[] {
    this.#waiting = Buffer.concat([this.#waiting, bytes]);
    const packets: string[] = [];
    for (;;) {
      const colon = this.#waiting.indexOf(0x3a);
      if (colon === -1) break;
      const head = this.#waiting.toString('latin1', 0, colon);
      if (!/^\d{1,10}$/.test(head)) throw new Error(`Marionette sent ${JSON.stringify(head.slice(0, 40))} where a length stands`);
      const end = colon + 1 + Number(head);
      if (this.#waiting.length < end) break;
      packets.push(this.#waiting.toString('utf8', colon + 1, end));
      this.#waiting = this.#waiting.subarray(end);
    }
    return packets;
  }
}

interface Waiting {
  readonly name: string;
  readonly settle: (result: unknown) => void;
  readonly fail: (error: Error) => void;
}

function errorOf(name: string, error: unknown): MarionetteError {
  const field = (key: string): string => {
    const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, key) : undefined;
    return typeof value === 'string' ? value : JSON.stringify(error);
  };
  return new MarionetteError(name, field('error'), field('message'));
}

export class Marionette {
  readonly #socket: Socket;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;
  #ended: Error | null = null;

  private constructor(socket: Socket, reader: PacketReader) {
    this.#socket = socket;
    socket.on('data', (bytes: Buffer) => {
      try {
        for (const packet of reader.read(bytes)) this.#take(JSON.parse(packet) as unknown);
      } catch (cause) {
        this.#end(new Error('Marionette cannot be understood', { cause }));
      }
    });
    socket.on('error', (cause) => {
      this.#end(new Error(`the connection to Firefox broke: ${cause.message}`, { cause }));
    });
    socket.on('close', () => {
      this.#end(new Error('Firefox closed the connection'));
    });
  }

  /** Connects and reads the greeting. @throws where nothing listens or something else does */
  static async connect(port: number): Promise<Marionette> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const reader = new PacketReader();
    const greeting = await new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`no greeting from Marionette on port ${String(port)} within ${String(GREETING_MS)} ms`));
      }, GREETING_MS);
      socket.once('error', reject);
      socket.once('data', (bytes: Buffer) => {
        clearTimeout(timer);
        resolve(reader.read(bytes).join());
      });
    }).catch((thrown: unknown) => {
      socket.destroy();
      throw thrown;
    });
    if (!greeting.includes('"marionetteProtocol":3')) {
      socket.destroy();
      throw new Error(`not Marionette 3 on port ${String(port)}: ${greeting.slice(0, 200)}`);
    }
    socket.removeAllListeners('error');
    return new Marionette(socket, reader);
  }

  /** Sends one command and gives its result. @throws {MarionetteError} as Firefox says; Error where it says nothing in time */
  command(name: string, parameters: Readonly<Record<string, unknown>> = {}, patienceMs = COMMAND_MS): Promise<unknown> {
    if (this.#ended) return Promise.reject(new Error(`${name}: ${this.#ended.message}`, { cause: this.#ended }));
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new Error(`${name}: no answer from Firefox within ${String(patienceMs)} ms`));
      }, patienceMs);
      const settle = (result: unknown): void => {
        clearTimeout(timer);
        resolve(result);
      };
      const fail = (error: Error): void => {
        clearTimeout(timer);
        reject(error);
      };
      this.#waiting.set(id, { name, settle, fail });
      const packet = Buffer.from(JSON.stringify([0, id, name, parameters]));
      this.#socket.write(Buffer.concat([Buffer.from(`${String(packet.length)}:`), packet]));
    });
  }

  /** Like `command`, for those whose result is `{ value }`. */
  async value(name: string, parameters: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    const result = await this.command(name, parameters);
    return typeof result === 'object' && result !== null ? Reflect.get(result, 'value') : result;
  }

  close(): void {
    this.#socket.destroy();
    this.#end(new Error('the connection was closed'));
  }

  #take(packet: unknown): void {
    if (!Array.isArray(packet) || packet[0] !== 1) return;
    const [, id, error, result] = packet as [number, number, unknown, unknown];
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    this.#waiting.delete(id);
    if (error === null) waiting.settle(result);
    else waiting.fail(errorOf(waiting.name, error));
  }

  #end(error: Error): void {
    this.#ended ??= error;
    for (const { name, fail } of this.#waiting.values()) fail(new Error(`${name}: ${error.message}`, { cause: error }));
    this.#waiting.clear();
  }
}
