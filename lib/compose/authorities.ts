/** Certificate authorities as this browser knows and reaches them. */
import { AUTHORITIES } from '../cmp/directory/directory.ts';
import { hostPatterns } from '../platform/ca-hosts.ts';
import { CaNetwork } from '../platform/ca-network.ts';
import { alone, clock } from '../platform/system.ts';
import { textDatabase } from '../platform/text-database.ts';
import { shippedIntermediates, shippedRoots } from '../trust/roots.ts';
import type { Directory } from '../wallet/lifecycle/directory.ts';
import { TestAuthorities } from '../wallet/lifecycle/test-authorities.ts';
import type { WalletPorts } from '../wallet/wallet.ts';

/** What the demo build adds for tests; the product never reads it. */
const tests = new TestAuthorities({ store: textDatabase({ database: 'dojang-test-authorities', store: 'list', key: 'all' }), clock });

async function directory(): Promise<Directory> {
  const added: Directory = import.meta.env.MODE === 'production' ? { entries: [], certificates: [] } : await tests.directory();
  return {
    entries: [...AUTHORITIES, ...added.entries],
    certificates: [...shippedIntermediates(), ...shippedRoots(), ...added.certificates],
  };
}

export function composeAuthorities(): WalletPorts['authorities'] {
  const network = new CaNetwork(async () => (await directory()).entries);
  return {
    directory,
    hostsOf: hostPatterns,
    alone,
    tests,
    post: (caId, message) => network.post(caId, message),
    ask: (exchange) => network.ask(exchange),
  };
}
