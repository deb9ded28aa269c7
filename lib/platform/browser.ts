/** The one door to the browser: nothing else in this project names the WebExtension API. */
export { default as browser, type Runtime, type Tabs } from 'webextension-polyfill';
