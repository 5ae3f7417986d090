import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Those that take long begin first, so that no worker sits over one of them when all others are done. */
const long = ["frames", "states", "pages", "refused"];

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = (file: TestSpecification) => long.some((name) => file.moduleId.endsWith(`/${name}.e2e.test.ts`));
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

// Each file starts nodes of its own, and each worker one browser for all its files: three fill a small machine, and a
// busy one makes a browser late: what fails is tried once more, and told of as such.
export default defineConfig({
  test: { globalSetup: "e2e/setup.ts", include: ["e2e/**/*.e2e.test.ts"], testTimeout: 120_000, hookTimeout: 180_000, maxWorkers: 3, isolate: false, retry: 1, sequence: { sequencer: LongFirst } },
});
