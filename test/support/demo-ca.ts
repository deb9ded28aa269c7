/** A demo authority of its own for a test: in a folder of its own, with a clock that can be set. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAuthority, type DemoAuthority } from '../../demo/authority.ts';
import { startCa, type Ca, type CaOptions } from '../../demo/ca/ca.ts';
import type { Bytes } from '../../lib/bytes/bytes.ts';

export interface OfficeAnswer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

export class TestCa {
  readonly authority: DemoAuthority;
  readonly #folder: string;
  readonly #options: Partial<CaOptions>;
  #ca: Ca;
  /** Milliseconds since 1970 UTC that the authority's clock is ahead. */
  ahead = 0;

  private constructor(folder: string, authority: DemoAuthority, options: Partial<CaOptions>) {
    this.#folder = folder;
    this.authority = authority;
    this.#options = options;
    this.#ca = undefined as unknown as Ca;
  }

  static async start(options: Partial<CaOptions> = {}): Promise<TestCa> {
    const folder = mkdtempSync(join(tmpdir(), 'dojang-ca-'));
    const one = new TestCa(folder, await openAuthority(join(folder, 'demo')), options);
    await one.#open(0);
    return one;
  }

  async #open(port: number): Promise<void> {
    this.#ca = await startCa({ port, authority: this.authority, clock: () => Date.now() + this.ahead, test: true, ...this.#options });
  }

  /** Of the authority, for a bank of the same. */
  get dataFolder(): string {
    return join(this.#folder, 'demo');
  }

  get url(): string {
    return this.#ca.url;
  }

  /** Stops it and starts it again over the same database, at the same address. */
  async restart(): Promise<void> {
    const { port } = new URL(this.url);
    await this.#ca.close();
    await this.#open(Number(port));
  }

  async get(path: string): Promise<Bytes> {
    return new Uint8Array(await (await fetch(this.url + path)).arrayBuffer());
  }

  async post(path: string, body: unknown, token = 'test'): Promise<OfficeAnswer> {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const response = await fetch(this.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  /** Faults that wait for their moment. */
  async faults(): Promise<readonly string[]> {
    return (await this.#state())['faults'] as readonly string[];
  }

  /** What /test/state shows of one table. */
  async rows(table: 'certificates' | 'registrations' | 'transactions' | 'journal'): Promise<readonly Record<string, unknown>[]> {
    return (await this.#state())[table] as readonly Record<string, unknown>[];
  }

  async #state(): Promise<Record<string, unknown>> {
    return (await (await fetch(`${this.url}/test/state`)).json()) as Record<string, unknown>;
  }

  async close(): Promise<void> {
    await this.#ca.close();
    rmSync(this.#folder, { recursive: true });
  }
}
