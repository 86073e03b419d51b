import { defineConfig } from "vitest/config";

export default defineConfig({
  // A whole panel without a browser takes seconds on a busy machine.
  test: { include: ["test/**/*.test.{ts,tsx}"], testTimeout: 30_000 },
});
