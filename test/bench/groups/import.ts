/** Five hundred certificates at once, each with a km pair: how far the wizard is from the bare work, and what the page notices. */
import { makeMany } from '../../support/many-identities.ts';
import { buildImportCases } from '../browser/build.ts';
import type { GivenIdentity } from '../browser/import-cases.ts';
import { openScene, type Scene } from '../browser/scene.ts';
import { same } from '../fixtures.ts';
import type { Case, OpenGroup } from '../harness.ts';

const COUNT = 500;
const KEYS = 2 * COUNT;
const PASSWORD = 'tax!Office2026';

function timed(scene: Scene, key: string, rest: Pick<Case, 'name' | 'goal'>, expected: number): Case {
  return {
    ...rest,
    prove: async () => same(await scene.ask(`output(${JSON.stringify(key)})`, 'dojangImport'), expected, key),
    sample: async () => Number(await scene.ask(`sample(${JSON.stringify(key)})`, 'dojangImport')) * 1000,
  };
}

function gap(scene: Scene, key: string, rest: Pick<Case, 'name' | 'goalMoreUs'>): Case {
  return {
    ...rest,
    prove: () => undefined,
    sample: async () => Number(await scene.ask(`gap(${JSON.stringify(key)})`, 'dojangImport')) * 1000,
  };
}

export async function openImportGroup(): Promise<OpenGroup> {
  const scene = await openScene();
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
  const made = await makeMany({ count: COUNT, passwords: [PASSWORD], now: Date.now() });
  const identities: GivenIdentity[] = made.map(({ folder, files }) => ({
    folder,
    files: Object.fromEntries([...files].map(([name, bytes]) => [name, text(bytes)])),
  }));
  await scene.load(await buildImportCases());
  await scene.ask(`take(${JSON.stringify({ identities, password: PASSWORD })})`, 'dojangImport');
  await scene.front();
  return {
    comparisons: [
      {
        id: 'K6',
        base: timed(scene, 'floor', { name: `${KEYS} keys: KDF + decrypt + parse, on the page` }, KEYS),
        cases: [
          timed(scene, 'one worker', { name: `the wizard, ${COUNT} identities, one worker`, goal: 2.5 }, COUNT),
          timed(scene, 'two workers', { name: `the wizard, ${COUNT} identities, two workers`, goal: 1.5 }, COUNT),
        ],
      },
      {
        id: 'K6',
        base: gap(scene, 'rest', { name: 'longest gap between frames at rest' }),
        cases: [
          gap(scene, 'floor', { name: 'longest gap, the floor on the page' }),
          gap(scene, 'two workers', { name: 'longest gap, the wizard, two workers', goalMoreUs: 33_000 }),
        ],
      },
    ],
    close: () => scene.close(),
  };
}
