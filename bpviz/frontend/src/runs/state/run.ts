// What a panel with a run has beside the state of every panel.

import { batch } from "@preact/signals";
import type { Bytes } from "../../protocol/program";
import { decodeNumbers, decodeRows } from "../../protocol/program";
import type { PanelState } from "../../state/panel";
import type { Part } from "../../state/wire";
import { standIn } from "./alone";
import { LAB_TRAITS, LabState } from "./lab";
import { progress } from "./progress";
import { ScrubState } from "./scrub";
import { TRAINING_TRAITS, TrainingState } from "./training";

/** What a run tells while it goes on. */
interface Report {
  kind: "progress";
  updates: number;
  first_epoch: number;
}

export class RunState implements Part {
  readonly training = new TrainingState();
  readonly scrub: ScrubState;
  readonly lab: LabState;
  readonly traits: Part["traits"];

  constructor(private readonly panel: PanelState) {
    this.scrub = new ScrubState(panel, this.training);
    this.lab = new LabState(panel.exchange);
    panel.exchange.standIn = standIn(panel, this.training);
    panel.isRepeatable = () => this.training.isRepeatable.value;
    this.traits = [
      [LAB_TRAITS, (get) => this.lab.load(get)],
      [TRAINING_TRAITS, (get) => this.training.load(get)],
    ];
  }

  hear(message: { kind: string }, buffers: readonly Bytes[]): boolean {
    if (message.kind !== "progress") return false;
    const report = message as Report;
    // Python waits for this, so that what it sends never piles up on a slow connection.
    requestAnimationFrame(() =>
      this.panel.exchange.ask("seen", {
        epochs: this.panel.content.peek()?.run.losses.length ?? 0,
      }),
    );
    const { program } = this.panel.content.peek()!;
    const [row] = decodeRows(buffers[1], program.size);
    progress(this.panel, report.updates, report.first_epoch, decodeNumbers(buffers[0]), row!);
    return true;
  }

  isExpected(frame: number): boolean {
    return this.scrub.expected.value === frame;
  }

  follow(): () => void {
    return this.scrub.follow();
  }

  /** Show another sample in the bug lab, at its first difference. */
  compareFrame(frame: number): void {
    batch(() => {
      this.panel.setFrame(frame);
      this.openFirstDifference();
    });
  }

  /** Switch a mistake of the bug lab on or off. */
  switchMistake(name: string, on: boolean): void {
    const isTold = this.lab.turn(name, on, () => this.openFirstDifference());
    if (!isTold) this.panel.error.value = this.panel.offline.value;
  }

  openFirstDifference(): void {
    const first = this.lab.content.value?.gaps[this.panel.frame.value]?.[0];
    if (first) this.panel.open(first[0]);
    else {
      this.panel.jumpTo(Infinity);
      this.panel.selection.value = "";
    }
  }
}
