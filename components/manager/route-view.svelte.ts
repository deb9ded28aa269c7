export type Route =
  /** `query`: what the person chose to see of it. */
  | { readonly name: 'list' | 'overview'; readonly query: string }
  | { readonly name: 'start' | 'import' | 'wastebasket' | 'backup' | 'help' | 'transfer' | 'receive' | 'issue' | 'to-do' }
  | { readonly name: 'history' | 'sites' | 'revoke-elsewhere' }
  | { readonly name: 'settings' | 'security' | 'notices' | 'about' | 'erase' }
  | { readonly name: 'restore'; readonly from: 'file' | 'copy' }
  | { readonly name: 'password'; readonly by: 'password' | 'code' }
  | { readonly name: 'certificate' | 'renew' | 'renew-here' | 'hold' | 'revoke'; readonly id: string }
  /** `phone` is the export whose place is known already. */
  | { readonly name: 'export' | 'phone' | 'send'; readonly ids: readonly string[] };

/** Record ids of an address: base64url, with commas between them. */
const readIds = (text: string): readonly string[] => text.split(',').filter((id) => /^[\w-]+$/.test(id));

/** Reads the part of the address after `#`; what is unknown shows the list. */
export function readRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\//, '').split('?', 2);
  const [name, id = ''] = path.split('/');
  if (name === 'start' || name === 'import' || name === 'help' || name === 'transfer' || name === 'receive' || name === 'issue') return { name };
  if (name === 'settings' || name === 'security' || name === 'notices' || name === 'about' || name === 'erase') return { name };
  if (name === 'password') return { name, by: id === 'code' ? 'code' : 'password' };
  if (name === 'wastebasket' || name === 'backup' || name === 'history' || name === 'sites' || name === 'to-do') return { name };
  if (name === 'restore') return { name, from: id === 'sync' ? 'copy' : 'file' };
  if ((name === 'certificate' || name === 'renew') && id) return { name, id };
  if ((name === 'renew-here' || name === 'hold' || name === 'revoke') && id) return { name, id };
  if (name === 'revoke') return { name: 'revoke-elsewhere' };
  if (name === 'export' || name === 'phone' || name === 'send') return { name, ids: readIds(id) };
  return { name: name === 'overview' ? name : 'list', query };
}

function listPath(route: Route): string {
  return route.name === 'list' && route.query !== '' ? `#/?${route.query}` : '#/';
}

/** Which view the address asks for; back and forward work since the address is the only place that keeps it. */
export class RouteView {
  current = $state.raw<Route>(readRoute(location.hash));
  /** The address of the list as it was seen last. */
  list = $state(listPath(readRoute(location.hash)));

  start(): () => void {
    const read = (): void => this.#read();
    addEventListener('hashchange', read);
    return () => {
      removeEventListener('hashchange', read);
    };
  }

  go(path: string): void {
    location.hash = path;
  }

  /** Says in the address what of a view is seen: as a new step of the way back, or in place of the last. */
  show(path: string, query: string, how: 'push' | 'replace'): void {
    const address = query === '' ? path : `${path}?${query}`;
    if (how === 'push') history.pushState(null, '', address);
    else history.replaceState(null, '', address);
    this.#read();
  }

  #read(): void {
    const route = readRoute(location.hash);
    this.current = route;
    if (route.name === 'list') this.list = listPath(route);
  }
}
