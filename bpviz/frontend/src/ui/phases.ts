import type { Phase } from "../protocol/program";

/** What a phase is called, and which way it runs through the network. */
export const PHASE_NAMES: Readonly<Record<Phase, { name: string; short: string; mark: string }>> = {
  forward: { name: "Forward pass", short: "forward", mark: "→" },
  loss: { name: "Loss", short: "loss", mark: "◆" },
  backward: { name: "Backward pass", short: "backward", mark: "←" },
  update: { name: "Update", short: "update", mark: "↻" },
};

/**
 * The class that gives an element its phase's colours. Only what is drawn in them carries it:
 * on a whole view it would give each element in there a new style at each change of phase.
 */
export function phaseClass(phase: Phase | undefined): string {
  return phase ? `bpviz-phase-${phase}` : "";
}
