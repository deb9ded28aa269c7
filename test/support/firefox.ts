/** The built extension in a real Firefox without a screen, driven through Marionette. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FIREFOX, requirePeer } from '../../scripts/peers.ts';
import { writeZip } from '../../lib/archive/write-zip.ts';
import { copy } from '../../lib/bytes/bytes.ts';
import { Tab, type Session } from './firefox-tab.ts';
import { Marionette } from './marionette.ts';
import { until } from './until.ts';

const START_MS = 60_000;
const EXIT_MS = 10_000;
const LAST_WORDS = 40;

export const FIREFOX_DEMO_EXTENSION = join(import.meta.dirname, '..', '..', '.output', 'firefox-mv3-demo');
/** The id of the demo build for Firefox, as its manifest says it. */
export const FIREFOX_DEMO_ID = '{6d1f0d2a-5b8e-4a54-9a05-d0ca46de3001}';

/** Marionette itself switches updates, telemetry and the like off. */
const PREFERENCES = {
  'marionette.port': 0,
  'browser.dom.window.dump.enabled': true,
  'browser.shell.checkDefaultBrowser': false,
  'browser.sessionstore.resume_from_crash': false,
  'browser.startup.page': 0,
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.webextOptionalPermissionPrompts': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  // Else the buttons of dialogs are dead for a second.
  'security.dialog_enable_delay': 0,
  // Killed again and again, it shall not ask for its safe mode.
  'toolkit.startup.max_resumed_crashes': -1,
  'ui.prefersReducedMotion': 1,
  // What was built here is signed by nobody.
  'xpinstall.signatures.required': false,
};

/** Remembers errors that the extension's documents, workers and scripts cause, and those of its origin's policy. */
const WATCH = `
  const [host] = arguments;
  window.dojangProblems = [];
  Services.console.registerListener({
    observe(message) {
      if (!(message instanceof Ci.nsIScriptError) || message.flags & Ci.nsIScriptError.warningFlag) return;
      if (!message.sourceName.includes(host) && !message.errorMessage.includes(host)) return;
      window.dojangProblems.push(message.sourceName + ':' + message.lineNumber + ': ' + message.errorMessage);
    },
  });`;

/**
 * Stands in for the system's file chooser, once: what a person would choose is chosen. The page's own button opens it and
 * the browser reads the files as ever.
 */
const CHOOSE = `
  const [paths] = arguments;
  const contract = '@mozilla.org/filepicker;1';
  const registrar = Components.manager.QueryInterface(Ci.nsIComponentRegistrar);
  const real = registrar.contractIDToCID(contract);
  const ours = Services.uuid.generateUUID();
  const files = paths.map((path) => {
    const file = Cc['@mozilla.org/file/local;1'].createInstance(Ci.nsIFile);
    file.initWithPath(path);
    return file;
  });
  const picker = {
    QueryInterface: ChromeUtils.generateQI(['nsIFilePicker']),
    init(context, title, mode) { this.mode = mode; },
    appendFilter() {}, appendFilters() {}, appendRawFilter() {},
    isModeSupported: () => Promise.resolve(true),
    get file() { return files[0]; },
    get fileURL() { return Services.io.newFileURI(files[0]); },
    get files() { return files[Symbol.iterator](); },
    get domFileOrDirectory() { return null; },
    get domFileOrDirectoryEnumerator() { return null; },
    open(callback) {
      registrar.unregisterFactory(ours, factory);
      registrar.registerFactory(real, '', contract, null);
      Services.tm.dispatchToMainThread(() => callback.done(Ci.nsIFilePicker.returnOK));
    },
  };
  const factory = { createInstance: (iid) => picker.QueryInterface(iid), QueryInterface: ChromeUtils.generateQI(['nsIFactory']) };
  registrar.registerFactory(ours, '', contract, factory);`;

const STOP_BACKGROUND = `
  const { extension } = WebExtensionPolicy.getByID(arguments[0]);
  return extension
    .terminateBackground({ ignoreDevToolsAttached: true, disableResetIdleForTest: true })
    .then(() => extension.backgroundState);`;

export interface FirefoxOptions {
  /** A profile to open again, in which the extension stays; a fresh one otherwise, removed at the end. */
  readonly profile?: string;
  readonly extension?: string;
  readonly extensionId?: string;
  readonly preferences?: Readonly<Record<string, string | number | boolean>>;
}

class Process {
  readonly child: ChildProcess;
  readonly #lines: string[] = [];
  exited: string | null = null;

  constructor(program: string, profile: string) {
    const env = { ...process.env, HOME: profile, MOZ_HEADLESS_WIDTH: '1280', MOZ_HEADLESS_HEIGHT: '900', MOZ_CRASHREPORTER_DISABLE: '1' };
    const args = ['--headless', '--marionette', '--remote-allow-system-access', '--profile', profile, '-no-remote'];
    // A group of its own, so that its content processes end with it.
    this.child = spawn(program, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.once('error', (error) => (this.exited = error.message));
    this.child.once('exit', (code, signal) => (this.exited = `exit ${String(code ?? signal)}`));
    for (const stream of [this.child.stdout, this.child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => this.#hear(text));
    process.once('exit', this.kill);
  }

  get lastWords(): string {
    return this.#lines.join('\n');
  }

  readonly kill = (): void => {
    process.removeListener('exit', this.kill);
    if (this.exited !== null || this.child.pid === undefined) return;
    try {
      process.kill(-this.child.pid, 'SIGKILL');
    } catch {
      // It ended in this moment.
    }
  };

  #hear(text: string): void {
    for (const line of text.split('\n')) {
      if (line !== '') this.#lines.push(line);
    }
    this.#lines.splice(0, this.#lines.length - LAST_WORDS);
  }
}

/** The folder of an extension as one file, as it is installed for good. */
function pack(extension: string, profile: string): string {
  const paths = readdirSync(extension, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const files = paths.map((path) => ({ path: path.slice(extension.length + 1), bytes: copy(readFileSync(path)) }));
  const packed = join(profile, 'dojang.xpi');
  writeFileSync(packed, writeZip(files, { time: Date.now() }));
  return packed;
}

/** Installs the extension where it is not there yet; gives the host of its pages, which Firefox makes anew for each profile. */
async function hostOf(session: Session, { extension, extensionId, profile, stays }: Installing): Promise<string> {
  const find = (): Promise<unknown> =>
    session.privileged('return WebExtensionPolicy.getByID(arguments[0])?.mozExtensionHostname ?? null', extensionId);
  if (stays && existsSync(join(profile, 'extensions', `${extensionId}.xpi`))) return String(await until('the extension is there', find));
  const path = stays ? pack(extension, profile) : extension;
  await session.marionette.command('Addon:Install', { path, temporary: !stays, allowPrivateBrowsing: true });
  const host = await find();
  if (typeof host !== 'string') throw new Error('the extension has no host');
  return host;
}

interface Installing {
  readonly extension: string;
  readonly extensionId: string;
  readonly profile: string;
  /** Over the end of this Firefox. */
  readonly stays: boolean;
}

async function marionettePort(running: Process, profile: string): Promise<number> {
  const path = join(profile, 'MarionetteActivePort');
  const written = (): string | null => running.exited ?? (existsSync(path) ? readFileSync(path, 'utf8') : null);
  const port = await until('Firefox opens Marionette', () => Promise.resolve(written()), { patienceMs: START_MS });
  if (running.exited !== null) throw new Error(`it ended at once (${running.exited})`);
  return Number(port);
}

/** The content script's own; our windows are answered before they close, so from them the same line is a fault. */
const LAST_CALL_OF_PAGE = /(content-scripts\/content|chunks\/call-\w+)\.js\S* Promise (rejected|resolved) after context unloaded/;

export class Firefox {
  readonly extensionId: string;
  /** Origin of our own pages, which Firefox makes anew for each profile. */
  readonly origin: string;
  readonly #process: Process;
  readonly #session: Session;
  readonly #profile: string;
  readonly #stays: boolean;

  private constructor(parts: { process: Process; session: Session; profile: string; stays: boolean; extensionId: string; host: string }) {
    this.#process = parts.process;
    this.#session = parts.session;
    this.#profile = parts.profile;
    this.#stays = parts.stays;
    this.extensionId = parts.extensionId;
    this.origin = `moz-extension://${parts.host}`;
  }

  /** Starts Firefox with the extension in it. @throws with its last words, where it does not start */
  static async launch(options: FirefoxOptions = {}): Promise<Firefox> {
    const extension = options.extension ?? FIREFOX_DEMO_EXTENSION;
    const extensionId = options.extensionId ?? FIREFOX_DEMO_ID;
    if (!existsSync(join(extension, 'manifest.json'))) throw new Error(`No extension in ${extension}: run npm run build:demo first.`);
    const stays = options.profile !== undefined;
    const profile = options.profile ?? mkdtempSync(join(tmpdir(), 'dojang-firefox-'));
    mkdirSync(profile, { recursive: true });
    rmSync(join(profile, 'MarionetteActivePort'), { force: true });
    const preferences = Object.entries({ ...PREFERENCES, ...options.preferences });
    writeFileSync(
      join(profile, 'user.js'),
      preferences.map((pair) => `user_pref(${pair.map((part) => JSON.stringify(part)).join(', ')});\n`).join(''),
    );
    const running = new Process(requirePeer(FIREFOX), profile);
    try {
      const marionette = await Marionette.connect(await marionettePort(running, profile));
      await marionette.command('WebDriver:NewSession', { strictFileInteractability: false, unhandledPromptBehavior: 'ignore' });
      const session = await openSession(marionette);
      const host = await hostOf(session, { extension, extensionId, profile, stays });
      await session.privileged(WATCH, host);
      return new Firefox({ process: running, session, profile, stays, extensionId, host });
    } catch (cause) {
      running.kill();
      if (!stays) rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`Firefox could not be started: ${reason}\n${running.lastWords}`, { cause });
    }
  }

  /** Opens an address, or one of our own pages by its path, in a new tab or a private window in front. */
  async open(address: string, where: 'tab' | 'private' = 'tab'): Promise<Tab> {
    const kind = where === 'tab' ? { type: 'tab' } : { type: 'window', private: true };
    const opened = await this.#session.inTurn(async () => {
      const { marionette, home } = this.#session;
      // The window that commands went to may be gone.
      await marionette.command('WebDriver:SwitchToWindow', { handle: home, focus: false });
      this.#session.current = home;
      return marionette.command('WebDriver:NewWindow', { ...kind, focus: true });
    });
    const handle: unknown = typeof opened === 'object' && opened !== null ? Reflect.get(opened, 'handle') : null;
    if (typeof handle !== 'string') throw new Error('no new tab');
    const tab = new Tab(this.#session, handle);
    await tab.front();
    await tab.go(new URL(address, `${this.origin}/`).href);
    return tab;
  }

  /** All tabs and windows but the empty one that Firefox began with. */
  async tabs(): Promise<Tab[]> {
    const handles = (await this.#session.inTurn(() => this.#session.marionette.command('WebDriver:GetWindowHandles'))) as string[];
    return handles.filter((handle) => handle !== this.#session.home).map((handle) => new Tab(this.#session, handle));
  }

  /** The tab or window at an address that begins so, as soon as there is one; in front. */
  async waitForTab(address: string): Promise<Tab> {
    const start = new URL(address, `${this.origin}/`).href;
    const tab = await until(`a window at ${address} opens`, async () => {
      for (const one of await this.tabs()) if ((await one.url().catch(() => '')).startsWith(start)) return one;
      return null;
    });
    await tab.front();
    return tab;
  }

  /** Runs a script with the browser's own rights. */
  privileged(script: string, ...args: readonly unknown[]): Promise<unknown> {
    return this.#session.privileged(script, ...args);
  }

  /** What the next file chooser gives: files, or one folder. */
  async choose(paths: readonly string[]): Promise<void> {
    await this.#session.privileged(CHOOSE, paths);
  }

  /** Stops the background as Firefox does after idling. */
  async stopBackground(): Promise<void> {
    const state = await this.#session.privileged(STOP_BACKGROUND, this.extensionId);
    if (state !== 'stopped') throw new Error(`the background is ${String(state)}`);
  }

  /**
   * Takes the errors since the last call: what was thrown and not caught, and what a policy refused. Firefox also writes
   * a line where a page goes while its last call waits (a bank's that takes its request back, ours that is closed), since nobody
   * is there for the answer; that is no error.
   */
  async takeProblems(): Promise<string[]> {
    const problems = (await this.#session.privileged('return window.dojangProblems.splice(0)')) as string[];
    return problems.filter((problem) => !LAST_CALL_OF_PAGE.test(problem));
  }

  /** Kills Firefox and all its processes at once, without a word to them. */
  async kill(): Promise<void> {
    this.#process.kill();
    this.#session.marionette.close();
    await until('Firefox ends', () => Promise.resolve(this.#process.exited), { patienceMs: EXIT_MS });
  }

  /** Ends Firefox, and removes a profile that was its own. */
  async close(): Promise<void> {
    const { marionette } = this.#session;
    await marionette.command('Marionette:Quit', { flags: ['eForceQuit'] }, EXIT_MS).catch(() => undefined);
    marionette.close();
    await until('Firefox ends', () => Promise.resolve(this.#process.exited), { patienceMs: EXIT_MS }).catch(() => undefined);
    this.#process.kill();
    if (!this.#stays) rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Marionette has one current window and one context: whoever talks to it takes a turn. */
async function openSession(marionette: Marionette): Promise<Session> {
  const home = await marionette.value('WebDriver:GetWindowHandle');
  if (typeof home !== 'string') throw new Error('Firefox has no window');
  let last: Promise<unknown> = Promise.resolve();
  const session: Session = {
    marionette,
    home,
    current: home,
    inTurn(act) {
      const turn = last.then(act);
      last = turn.catch(() => undefined);
      return turn;
    },
    privileged: (script, ...args) =>
      session.inTurn(async () => {
        session.current = home;
        await marionette.command('WebDriver:SwitchToWindow', { handle: home, focus: false });
        await marionette.command('Marionette:SetContext', { value: 'chrome' });
        try {
          return await marionette.value('WebDriver:ExecuteScript', { script, args });
        } finally {
          await marionette.command('Marionette:SetContext', { value: 'content' });
        }
      }),
  };
  return session;
}
