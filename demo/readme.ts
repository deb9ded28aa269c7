/** The text that lies beside the demo's certificates. */
import { DEMO_PASSWORD, PEOPLE } from './people.ts';

/** @param folders names of the people's folders, in the order of PEOPLE */
export function readmeText(folders: readonly string[]): string {
  const people = PEOPLE.flatMap(({ realName, note, idNumber }, at) => [
    `${realName} - ${note.ko} / ${note.en}`,
    `  NPKI/DojangDemo/USER/${folders[at] ?? ''}`,
    `  식별번호 / identity number: ${idNumber}`,
    '',
  ]);
  return [
    '도장 시연용 인증서 / Demo certificates for Dojang',
    '',
    '시연용입니다. 실제 은행에서는 쓸 수 없습니다. 이름과 번호는 모두 지어낸 것입니다.',
    'For the demo only. No real bank takes them. All names and numbers are invented.',
    '',
    `인증서 암호 / certificate password: ${DEMO_PASSWORD}`,
    '',
    ...people,
    '지갑에서 이 폴더의 NPKI 폴더를 골라 가져오세요. / Import the NPKI folder beside this file into the wallet.',
    '새 인증서가 필요하면 이 폴더를 지우고 시연을 다시 시작하세요. / For new certificates delete this folder and start the demo again.',
    '',
  ].join('\n');
}
