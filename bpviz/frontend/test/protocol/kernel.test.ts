import { expect, test } from "vitest";
import { LOST, NO_KERNEL, RESTARTED, whyLost } from "../../src/protocol/kernel";
import type { Model } from "../../src/protocol/model";

test.each([
  ["JupyterLab restarts the kernel", { kernel: { status: "restarting" } }, RESTARTED],
  ["the kernel died and came again", { kernel: { status: "idle" } }, RESTARTED],
  ["it died and is coming again", { kernel: { status: "unknown" } }, RESTARTED],
  ["it died for good", { kernel: { status: "dead" } }, NO_KERNEL],
  ["the notebook has no kernel any more", { kernel: null }, NO_KERNEL],
  ["the front end does not tell", {}, LOST],
  ["there is no manager", undefined, LOST],
])("says what is known when %s", (_, manager, words) => {
  expect(whyLost({ widget_manager: manager } as unknown as Model)).toBe(words);
});
