import { defineConfig } from "vitest/config";

// What measures is no test: it runs by make bench-web, bench-features and bench-page alone.
export default defineConfig({ test: { include: ["e2e/**/*.bench.ts"], reporters: [["default", { summary: false }]] } });
