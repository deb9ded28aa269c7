/** Characters of each label, as the wallet keeps them. */
export const LABEL_MOST = { nickname: 60, group: 60, note: 500 } as const;
