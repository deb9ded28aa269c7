/** Authorities that the owner of a demo build added for tests. They are of this browser alone, and no secret. */
import { fromBase64, toBase64 } from '../../bytes/base64.ts';
import { copy } from '../../bytes/bytes.ts';
import { testEntry, type TestAuthority, type TestEntry } from '../../cmp/directory/test-authority.ts';
import { WalletError } from '../../errors.ts';
import type { TestAuthorityApi, TestAuthorityRow } from '../lifecycle-api.ts';
import type { Clock, TextStore } from '../ports.ts';
import type { Directory } from './directory.ts';

const MOST = 8;
const FILE_MOST = 32 * 1024;

export interface TestAuthorityPorts {
  readonly store: TextStore;
  readonly clock: Clock;
}

function readOne(value: unknown): TestAuthority | null {
  if (typeof value !== 'object' || value === null) return null;
  const fields = new Map<string, unknown>(Object.entries(value));
  const [name, url, certificates] = ['name', 'url', 'certificates'].map((key) => fields.get(key));
  if (typeof name !== 'string' || typeof url !== 'string' || !Array.isArray(certificates)) return null;
  try {
    return { name, url, certificates: certificates.map((text: unknown) => fromBase64(String(text))) };
  } catch {
    return null;
  }
}

function readList(text: string | null): readonly TestAuthority[] {
  try {
    const list: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(list) ? list.slice(0, MOST).flatMap((value) => readOne(value) ?? []) : [];
  } catch {
    return [];
  }
}

function writeList(list: readonly TestAuthority[]): string {
  return JSON.stringify(list.map((one) => ({ ...one, certificates: one.certificates.map((der) => toBase64(der)) })));
}

export class TestAuthorities implements TestAuthorityApi {
  readonly #ports: TestAuthorityPorts;

  constructor(ports: TestAuthorityPorts) {
    this.#ports = ports;
  }

  /** The entries that still hold, with their certificates. */
  async directory(): Promise<Directory> {
    const entries = (await this.#entries()).map(({ made }) => made);
    return { entries: entries.map(({ entry }) => entry), certificates: entries.flatMap(({ certificates }) => certificates) };
  }

  async list(): Promise<readonly TestAuthorityRow[]> {
    return (await this.#entries()).map(({ made: { entry }, authority }) => ({
      id: entry.id,
      name: authority.name,
      url: authority.url,
      fingerprints: [...entry.roots, ...entry.issuers],
    }));
  }

  async add({ name, url, files }: Parameters<TestAuthorityApi['add']>[0]): Promise<void> {
    if (files.some(({ size }) => size > FILE_MOST)) throw new WalletError('request.malformed', { detail: 'certificates' });
    const certificates = await Promise.all(files.map(async (file) => copy(new Uint8Array(await file.arrayBuffer()))));
    const authority = { name: name.trim(), url: url.trim(), certificates };
    const { entry } = await testEntry(authority, this.#ports.clock());
    const others = (await this.#entries()).filter(({ made }) => made.entry.id !== entry.id).map((one) => one.authority);
    if (others.length >= MOST) throw new WalletError('request.too-large', { detail: 'authorities' });
    await this.#ports.store.write(writeList([...others, authority]));
  }

  async remove(id: string): Promise<void> {
    const others = (await this.#entries()).filter(({ made }) => made.entry.id !== id);
    await this.#ports.store.write(writeList(others.map(({ authority }) => authority)));
  }

  async #entries(): Promise<readonly { readonly authority: TestAuthority; readonly made: TestEntry }[]> {
    const { store, clock } = this.#ports;
    const found = readList(await store.read().catch(() => null)).map(async (authority) => {
      try {
        return [{ authority, made: await testEntry(authority, clock()) }];
      } catch {
        return []; // expired, or of another version
      }
    });
    return (await Promise.all(found)).flat();
  }
}
