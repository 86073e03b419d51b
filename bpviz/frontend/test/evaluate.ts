// Computes rows that come from Python, one a line, and says what they are now: the browser's side
// of tests/explain/test_evaluated_in_the_browser.py.

import { createInterface } from "node:readline";
import { computed } from "./computed";
import type { Update } from "./computed";

for await (const line of createInterface(process.stdin)) {
  console.log(computed(JSON.parse(line) as Update));
}
