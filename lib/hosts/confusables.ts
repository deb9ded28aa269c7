/**
 * Letters that pass for others, folded to one: two labels that look alike fold to the same text.
 *
 * Source: Unicode UTS #39, confusables.txt (version 10): of its characters in the Basic Multilingual Plane that a host name
 * may hold, those that resemble Latin letters or digits. The second part was added by eye: Cyrillic and Greek small letters
 * that the table takes for small capitals. What differs by its accents alone is taken apart by Unicode's own decomposition.
 */
import { shownLabel } from './punycode.ts';

const TABLE =
  '2ᒿƻ 6б 8৪੪ȣ 9੧୨৭൭ aɑαаᗅꓮ bᖯᗷꓐɓƃƀҍѣ cᴄⲥсꓚȼҫ dԁᑯꓒᗞᗪꓓɗɖƌđ eꬲеҽⴹꓰɇҿ fꬵꞙẝքᖴꓝƒᵮ gɡᶃƍցꓖɠǥ hһհᕼꓧɦꚕħћ iıɪɩιіꙇӏɨᵻᵼ jϳјᒍꓙɉ kᛕꓗƙ ' +
  'l۱ǀⵏᛁꓲᒪꓡłɭƚɫ mᗰᛖꓟɱᵯ nոռꓠɳƞηᵰ o०੦૦௦౦೦൦๐໐၀۵ᴏᴑꬽοσⲟоჿօഠဝ০୦ⵔዐଠꓳøꬾⵁɵꝋөѳθⴱတ pρⲣрᑭꓑƥᵽ qԛգզⵕʠ rꭇꭈᴦⲅгᖇꓣɽɼɍғᵲ sꜱƽѕꓢʂᵴ tꓔƭŧᵵ ' +
  'uꞟᴜꭎꭒʋυսሀᑌꓴᵾ vᴠνѵ۷ⴸᐯꛟꓦ wɯᴡѡԝաꓪѽꝡ xхᕁᕽⵝᚷꓫ yɣᶌʏỿꭚγуүყꓬƴɏұ zᴢꓜʐƶȥᵶ ' +
  'bв hн kкκĸ mм nпи tтτ';

const FOLDS = new Map(TABLE.split(' ').flatMap(([to = '', ...from]) => from.map((letter) => [letter, to] as const)));

/** Letters and digits of ASCII that are hardly told apart, after the table. */
const LOOK_ALIKE: readonly (readonly [RegExp, string])[] = [
  [/0/g, 'o'],
  [/[1i]/g, 'l'],
  [/rn/g, 'm'],
  [/vv/g, 'w'],
];

/** @param label one label of a host name in lower case, Punycode or not */
export function folded(label: string): string {
  const plain = shownLabel(label).normalize('NFD').replace(/\p{M}/gu, '');
  const latin = Array.from(plain, (letter) => FOLDS.get(letter) ?? letter).join('');
  return LOOK_ALIKE.reduce((text, [from, to]) => text.replace(from, to), latin);
}
