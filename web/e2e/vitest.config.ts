import { defineConfig } from "vitest/config";

// One file after the other: each starts nodes and a browser of its own.
export default defineConfig({
  test: { globalSetup: "e2e/setup.ts", include: ["e2e/**/*.e2e.test.ts"], testTimeout: 120_000, hookTimeout: 180_000, fileParallelism: false },
});
