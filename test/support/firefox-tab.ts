/** One tab or window of Firefox, and what a person does in it: things are found by role and name, as readers say them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { MarionetteError, type Marionette } from './marionette.ts';
import { until, type Patience } from './until.ts';

export interface Session {
  readonly marionette: Marionette;
  /** The empty tab that Firefox began with. */
  readonly home: string;
  /** Handle of the window that commands go to. */
  current: string;
  inTurn<Value>(act: () => Promise<Value>): Promise<Value>;
  /** Runs a script with the browser's own rights. */
  privileged(script: string, ...args: readonly unknown[]): Promise<unknown>;
}

const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

/** Elements that may have a role; their name decides. */
const CANDIDATES = {
  button: 'button',
  heading: 'h1, h2, h3',
  link: 'a[href]',
  radio: 'input[type=radio]',
  combobox: 'select',
  textbox: 'input:not([type=radio], [type=checkbox], [type=file]), textarea',
} as const;
export type Role = keyof typeof CANDIDATES;

/** WebDriver's code points of keys. */
const KEYS = { Enter: '\uE007', Escape: '\uE00C', Tab: '\uE004' } as const;

type Name = string | RegExp;

const fits = (name: Name, text: string): boolean => (typeof name === 'string' ? text === name : name.test(text));

/** A window may go while a command is on its way to it, which Firefox reports in several words. */
function isGone(thrown: unknown): boolean {
  return thrown instanceof MarionetteError && (thrown.kind === 'no such window' || /AbortError|destroyed|discarded/.test(thrown.message));
}

export class Tab {
  readonly handle: string;
  readonly #session: Session;

  constructor(session: Session, handle: string) {
    this.#session = session;
    this.handle = handle;
  }

  /** Puts this tab in front, as a click on it would. */
  async front(): Promise<void> {
    await this.#session.inTurn(() => this.#switch(true));
  }

  async go(url: string): Promise<void> {
    await this.#command('WebDriver:Navigate', { url });
  }

  async reload(): Promise<void> {
    await this.#command('WebDriver:Refresh');
  }

  async url(): Promise<string> {
    return String(await this.#value('WebDriver:GetCurrentURL'));
  }

  /** Runs a function's body in the page, with its arguments in `arguments`; promises are waited for. */
  run(script: string, ...args: readonly unknown[]): Promise<unknown> {
    return this.#value('WebDriver:ExecuteScript', { script, args });
  }

  /** What the page shows as text. */
  async text(selector = 'body'): Promise<string> {
    return String(await this.run('return document.querySelector(arguments[0])?.innerText ?? ""', selector));
  }

  async attribute(selector: string, name: string): Promise<string | null> {
    return (await this.run('return document.querySelector(arguments[0])?.getAttribute(arguments[1]) ?? null', selector, name)) as string | null;
  }

  async waitForText(text: string, patience?: Patience): Promise<void> {
    await until(`the page says "${text}"`, async () => (await this.text()).includes(text), patience).catch(async (cause: unknown) => {
      throw new Error(`${String(cause)}; it says: ${await this.text()}`, { cause });
    });
  }

  /** Waits until one thing of that role and name is there and shown. */
  async find(role: Role, name: Name, patience?: Patience): Promise<string> {
    let seen: string[] = [];
    return until(
      `there is a ${role} named ${String(name)}`,
      async () => {
        seen = [];
        for (const element of await this.#elements(CANDIDATES[role])) {
          const label = String(await this.#value('WebDriver:GetComputedLabel', { id: element }));
          seen.push(label);
          if (fits(name, label) && (await this.#value('WebDriver:IsElementDisplayed', { id: element })) === true) return element;
        }
        return null;
      },
      patience,
    ).catch((cause: unknown) => {
      throw new Error(`${String(cause)}; the ${role}s here: ${JSON.stringify(seen)}`, { cause });
    });
  }

  async click(role: Role, name: Name): Promise<void> {
    await this.#clickElement(await this.find(role, name));
  }

  async clickOn(selector: string): Promise<void> {
    await this.#clickElement(await this.#first(selector));
  }

  /** Types into a field, after what is there. */
  async type(name: Name, text: string): Promise<void> {
    const id = await this.find('textbox', name);
    await this.#command('WebDriver:ElementSendKeys', { id, text });
  }

  /** Gives files to a field for files, as its chooser would. */
  async give(selector: string, paths: readonly string[]): Promise<void> {
    await this.#command('WebDriver:ElementSendKeys', { id: await this.#first(selector), text: paths.join('\n') });
  }

  /** Presses a key where the focus is. The window may close upon it. */
  async press(key: keyof typeof KEYS): Promise<void> {
    const actions = ['keyDown', 'keyUp'].map((type) => ({ type, value: KEYS[key] }));
    await this.#command('WebDriver:PerformActions', { actions: [{ type: 'key', id: 'keyboard', actions }] }).catch((thrown: unknown) => {
      if (!isGone(thrown)) throw thrown;
    });
  }

  /** Says yes to the question that the browser shows over this tab; gives its text. */
  async acceptDialog(): Promise<string> {
    const question = await until('the browser asks', async () => String(await this.#value('WebDriver:GetAlertText')));
    await this.#command('WebDriver:AcceptAlert');
    return question;
  }

  async waitUntilClosed(patience: Patience = {}): Promise<void> {
    const isClosed = async (): Promise<boolean> => {
      const handles = (await this.#session.inTurn(() => this.#session.marionette.command('WebDriver:GetWindowHandles'))) as string[];
      return !handles.includes(this.handle);
    };
    await until('the window closes', isClosed, patience);
  }

  async close(): Promise<void> {
    await this.#command('WebDriver:CloseWindow').catch((thrown: unknown) => {
      if (!isGone(thrown)) throw thrown;
    });
  }

  /** What the window shows, as a PNG file. */
  async picture(path: string): Promise<void> {
    const png = await this.#value('WebDriver:TakeScreenshot', { full: false });
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, Buffer.from(String(png), 'base64'));
  }

  /** What lies under something that stays in sight is scrolled free first, as a person does. */
  async #clickElement(id: string): Promise<void> {
    const click = (): Promise<unknown> => this.#command('WebDriver:ElementClick', { id });
    await click().catch(async (thrown: unknown) => {
      if (!(thrown instanceof MarionetteError) || thrown.kind !== 'element click intercepted') throw thrown;
      await this.run('arguments[0].scrollIntoView({ block: "center" })', { [ELEMENT]: id });
      await click();
    });
  }

  #first(selector: string): Promise<string> {
    return until(`there is ${selector}`, async () => (await this.#elements(selector))[0]);
  }

  async #elements(selector: string): Promise<string[]> {
    const found = (await this.#command('WebDriver:FindElements', { using: 'css selector', value: selector })) as Record<string, string>[];
    return found.map((reference) => reference[ELEMENT] ?? '');
  }

  async #switch(focus: boolean): Promise<void> {
    if (!focus && this.#session.current === this.handle) return;
    await this.#session.marionette.command('WebDriver:SwitchToWindow', { handle: this.handle, focus });
    this.#session.current = this.handle;
  }

  #command(name: string, parameters: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    return this.#session.inTurn(async () => {
      await this.#switch(false);
      return this.#session.marionette.command(name, parameters);
    });
  }

  async #value(name: string, parameters: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    const result = await this.#command(name, parameters);
    return typeof result === 'object' && result !== null ? Reflect.get(result, 'value') : result;
  }
}
