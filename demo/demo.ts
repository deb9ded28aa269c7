/** The whole demo: certificates, the authority that answers for them, and the bank that takes them. */
import { openAuthority } from './authority.ts';
import { startBank, type Bank, type BankOptions } from './bank.ts';
import { startCa } from './ca/ca.ts';

export interface Demo extends Bank {
  readonly caUrl: string;
}

/** @throws as `startBank` and `startCa` */
export async function startDemo({ caPort, ...options }: BankOptions & { readonly caPort: number }): Promise<Demo> {
  const authority = await openAuthority(options.dataFolder, options.clock);
  const ca = await startCa({ port: caPort, authority, ...(options.clock === undefined ? {} : { clock: options.clock }) });
  const bank = await startBank({ ...options, office: ca }).catch(async (thrown: unknown) => {
    await ca.close();
    throw thrown;
  });
  return {
    ...bank,
    caUrl: ca.url,
    async close() {
      await bank.close();
      await ca.close();
    },
  };
}
