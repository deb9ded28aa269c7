/** What a search found, where a test knows that it holds no file of many keys. */
import type { Found, FoundContainer, FoundIdentity } from '../../lib/npki/folder.ts';

/** @throws where a file that holds keys is among them */
export function onlyIdentities(found: readonly Found[]): FoundIdentity[] {
  return found.map((one) => {
    if (one.kind === 'container') throw new Error(`${one.path} is a container`);
    return one;
  });
}

/** @throws where there is anything else than one file that holds keys */
export function onlyContainer(found: readonly Found[]): FoundContainer {
  const [one, ...more] = found;
  if (one?.kind !== 'container' || more.length > 0) throw new Error('not one container');
  return one;
}
