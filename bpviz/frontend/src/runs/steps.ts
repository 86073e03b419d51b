import type { FunctionComponent } from "preact";

/** A view of a run opens one update step by step, without knowing how that is drawn. */
export interface WithSteps {
  StepView: FunctionComponent<{ title: string }>;
}
