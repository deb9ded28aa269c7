/**
 * From the person's yes to the CMS in the bank's page, in the built extension. The bases are what no sign-in can do without,
 * in the same extension: a message there and back, one read of the session store, the key imported, digest and signature.
 */
import { setTimeout as rest } from 'node:timers/promises';
import { readSignedData } from '../../../lib/sign/read-cms.ts';
import { openScene, type Scene, type SignedIn } from '../browser/scene.ts';
import { same } from '../fixtures.ts';
import type { Case, Comparison, OpenGroup } from '../harness.ts';
import { contentForOpenssl, NO_OPENSSL, OPENSSL_VERSION } from '../openssl.ts';

const ROUNDS = 21;
/** How long before the yes a woken background was woken. */
const WOKEN_MS = 100;

type Act = () => Promise<SignedIn>;

/** A sign-in that OpenSSL verifies, with the origin of the bank's page under the signature. */
async function requireGood(act: Act, { root, bankOrigin }: Scene): Promise<void> {
  const { cms } = await act();
  const content = contentForOpenssl(cms, root, Date.now());
  same(Buffer.from(content).includes(`"origin":"${bankOrigin}"`), true, 'origin in the statement');
  same(readSignedData(cms, cms.length).certificates.length, 2, 'certificates');
}

function signInCase(name: string, scene: Scene, act: Act, extra: Partial<Case>): Case {
  return { name, ...extra, prove: () => requireGood(act, scene), sample: async () => (await act()).ms * 1000 };
}

/** Something the helper in the extension times by itself; it throws where it fails. */
function helperCase(name: string, scene: Scene, call: string, before?: () => Promise<unknown>): Case {
  const sample = async (): Promise<number> => {
    await before?.();
    return Number(await scene.ask(call)) * 1000;
  };
  return { name, prove: sample, sample };
}

function withoutKdf(scene: Scene): Comparison[] {
  const wakeThenRest = async (): Promise<void> => {
    await scene.stopBackground();
    await scene.ask('wake()');
    await rest(WOKEN_MS);
  };
  return [
    {
      id: 'A4',
      base: helperCase('floor, background awake', scene, 'warmFloor()'),
      cases: [signInCase('dojang, click → CMS', scene, () => scene.signIn('click'), { goal: 1.2 })],
      rounds: ROUNDS,
    },
    {
      id: 'A5',
      base: helperCase('floor, background stopped', scene, 'floor()', () => scene.stopBackground()),
      cases: [
        signInCase('dojang, background stopped', scene, () => scene.signIn('click', () => scene.stopBackground()), { goal: 1.2 }),
        signInCase('dojang, woken 100 ms before', scene, () => scene.signIn('click', wakeThenRest), { id: 'A6', goal: 0.3, reach: 0.2 }),
      ],
      rounds: ROUNDS,
    },
  ];
}

function withKdf(scene: Scene): Comparison {
  const derive = helperCase('dojang, derivation in its Worker', scene, 'derive()');
  return {
    id: 'A3',
    base: helperCase('hash-wasm, called directly', scene, 'deriveDirectly()'),
    cases: [
      { ...derive, id: 'A1', goal: 1.05, prove: async () => same(await scene.ask('derivesTheSame()'), true, 'Argon2id') },
      signInCase('dojang, Enter → CMS', scene, () => scene.signIn('enter'), { goal: 1.1, reach: 0.75 }),
    ],
  };
}

export async function openSignInGroup(): Promise<OpenGroup> {
  if (OPENSSL_VERSION === null) return { comparisons: [], skipped: [`signin (${NO_OPENSSL})`] };
  const scene = await openScene();
  return { comparisons: [...withoutKdf(scene), withKdf(scene)], close: () => scene.close() };
}
