/** OpenSSL as a client of a server that runs in the test's own process, so that nothing may block while it speaks. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bytes } from '../../lib/bytes/bytes.ts';
import type { TestCa } from './demo-ca.ts';
import { certificatePem } from './openssl.ts';

export interface ClientRun {
  readonly ok: boolean;
  /** What it printed, on both streams. */
  readonly said: string;
}

/** A folder in which openssl runs, with the files it reads and writes under plain names. */
export class OpensslClient {
  readonly #folder = mkdtempSync(join(tmpdir(), 'dojang-openssl-client-'));

  /** One that has the authority's certificates: `root.pem`, `ca.pem`, and both in `chain.pem`. */
  static async of(ca: TestCa): Promise<OpensslClient> {
    const client = new OpensslClient();
    client.write('root.pem', certificatePem(await ca.get('/ca/root.cer')));
    client.write('ca.pem', certificatePem(await ca.get('/ca/ca.cer')));
    client.write('chain.pem', certificatePem(ca.authority.issuing) + certificatePem(ca.authority.root));
    return client;
  }

  write(name: string, content: Uint8Array | string): void {
    writeFileSync(join(this.#folder, name), content);
  }

  read(name: string): Bytes {
    return new Uint8Array(readFileSync(join(this.#folder, name)));
  }

  async run(...args: readonly string[]): Promise<ClientRun> {
    return new Promise((resolve, reject) => {
      const child = spawn('openssl', args, { cwd: this.#folder });
      let said = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece: Buffer) => (said += piece.toString()));
      child.once('error', reject);
      child.once('close', (status) => {
        resolve({ ok: status === 0, said });
      });
    });
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
