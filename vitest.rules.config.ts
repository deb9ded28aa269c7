import { defineConfig } from 'vitest/config';

/** Tests that read the finished build: sizes, manifest, modules. */
export default defineConfig({ test: { include: ['test/rules/**/*.test.ts'], testTimeout: 60_000 } });
