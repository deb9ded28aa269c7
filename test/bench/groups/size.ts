/** What stands in the background is paid at every wake-up: its evaluation in a fresh engine, and the first answer of a stopped one. */
import { buildPageLibrary } from '../browser/build.ts';
import { openScene, type Scene } from '../browser/scene.ts';
import { readSizes } from '../browser/sizes.ts';
import type { Case, OpenGroup } from '../harness.ts';

const ROUNDS = 21;

function evaluation(name: string, scene: Scene, script: string, goal?: number): Case {
  const sample = async (): Promise<number> => Number(await scene.askBank(`evaluateInFreshWorker('${script}')`)) * 1000;
  return { name, ...(goal === undefined ? {} : { goal }), prove: sample, sample };
}

const PING_EMPTY = `(async () => {
  const start = performance.now();
  const answer = await chrome.runtime.sendMessage({});
  if (answer.ok !== true) throw new Error('no answer');
  return performance.now() - start;
})()`;

function ping(name: string, stop: () => Promise<void>, act: () => Promise<unknown>, goal?: number): Case {
  const sample = async (): Promise<number> => {
    await stop();
    return Number(await act()) * 1000;
  };
  return { name, ...(goal === undefined ? {} : { goal }), prove: sample, sample };
}

export async function openSizeGroup(): Promise<OpenGroup> {
  const scene = await openScene();
  const { chromium, emptyOrigin } = scene;
  return {
    comparisons: [
      {
        id: 'B1',
        base: evaluation('an empty script', scene, '/empty.js'),
        cases: [evaluation('dojang, background.js', scene, '/background.js', 5)],
        rounds: ROUNDS,
      },
      {
        id: 'B1',
        base: ping(
          'an empty extension, stopped: first answer',
          () => chromium.stopBackground(emptyOrigin),
          () => scene.askEmpty(PING_EMPTY),
        ),
        cases: [
          ping(
            'dojang, stopped: first answer',
            () => scene.stopBackground(),
            () => scene.ask('ping()'),
            1.1,
          ),
        ],
        rounds: ROUNDS,
      },
    ],
    sizes: readSizes(await buildPageLibrary()),
    close: () => scene.close(),
  };
}
