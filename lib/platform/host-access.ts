/** Leave to reach hosts. It is asked for in the click that needs it, and may be taken back at any time. */
import { browser } from './browser.ts';

/**
 * Asks for leave to reach hosts, named by match patterns; gives whether it is there. It must be the first thing that a click
 * does: browsers forget the click at the first wait.
 */
export async function askHostAccess(patterns: readonly string[]): Promise<boolean> {
  if (patterns.length === 0) return true;
  try {
    return await browser.permissions.request({ origins: [...patterns] });
  } catch {
    return false; // not in the manifest, or no click
  }
}
