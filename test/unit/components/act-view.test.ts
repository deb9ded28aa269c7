import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { ActView, type ActCall } from '../../../components/approval/act-view.svelte.ts';
import type { ApprovalView } from '../../../components/approval/approval-view.svelte.ts';
import { WalletError } from '../../../lib/errors.ts';
import type { ActsApi } from '../../../lib/wallet/acts-api.ts';
import type { Offer } from '../../../lib/wallet/api.ts';
import type { HeldKeys, LifecycleRun } from '../../../lib/wallet/lifecycle-api.ts';

const AUTHORITY = { id: 'test', hosts: ['https://ca.example/*'], here: true };
const HELD = { kind: 'held' } as HeldKeys;
const REVOKE: ActCall = { action: 'revoke', payload: {} };
const CHOICE = { idNumber: null, reason: 'cessationOfOperation' } as const;

function offer(id: string): Offer {
  return { row: { id, holder: '홍길동' }, reason: null, preset: false, doubtful: false } as unknown as Offer;
}

/** The window around it, and a wallet with these certificates. */
class Scene {
  offers: readonly Offer[] = [offer('one')];
  disturbed = 0;
  readonly revoked: unknown[] = [];
  leave = true;
  /** Runs while the browser asks for leave to reach the authority. */
  whileAsking: () => Promise<void> = () => Promise.resolve();
  readonly window = {
    status: { state: 'open' },
    acting: false,
    guard: { disturb: () => this.disturbed++ },
    acts: () => Promise.resolve(this.acts),
    refresh: () => Promise.resolve(),
  };
  readonly acts: ActsApi = {
    authority: () => Promise.resolve(null),
    candidates: () => Promise.resolve(this.offers),
    open: () => Promise.resolve(HELD),
    lifecycle: {
      authorityOf: () => Promise.resolve(AUTHORITY),
      revoke: ({ certificate }: { certificate: unknown }) => {
        this.revoked.push(certificate);
        return Promise.resolve({ state: 'WAITING', warnings: [] } as unknown as LifecycleRun);
      },
    },
  } as unknown as ActsApi;

  view(): ActView {
    return new ActView(this.window as unknown as ApprovalView, REVOKE, async () => {
      await this.whileAsking();
      return this.leave;
    });
  }
}

let scene: Scene;

beforeEach(() => {
  scene = new Scene();
});

describe('an act that a page asked for', () => {
  it('says what stands in the way where the certificates cannot be read, and gives nothing to press', async () => {
    const view = scene.view();
    scene.acts.candidates = () => Promise.reject(new WalletError('vault.damaged'));
    await view.start();
    expect(view.run.failure).toMatchObject({ code: 'vault.damaged' });
    expect([view.looked, view.chosen]).toEqual([false, null]);
  });

  it('cannot be confirmed by the press that opened the wallet: the guard waits anew before the keys are there', async () => {
    const view = scene.view();
    let heldWhenDisturbed: unknown;
    scene.window.guard.disturb = () => {
      heldWhenDisturbed ??= [view.held];
      return ++scene.disturbed;
    };
    await view.open(scene.acts, { kind: 'password', text: 'p' });
    expect(heldWhenDisturbed).toEqual([null]);
    expect(view.held).toEqual(HELD);
  });

  it('waits anew where the chosen certificate has gone from under the pointer', async () => {
    const view = scene.view();
    await view.start();
    expect(view.chosen).toBe('one');
    const before = scene.disturbed;
    await view.look();
    expect(scene.disturbed).toBe(before);
    scene.offers = [offer('another')];
    await view.look();
    expect(scene.disturbed).toBe(before + 1);
    expect(view.chosen).toBe('another');
  });

  it('is about the certificate that was chosen at the press, whatever becomes of the list meanwhile', async () => {
    const view = scene.view();
    await view.start();
    scene.whileAsking = async () => {
      scene.offers = [offer('another')];
      await view.look();
    };
    await view.begin(scene.acts, HELD as never, CHOICE);
    expect(scene.revoked).toEqual([{ id: 'one' }]);
  });

  it('keeps what was opened where the browser gives no leave, and uses it up where it does', async () => {
    const view = scene.view();
    await view.start();
    await view.open(scene.acts, { kind: 'password', text: 'p' });
    scene.leave = false;
    expect(await view.begin(scene.acts, null, CHOICE)).toBe(false);
    expect([view.held, scene.window.acting, scene.revoked]).toEqual([HELD, false, []]);
    scene.leave = true;
    expect(await view.begin(scene.acts, null, CHOICE)).toBe(true);
    expect([view.held, scene.revoked]).toEqual([null, [{ id: 'one' }]]);
  });

  it('opens and begins after a second look at an address that resembles another alone, as all that is approved', () => {
    const source = readFileSync(join(import.meta.dirname, '../../../components/approval/ApprovalAct.svelte'), 'utf8');
    const forms = source.split('<ProofForm').slice(1);
    expect(forms).toHaveLength(2);
    expect(forms[0]).toContain('check={() => !view.lacksLook()}');
    expect(forms[1]).toMatch(/^\s*\{check\}$/m);
    expect(/function check\(\): boolean \{[^}]*?if \(view\.lacksLook\(\)\) return false;/.test(source)).toBe(true);
  });
});
