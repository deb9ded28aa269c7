import { describe, expect, it } from 'vitest';
import {
  exportForm,
  holdsKeys,
  isFolder,
  isWeaklyProtected,
  PLACES,
  type ExportChoice,
  type Place,
} from '../../../components/export/export-choice.ts';
import { RULE_NAMES, ruleStates } from '../../../components/export/file-rules.ts';
import { savedPaths } from '../../../components/export/saved-paths.ts';
import { EXPORT_FORMS } from '../../../lib/npki/export-files.ts';
import { FILE_PASSWORD_RULES, filePasswordProblems } from '../../../lib/npki/file-password.ts';

const untouched = (place: Place): ExportChoice => ({ place, bankForm: 'npki', pfxForm: 'pfx-legacy', appTakesFile: false });

describe('the form of an export', () => {
  it.each([
    ['bank', 'npki'],
    ['pfx', 'pfx-legacy'],
    ['phone', 'npki'],
    ['developer', 'pem'],
    ['certificate', 'certificate'],
    ['dojang', null],
  ] as const)('is for %s the one that works most widely: %s', (place, form) => {
    expect(exportForm(untouched(place))).toBe(form);
  });

  it('follows what the person chose further', () => {
    expect(exportForm({ ...untouched('bank'), bankForm: 'npki-pbes2' })).toBe('npki-pbes2');
    expect(exportForm({ ...untouched('pfx'), pfxForm: 'pfx-modern' })).toBe('pfx-modern');
    expect(exportForm({ ...untouched('phone'), appTakesFile: true })).toBe('pfx-legacy');
  });

  it('can be every form there is', () => {
    const reached = new Set(
      PLACES.flatMap((place) => [
        exportForm(untouched(place)),
        exportForm({ place, bankForm: 'npki-pbes2', pfxForm: 'pfx-modern', appTakesFile: true }),
      ]),
    );
    expect(EXPORT_FORMS.filter((form) => !reached.has(form))).toEqual([]);
  });

  it('needs a file password wherever a key goes along', () => {
    expect(EXPORT_FORMS.filter((form) => !holdsKeys(form))).toEqual(['certificate']);
  });

  it('is told weak where old programs set how the key is protected', () => {
    expect(EXPORT_FORMS.filter(isWeaklyProtected)).toEqual(['npki', 'npki-pbes2', 'pfx-legacy']);
  });

  it('is a folder for bank programs only', () => {
    expect(EXPORT_FORMS.filter(isFolder)).toEqual(['npki', 'npki-pbes2']);
  });
});

describe('the list of rules', () => {
  it('has every rule of a file password, in their order', () => {
    expect(RULE_NAMES).toEqual(FILE_PASSWORD_RULES);
  });

  it('waits while nothing is typed', () => {
    expect(new Set(ruleStates(null).map(({ state }) => state))).toEqual(new Set(['waiting']));
  });

  it.each(['a', 'Stick!1234zq', 'Stick 8264!', 'Stick!8264zq'])('says of each rule whether it is met: %s', (password) => {
    const unmet = ruleStates(filePasswordProblems(password)).flatMap(({ rule, state }) => (state === 'unmet' ? [rule] : []));
    expect(unmet).toEqual(filePasswordProblems(password));
  });
});

describe('what the person finds on the disk', () => {
  it('is each folder once, in order', () => {
    const paths = ['NPKI/b/USER/x/signCert.der', 'NPKI/b/USER/x/signPri.key', 'NPKI/a/USER/y/signCert.der'];
    expect(savedPaths(paths.map((path) => ({ path })))).toEqual(['NPKI/a/USER/y/', 'NPKI/b/USER/x/']);
  });

  it('is the file itself where it lies alone', () => {
    expect(savedPaths([{ path: '홍길동-20271024.pfx' }])).toEqual(['홍길동-20271024.pfx']);
  });
});
