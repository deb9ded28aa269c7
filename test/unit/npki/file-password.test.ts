import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FILE_PASSWORD_RULES, filePasswordProblems } from '../../../lib/npki/file-password.ts';

describe('a new password of a certificate file', () => {
  it.each([
    ['Grape#Wind7204', ''],
    ['aB3!aB3!aB', ''],
    ['가장#Wind7204x', 'characters'],
    ['Gr#Wind72', 'length'],
    [`${'aB3!'.repeat(7)}aB3`, 'length'],
    [`${'aB3!'.repeat(7)}aB`, ''],
    ['9274#61850', 'letter'],
    ['Grape#Window', 'digit'],
    ['GrapeWind72x4', 'special'],
    ["Grape'Wind7204#", 'characters'],
    ['Grape"Wind7204#', 'characters'],
    ['Grape\\Wind7204#', 'characters'],
    ['Grape|Wind7204#', 'characters'],
    ['Grape Wind7204#', 'characters'],
    ['Grape\tWind7204#', 'characters'],
    ["Grape'Wind7204", 'special characters'],
    ['Grape#Winnnd7204', 'runs'],
    ['Grape#Wabcd7204', 'runs'],
    ['Grape#Wcbad7204', 'runs'],
    ['Grape#Wind1234', 'runs'],
    ['Grape#Wind7654', 'runs'],
    ['Grape###Wind7204', 'runs'],
    ['Grape#Wiinnd7204', ''],
    ['Grape#Windab7204', ''],
    ['', 'length letter digit special'],
    ['aaa', 'length digit special runs'],
  ])('%j breaks: %s', (password, rules) => {
    expect(filePasswordProblems(password).join(' ')).toBe(rules);
  });

  it('may have any printable character but four', () => {
    const refused = Array.from({ length: 0x7f - 0x20 }, (_, at) => String.fromCharCode(0x20 + at)).filter((character) =>
      filePasswordProblems(`Gr7p#${character}Wx2d5`).includes('characters'),
    );
    expect(refused.join('')).toBe(' "\'\\|');
  });

  it('has one special character of any kind that is allowed', () => {
    const specials = Array.from({ length: 0x7f - 0x21 }, (_, at) => String.fromCharCode(0x21 + at)).filter((one) => !/[A-Za-z0-9]/.test(one));
    const missing = specials.filter((one) => filePasswordProblems(`Grape${one}Wnd7204`).includes('special'));
    expect(missing.join('')).toBe('"\'\\|');
  });

  it('breaks rules in the order of their list, each once', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (password) => {
        const broken = filePasswordProblems(password);
        expect(broken).toEqual(FILE_PASSWORD_RULES.filter((rule) => broken.includes(rule)));
      }),
      { seed: 43, numRuns: 1_000 },
    );
  });
});
