import { defineConfig } from "vitest/config";

// Each file starts nodes of its own, and each worker one browser for all its files: three fill a small machine, and a
// busy one makes a browser late: what fails is tried once more, and told of as such.
export default defineConfig({
  test: { globalSetup: "e2e/setup.ts", include: ["e2e/**/*.e2e.test.ts"], testTimeout: 120_000, hookTimeout: 180_000, maxWorkers: 3, isolate: false, retry: 1 },
});
