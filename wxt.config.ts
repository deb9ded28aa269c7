import { defineConfig } from 'wxt';
import { LOCAL_PATTERNS, sitePatterns } from './lib/platform/sites.ts';

/**
 * Pages of the extension load nothing but their own files and talk to no server. Trusted types keep script text out of the
 * DOM: `svelte-trusted-html` is the policy Svelte makes its templates through, `dojang-worker` ours for two worker scripts.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
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
    permissions: ['alarms', 'idle', 'notifications', 'storage', 'unlimitedStorage'],
    action: { default_title: '__MSG_extName__' },
    content_security_policy: { extension_pages: CONTENT_SECURITY_POLICY },
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
    'build:manifestGenerated': (wxt, manifest) => {
      const matches = wxt.config.mode === 'production' ? sitePatterns() : [...sitePatterns(), ...LOCAL_PATTERNS];
      manifest.content_scripts = manifest.content_scripts?.map((script) => ({ ...script, matches }));
    },
  },
  vite: () => ({
    build: { target: 'es2023', sourcemap: false, modulePreload: false, assetsInlineLimit: 0 },
  }),
});
