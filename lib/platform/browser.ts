/** The one door to the browser: nothing else in this project names the WebExtension API. */
export { default as browser, type Alarms, type Runtime, type Storage, type Tabs } from 'webextension-polyfill';
