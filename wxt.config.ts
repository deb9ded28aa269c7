import { defineConfig } from 'wxt';
import { AUTHORITIES } from './lib/cmp/directory/directory.ts';
import { connectSources, hostPatterns } from './lib/platform/ca-hosts.ts';
import { licencesText } from './scripts/licences.ts';
import { LOCAL_PATTERNS, LOCAL_SOURCES, sitePatterns } from './lib/platform/sites.ts';

/** Authorities that can be talked to: none of the licensed ones yet; the demo build talks to one on this computer. */
const CA_PATTERNS = [...new Set(AUTHORITIES.flatMap(hostPatterns))];
const CA_SOURCES = [...new Set(AUTHORITIES.flatMap(connectSources))];

/**
 * Pages of the extension load nothing but their own files and talk to no server but authorities of the directory. Trusted
 * types keep script text out of the DOM: `svelte-trusted-html` is the policy Svelte makes its templates through,
 * `dojang-worker` ours for two worker scripts.
 */
const contentSecurityPolicy = (sources: readonly string[]): string =>
  [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    ["connect-src 'self'", ...sources].join(' '),
    "frame-src 'none'",
    "frame-ancestors 'none'",
    "form-action 'none'",
    "base-uri 'none'",
    "object-src 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types svelte-trusted-html dojang-worker',
  ].join('; ');

export default defineConfig({
  modules: ['@wxt-dev/module-svelte', '@wxt-dev/webextension-polyfill'],
  imports: false,
  manifestVersion: 3,
  outDir: '.output',
  outDirTemplate: '{{browser}}-mv{{manifestVersion}}{{modeSuffix}}',
  manifest: ({ browser, mode }) => ({
    name: '__MSG_extName__',
    description: '__MSG_extDescription__',
    default_locale: 'en',
    permissions: ['activeTab', 'alarms', 'idle', 'notifications', 'scripting', 'storage', 'unlimitedStorage'],
    action: { default_title: '__MSG_extName__' },
    content_security_policy: { extension_pages: contentSecurityPolicy(mode === 'production' ? CA_SOURCES : [...CA_SOURCES, ...LOCAL_SOURCES]) },
    ...(mode === 'production' ? {} : { host_permissions: [...LOCAL_PATTERNS] }),
    // Sites that the owner adds: the browser asks about each of them.
    optional_host_permissions: [...CA_PATTERNS, 'https://*/*'],
    incognito: 'spanning' as const,
    ...(browser === 'firefox'
      ? {
          browser_specific_settings: {
            gecko: {
              id: mode === 'production' ? '{6d1f0d2a-5b8e-4a54-9a05-d0ca46de3000}' : '{6d1f0d2a-5b8e-4a54-9a05-d0ca46de3001}',
              strict_min_version: '140.0',
              data_collection_permissions: { required: ['none'] },
            },
          },
        }
      : { minimum_chrome_version: '120', externally_connectable: { ids: [] } }),
  }),
  hooks: {
    'build:publicAssets': (_, files) => {
      files.push({ relativeDest: 'licences.txt', contents: licencesText() });
    },
    'build:manifestGenerated': (wxt, manifest) => {
      const matches = wxt.config.mode === 'production' ? sitePatterns() : [...sitePatterns(), ...LOCAL_PATTERNS];
      manifest.content_scripts = manifest.content_scripts?.map((script) => ({ ...script, matches }));
    },
  },
  vite: () => ({
    build: { target: 'es2023', cssTarget: ['chrome120', 'firefox140'], sourcemap: false, modulePreload: false, assetsInlineLimit: 0 },
  }),
});
