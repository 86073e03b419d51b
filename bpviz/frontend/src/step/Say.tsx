// One sentence about the step, behind the name of its phase.

import type { ComponentChildren, VNode } from "preact";
import type { Phase } from "../protocol/program";
import { PHASE_NAMES, phaseClass } from "../ui/phases";

interface SayProps {
  /** The phase of the step; none before the first. */
  phase?: Phase | undefined;
  /** Whether screen readers say it when it changes. */
  live?: boolean;
  /** What is said after it to those who do not see the numbers. */
  further?: string;
  children: ComponentChildren;
}

export function Say({ phase, live = false, further, children }: SayProps): VNode {
  return (
    <div class={`bpviz-say ${phaseClass(phase)}`}>
      <span class="bpviz-badge">
        {phase ? (
          <>
            {PHASE_NAMES[phase].name} <span aria-hidden="true">{PHASE_NAMES[phase].mark}</span>
          </>
        ) : (
          "Start"
        )}
      </span>
      <p class="bpviz-sentence" aria-live={live ? "polite" : undefined}>
        {children}
      </p>
      {live && (
        <p class="bpviz-hidden" aria-live="polite">
          {further}
        </p>
      )}
    </div>
  );
}
