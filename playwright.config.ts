import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '**/*.spec.ts',
  outputDir: '.output/e2e',
  fullyParallel: false,
  // Each file has browsers, servers and profiles of its own; they wait more than they compute.
  workers: 2,
  // The tests start some hundred browsers on whatever machine there is: one that fails is run once more, in a new worker.
  // What failed twice has failed; what passed the second time is named at the end of `npm test`.
  retries: 1,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: process.env['DOJANG_REPORT'] === undefined ? 'list' : [['list'], ['json', { outputFile: process.env['DOJANG_REPORT'] }]],
  forbidOnly: true,
});
