/** The twelve wallet pictures, on a grid of 48. A shape is a colour with a path, or with a circle's centre and radius. */
import type { Mark } from '../../lib/wallet/model.ts';

export type Shape = readonly [fill: string, path: string] | readonly [fill: string, x: number, y: number, radius: number];

export interface Drawing {
  readonly ground: string;
  readonly shapes: readonly Shape[];
}

const INK = '#2a2320';
const WHITE = '#fffdf8';
const RED = '#c9372c';

export const MARK_DRAWINGS: Readonly<Record<Mark, Drawing>> = {
  tiger: {
    ground: '#fbe3c0',
    shapes: [
      ['#d9822b', 12, 14, 6],
      ['#d9822b', 36, 14, 6],
      ['#e8963a', 24, 26, 16],
      [WHITE, 'M13 30q0-6 6-5l5 3 5-3q6-1 6 5 0 10-11 11-11-1-11-11z'],
      [
        INK,
        'M22.8 9h2.4v6h-2.4zM17 10l2.3-.7 1.8 4.6-2.3.7zM31 10l-2.3-.7-1.8 4.6 2.3.7zM8.5 22.5l6 1.2-.5 2.2-5.7-1.2zM39.5 22.5l-6 1.2.5 2.2 5.7-1.2z',
      ],
      [INK, 18, 23, 2.2],
      [INK, 30, 23, 2.2],
      [INK, 'M21 29h6l-2 3v2.2q2 1.6 4 .2l.6 1.6q-3 2-5.6 0-2.6 2-5.6 0l.6-1.6q2 1.4 4-.2V32z'],
    ],
  },
  crane: {
    ground: '#d5e6ee',
    shapes: [
      [INK, 'M22 34h1.6v11H22zM27 34h1.6v11H27z'],
      [WHITE, 'M14 30q2-9 12-9 6 0 12 5-4 9-13 9-9 0-11-5z'],
      [INK, 'M30 27q7-1 12 3l-2 5q-6 1-11-1z'],
      [WHITE, 'M15 31q4-5 1-12-2-6 2-10l3 2q-3 4-.5 9 2 5 .5 10z'],
      [INK, 'M15.8 19q-2-6 2-10l2 1.3q-3.2 4-1.2 9z'],
      [WHITE, 19, 9, 3.6],
      [RED, 'M16 7.5q2-3.5 6-1.5l-1 2q-3-1-5-.5z'],
      ['#d9a441', 'M16 9l-9 1.8 9 1.2z'],
      [INK, 18, 9, 0.9],
    ],
  },
  pine: {
    ground: '#e6ecd6',
    shapes: [
      ['#7a4a2b', 'M21 44q2-8-1-13-2-4 2-10l4 1q-4 5-2 9 3 5 2 13z'],
      ['#2f6b46', 'M5 30q1-6 8-6 4-5 11-1 4 2 3 7z'],
      ['#3b7f55', 'M20 37q1-6 8-6 9-3 14 1 2 2 1 5z'],
      ['#24573a', 'M14 20q0-6 6-6 3-7 11-5 7 2 6 8l-1 3z'],
    ],
  },
  moon: {
    ground: '#263559',
    shapes: [
      ['#f4d98b', 23, 24, 14],
      ['#263559', 30, 19, 12],
      [WHITE, 37, 14, 1.5],
      [WHITE, 33, 25, 1.2],
      [WHITE, 40, 31, 1.7],
    ],
  },
  plum: {
    ground: '#f7e3e6',
    shapes: [
      ['#5d4034', 'M6 44L20 32l12 3 10 7-.8 1.6L31 38l-10-2.5L7.5 45.5z'],
      ['#d9607a', 24, 13, 7],
      ['#d9607a', 34, 20.5, 7],
      ['#d9607a', 30, 31.5, 7],
      ['#d9607a', 18, 31.5, 7],
      ['#d9607a', 14, 20.5, 7],
      ['#e78aa0', 24, 23, 7],
      ['#f3cf5b', 24, 23, 3.2],
    ],
  },
  turtle: {
    ground: '#d9ead9',
    shapes: [
      ['#7fa35a', 12, 34, 4],
      ['#7fa35a', 33, 34, 4],
      ['#7fa35a', 40, 25, 5],
      [INK, 41.5, 24, 1.1],
      ['#7fa35a', 'M9 30L4 34l7 1z'],
      ['#3f6e4a', 'M7 32Q8 13 23 13t15 19z'],
      ['#9cc27a', 'M19 18h8l4 6-4 6h-8l-4-6z'],
      ['#3f6e4a', 'M22 20h2v8h-2z'],
      ['#2f5439', 'M7 31h31v3H7z'],
    ],
  },
  deer: {
    ground: '#efe2cf',
    shapes: [
      ['#6b4a2f', 'M15 20Q6 16 8 5h2.5q-.5 4 1.5 7l1-6h2.5l-.5 8q1 2 3 3zM33 20q9-4 7-15h-2.5q.5 4-1.5 7l-1-6h-2.5l.5 8q-1 2-3 3z'],
      ['#a8703d', 'M8 22q5-3 9 1l-2 5q-6 0-7-6zM40 22q-5-3-9 1l2 5q6 0 7-6z'],
      ['#b97f49', 'M15 22q2-5 9-5t9 5q1 8-4 16-2 5-5 5t-5-5q-5-8-4-16z'],
      [WHITE, 'M20 34q4-3 8 0 0 6-4 7-4-1-4-7z'],
      [INK, 19.5, 27, 1.8],
      [INK, 28.5, 27, 1.8],
      [INK, 'M21.5 35h5L24 38.5z'],
    ],
  },
  cloud: {
    ground: '#c9dcf2',
    shapes: [
      [WHITE, 'M8 35q-5-1-4-6 1-5 6-5 0-9 9-10 6 0 9 5 8-2 10 5 6 0 6 6-1 5-6 5z'],
      [
        '#5f8fc4',
        'M12 31q0-5 5-5t5 4q0 3-3 3-2.5 0-2.5-2h2q0 .5.7.5 1-.3.8-1.5-.5-2-3-2t-3 3zM27 31q0-4 4-4t4 3.5q0 2.5-2.5 2.5-2 0-2-1.7h1.6q0 .4.6.4.8-.3.6-1.3-.4-1.5-2.3-1.5t-2 2.1z',
      ],
    ],
  },
  mountain: {
    ground: '#dfe7f3',
    shapes: [
      [RED, 36, 12, 6],
      ['#4c7a8c', 'M2 40l9-16 4 5 9-18 9 18 4-5 9 16z'],
      [WHITE, 'M24 11l-4.5 9 2.5 2 2-2 2 2 2.5-2z'],
      ['#2f5566', 'M2 44q6-7 11-3 5-5 11 0 6-5 11 0 6-4 11 3z'],
    ],
  },
  carp: {
    ground: '#d2ecec',
    shapes: [
      ['#e2683c', 'M6 25q8-12 20-11 8 1 12 8l6-7q1 9-1 18l-6-6q-5 8-13 8-11 0-18-10z'],
      [WHITE, 'M9 27q7 3 14 1 6-2 10 2-4 5-9 5-9 0-15-8z'],
      ['#b3452a', 'M20 14q5-5 11-3l-2 5zM22 19q3 3 0 6l-1.6-1q2-2 0-4zM28 19q3 3 0 6l-1.6-1q2-2 0-4z'],
      [INK, 13, 22, 2],
    ],
  },
  lotus: {
    ground: '#e3ecdf',
    shapes: [
      ['#4d8a61', 'M4 37q10-5 20-2 10-3 20 2-8 7-20 7T4 37z'],
      ['#d9749b', 'M8 22q9 1 12 13-11-1-12-13zM40 22q-9 1-12 13 11-1 12-13z'],
      ['#e691b2', 'M14 14q8 5 8 20-10-5-8-20zM34 14q-8 5-8 20 10-5 8-20z'],
      ['#f2b5cb', 'M24 8q7 10 5 20-1 6-5 8-4-2-5-8-2-10 5-20z'],
    ],
  },
  magpie: {
    ground: '#eee6dc',
    shapes: [
      ['#6b4a2f', 'M4 37h40v2.5H4z'],
      ['#24395c', 'M27 28l17 14-4 3-17-12z'],
      [INK, 'M12 18q1-8 8-8 6 0 8 6 6 4 5 12-3 6-10 6-8 0-10-8z'],
      [WHITE, 'M15 25q6-2 11 2 2 4-3 6-8 1-8-8z'],
      ['#2f5b8f', 'M24 20q7 2 8 10-6-1-8-10z'],
      [INK, 'M12 15l-7 2.5 7 2z'],
      [WHITE, 17.5, 15, 1.3],
      [INK, 'M20 33h1.6v5H20zM24 33h1.6v5H24z'],
    ],
  },
};

export const MARK_NAMES = Object.keys(MARK_DRAWINGS) as readonly Mark[];
