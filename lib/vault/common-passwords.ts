/**
 * What people type when they must invent a password, in lower case. A new wallet password is judged by what is left when
 * these pieces are taken out, so the list is short: words, names and phrases (also Korean ones typed with the keyboard
 * left in Latin letters), and rows of keys in every order fingers like.
 */

/** Words of at least four characters, separated by blanks. */
export const COMMON_WORDS =
  // English
  'password passwort pass word admin administrator root user guest test login welcome hello letmein secret master access ' +
  'dragon monkey shadow sunshine princess football baseball superman batman iloveyou love lovely baby angel flower summer winter ' +
  'spring autumn monday friday january october november december computer internet windows google naver kakao daum samsung hyundai ' +
  'android iphone galaxy apple michael jordan charlie daniel thomas jessica jennifer hunter killer soccer tiger pokemon starwars ' +
  'matrix freedom whatever trustno1 changeme default temp money bank banking wallet dojang joint certificate cert korea seoul busan ' +
  'corea family school office company happy lucky number system server house hannah chelsea liverpool arsenal barcelona ' +
  // Korean in Roman letters
  'sarang saranghae annyeong hanguk daehan minguk gongin injeung insung eunhaeng doremi kimchi jiwon minsu ' +
  // Korean words typed on Latin keys (암호, 비밀번호, 사랑, 사랑해, 안녕, 안녕하세요, 한국, 대한민국, 인증서, 공인인증서, 지갑, 도장, 은행, 우리, 엄마, 아빠, 행복, 바보, 서울, 부산)
  'dkagh qlalfqjsgh qlqjs tkfkd tkfkdgo tkfkdgody dkssud dkssudgktpdy gksrnr eogksalsrnr dlswmdtj rhddlsdlswmdtj wlrkq ehwkd dmsgod ' +
  'dnfl djaak dkqk godqhr qkqh tjdnf qntks ' +
  // Korean
  '비밀번호 사랑해요 사랑합니다 안녕하세요 대한민국 공인인증서 공동인증서 인증서암호 지갑암호 우리은행 국민은행 신한은행 동해물과 백두산이 마르고 닳도록 아빠엄마 행복하세요';

/** Orders in which keys and letters are run through; read both ways. */
export const KEY_ROWS: readonly string[] = [
  '`1234567890-=',
  '01234567890',
  '13579',
  '24680',
  'qwertyuiop[]\\',
  "asdfghjkl;'",
  'zxcvbnm,./',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/',
  'qazwsxedcrfvtgbyhnujmik,ol.p;/',
  'zaq1xsw2cde3vfr4bgt5nhy6mju7',
  '1q2w3e4r5t6y7u8i9o0p-[=]',
  'q1w2e3r4t5y6u7i8o9p0',
  'qawsedrftgyhujikolp;',
  'azsxdcfvgbhnjmk,l.',
  '147258369',
  '159357',
  '1a2s3d4f5g6h7j8k9l',
  '1a2b3c4d5e6f7g8h9i0j',
  'a1b2c3d4e5f6g7h8i9j0',
  'abcdefghijklmnopqrstuvwxyz',
  'aabbccddeeffgghhiijj',
  '112233445566778899',
  '가나다라마바사아자차카타파하',
  '하나둘셋넷다섯여섯일곱여덟아홉열',
  '일이삼사오육칠팔구십',
  'ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ',
  'ㅏㅑㅓㅕㅗㅛㅜㅠㅡㅣ',
  'ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔ',
  'ㅁㄴㅇㄹㅎㅗㅓㅏㅣ',
  'ㅋㅌㅊㅍㅠㅜㅡ',
];
