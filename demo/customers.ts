/** Whom the demo bank knows: the people of the demo, and one who has no certificate yet. All numbers are invented. */
import { PEOPLE, type Person } from './people.ts';

export type Customer = Pick<Person, 'realName' | 'latin' | 'unit' | 'idNumber'>;

const NEWCOMER: Customer = { realName: '박신규', latin: '', unit: 'personal4IB', idNumber: '9500022000000' };

export const CUSTOMERS: readonly Customer[] = [...PEOPLE, NEWCOMER];

/** Stands for everything by which a bank makes sure who somebody is. It is printed on the page. */
export const SHOW_CODE = '000000';
