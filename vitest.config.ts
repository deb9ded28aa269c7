import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/unit/**/*.test.ts', 'test/interop/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000, // an authority with all its people is twelve pairs of keys
    reporters: ['default'],
  },
});
