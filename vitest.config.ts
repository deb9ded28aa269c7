import { compileModule } from 'svelte/compiler';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [
    {
      name: 'views',
      /** What a screen knows and does is tried without the screen. */
      transform: (code, id) => (id.endsWith('.svelte.ts') ? compileModule(code, { filename: id, generate: 'server' }).js : null),
    },
  ],
  test: {
    include: ['test/unit/**/*.test.ts', 'test/interop/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000, // an authority with all its people is twelve pairs of keys
    reporters: ['default'],
  },
});
