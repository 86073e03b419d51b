// What is said while Python leaves something unanswered.

import type { VNode } from "preact";
import { usePanel } from "./context";

const WORDS = {
  "": "",
  late: "Waiting for Python…",
  silent:
    "No answer from Python: there is no kernel, or it is busy with another cell. What is asked " +
    "is answered when it is free. If it was restarted, run the cell again.",
};

export function Silence(): VNode {
  const { silence } = usePanel().exchange;
  return (
    <p class="bpviz-silence" aria-live="polite">
      {WORDS[silence.value]}
    </p>
  );
}
