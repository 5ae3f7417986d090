import { defineConfig } from "vitest/config";

// What measures is no test: it runs by make bench-web, bench-features and bench-page alone, in the
// whole browser, as persons have it.
export default defineConfig({ test: { env: { CHROMIUM: process.env.CHROMIUM ?? "/usr/bin/chromium" }, include: ["e2e/**/*.bench.ts"], reporters: [["default", { summary: false }]] } });
