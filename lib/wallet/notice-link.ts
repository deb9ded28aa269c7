/** Where a notice leads, carried in the name the browser knows it by: the background may have ended by the time it is clicked. */
import type { Notice } from './expiry.ts';

const ONE = /^expiry\/([A-Za-z0-9_-]{22})$/;
export const TRIAL_NAME = 'trial';
/** Of a notice that an authority is to be asked again. */
export const RUNS_NAME = 'runs';

/** The name of a notice: with the record's id where it is about a single certificate. */
export function noticeName({ ids: [first, ...others] }: Pick<Notice, 'ids'>): string {
  return first !== undefined && others.length === 0 ? `expiry/${first}` : 'expiry';
}

/** The place in the manager page that a clicked notice leads to; null for a name that is none of ours. */
export function pathOfNotice(name: string): string | null {
  if (name === 'expiry') return '#/overview';
  if (name === TRIAL_NAME) return '#/notices';
  // Where runs go on by themselves.
  if (name === RUNS_NAME) return '#/';
  const [, id] = ONE.exec(name) ?? [];
  return id === undefined ? null : `#/renew/${id}`;
}
