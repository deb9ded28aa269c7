/**
 * The demo authority: at its first start it makes a root, an issuing authority and some people, and writes their
 * certificates the way Korean bank programs lay them out. The root's key is not kept; what the issuing authority needs to go
 * on lies in the folder `ca`.
 */
import { mkdir, mkdtemp, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import * as der from '../lib/asn1/writer.ts';
import type { Bytes } from '../lib/bytes/bytes.ts';
import { nameText } from '../lib/npki/name.ts';
import { withRandom } from '../lib/npki/private-key-info.ts';
import { writePrivateKey } from '../lib/npki/write-private-key.ts';
import { CA_FOLDER, writeCaKeys } from './ca/keys.ts';
import { issuePerson, type IssuedPerson } from './issue-person.ts';
import { koreanMidnight, makeIssuing, makeRoot, type KeyPair } from './issue.ts';
import { DEMO_PASSWORD, PEOPLE, type Person } from './people.ts';
import { readmeText } from './readme.ts';

export interface DemoPerson extends Person {
  /** Absolute path of the folder with signCert.der, signPri.key, kmCert.der, kmPri.key and CaPubs. */
  readonly folder: string;
  readonly password: string;
}

export interface DemoAuthority {
  /** Certificates in DER. */
  readonly root: Bytes;
  readonly issuing: Bytes;
  /** Absolute path of the folder with the issuing authority's keys and its database. */
  readonly caFolder: string;
  /** Absolute path of the folder to import into a wallet. */
  readonly npkiFolder: string;
  readonly people: readonly DemoPerson[];
}

/** Written last, so that a folder with it is whole. Lists the people's folders below NPKI, in the order of PEOPLE. */
const INDEX = 'authority.json';
/** Of the layout. A folder of another one is moved aside: nothing can be issued from it. */
const FORMAT = 2;
const USER = join('NPKI', 'DojangDemo', 'USER');

/** `cn=…,ou=DEMO,ou=personal4IB,o=DojangDemo,c=KR`: attribute types in lower case, values as they are. */
function folderName(subject: string): string {
  return subject.replace(/(^|,)([A-Z]+)=/g, (_, comma: string, type: string) => `${comma}${type.toLowerCase()}=`).replace(/[\\/:*?"<>|]/g, '_');
}

function writeKey(privateKeyInfo: Bytes): Promise<Bytes> {
  return writePrivateKey(privateKeyInfo, DEMO_PASSWORD, { random: (length) => crypto.getRandomValues(new Uint8Array(length)) });
}

async function writePerson(folder: string, { sign, signKeys, km, kmKeys, random }: IssuedPerson, caPubs: Bytes): Promise<void> {
  await mkdir(folder, { recursive: true });
  const keyOf = (keys: KeyPair, r: Bytes | null): Promise<Bytes> => writeKey(r === null ? keys.privateKeyInfo : withRandom(keys.privateKeyInfo, r));
  await writeFile(join(folder, 'signCert.der'), sign.der);
  await writeFile(join(folder, 'signPri.key'), await keyOf(signKeys, random));
  await writeFile(join(folder, 'kmCert.der'), km.der);
  await writeFile(join(folder, 'kmPri.key'), await keyOf(kmKeys, null));
  await writeFile(join(folder, 'CaPubs'), caPubs);
}

/** Makes everything new in `folder`. */
async function make(folder: string, now: number): Promise<void> {
  const start = koreanMidnight(now);
  const root = await makeRoot(start);
  const issuing = await makeIssuing(start, root);
  const caPubs = der.sequence(root.certificate.der, issuing.certificate.der);
  const folders: string[] = [];
  for (const [index, person] of PEOPLE.entries()) {
    const issued = await issuePerson(person, index + 1, start, issuing);
    const name = folderName(nameText(issued.sign.subject));
    await writePerson(join(folder, USER, name), issued, caPubs);
    folders.push(name);
  }
  await writeFile(join(folder, 'root.der'), root.certificate.der);
  await writeFile(join(folder, 'issuing.der'), issuing.certificate.der);
  await writeCaKeys(join(folder, CA_FOLDER), issuing);
  await writeFile(join(folder, 'README.txt'), readmeText(folders));
  await writeFile(join(folder, INDEX), `${JSON.stringify({ format: FORMAT, made: new Date(now).toISOString(), folders }, null, 2)}\n`);
}

async function read(folder: string): Promise<DemoAuthority | null> {
  const index = await readFile(join(folder, INDEX), 'utf8').catch(() => null);
  if (index === null) return null;
  const { format, folders } = JSON.parse(index) as { format?: number; folders: readonly string[] };
  if (format !== FORMAT) {
    await rename(folder, `${folder}.old-${crypto.randomUUID().slice(0, 8)}`).catch(() => undefined); // of two that start at once one does it
    return null;
  }
  const load = async (name: string): Promise<Bytes> => new Uint8Array(await readFile(join(folder, name)));
  return {
    root: await load('root.der'),
    issuing: await load('issuing.der'),
    caFolder: join(folder, CA_FOLDER),
    npkiFolder: join(folder, 'NPKI'),
    people: PEOPLE.map((person, at) => ({ ...person, folder: join(folder, USER, folders[at] ?? ''), password: DEMO_PASSWORD })),
  };
}

/**
 * Opens the authority in `dataFolder`, and makes it there if the folder is absent or empty. It is made beside and then moved
 * into place, so that an interrupted start leaves nothing half done, and of two that start at once one wins.
 *
 * @param clock milliseconds since 1970 UTC; certificates are dated by it when they are made
 */
export async function openAuthority(dataFolder: string, clock: () => number = Date.now): Promise<DemoAuthority> {
  const folder = resolve(dataFolder);
  const present = await read(folder);
  if (present !== null) return present;
  await mkdir(dirname(folder), { recursive: true });
  const making = await mkdtemp(`${folder}.making-`);
  try {
    await make(making, clock());
    await rmdir(folder).catch(() => undefined); // an empty folder may give way; anything in it stays
    await rename(making, folder).catch(() => undefined);
    const made = await read(folder);
    if (made === null) throw new Error(`${folder} exists and is not a folder of this demo. Choose another one, or move it away.`);
    return made;
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}
