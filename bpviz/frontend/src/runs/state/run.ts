// What a panel with a run has beside the state of every panel.

import { batch, computed, signal } from "@preact/signals";
import type { Report } from "../../protocol/messages";
import type { Bytes } from "../../protocol/program";
import { decodeNumbers, decodeRows } from "../../protocol/program";
import type { PanelState } from "../../state/panel";
import type { Keys, Part } from "../../state/wire";
import { Alone } from "./alone";
import { fetchFrames } from "./fetching";
import { LAB_TRAITS, LabState } from "./lab";
import { LabAlone } from "./lab_alone";
import { progress } from "./progress";
import { Replay } from "./replay";
import { ScrubState } from "./scrub";
import { TRAINING_TRAITS, TrainingState } from "./training";

export class RunState implements Part {
  readonly stepping = signal(false);
  readonly training: TrainingState;
  readonly scrub: ScrubState;
  readonly lab: LabState;
  readonly replay: Replay;
  readonly traits: Part["traits"];

  /** The epoch and its update that are chosen, from 1. */
  readonly place = computed(() => {
    const per = this.panel.content.value?.run.updatesPerEpoch ?? 1;
    const frame = this.panel.frame.value;
    return { epoch: Math.floor(frame / per) + 1, update: (frame % per) + 1 };
  });
  /** The views of the run, or of the lab, that are shown. */
  private readonly shown = signal<readonly string[]>([]);
  private readonly ownKeys: Keys;
  private readonly labAlone: LabAlone;
  private readonly alone: Alone;

  constructor(private readonly panel: PanelState) {
    this.training = new TrainingState(panel);
    this.scrub = new ScrubState(panel, this.training);
    this.lab = new LabState(panel.exchange);
    this.labAlone = new LabAlone(panel, this.lab);
    this.alone = new Alone(panel, this.training);
    panel.exchange.standIn = (kind, ...asked) => {
      const { handlers } = this.lab.content.peek() ? this.labAlone : this.alone;
      const handler = handlers[kind];
      return !!handler && handler(...asked) !== false;
    };
    panel.held.areMadeHere = () => this.training.isRepeatable.value;
    this.replay = new Replay(panel, this.training, this.stepping);
    this.ownKeys = keysOf(panel, this.replay);
    this.traits = [
      [["_shown"], (get) => (this.shown.value = (get("_shown") as string[] | undefined) ?? [])],
      [LAB_TRAITS, (get) => this.lab.load(get)],
      [TRAINING_TRAITS, (get) => this.training.load(get, panel.exchange.isBusy("pace"))],
    ];
  }

  keys(): Keys | null {
    const isStep = this.panel.content.peek()?.view === "step";
    return this.stepping.peek() || isStep ? null : this.ownKeys;
  }

  closeSteps(): boolean {
    if (!this.stepping.peek()) return false;
    this.showSteps(false);
    return true;
  }

  /** Show the steps of the chosen update, or the run. */
  showSteps(shown: boolean): void {
    batch(() => {
      this.panel.rest();
      this.stepping.value = shown;
    });
  }

  /** Whether a view is shown; all are where none is named. */
  shows(view: string): boolean {
    return !this.shown.value.length || this.shown.value.includes(view);
  }

  hear({ updates, first_epoch }: Report, buffers: readonly Bytes[]): void {
    // Python waits for this, so that what it sends never piles up on a slow connection.
    requestAnimationFrame(() =>
      this.panel.exchange.ask("seen", {
        epochs: this.panel.content.peek()?.run.losses.length ?? 0,
      }),
    );
    const { program } = this.panel.content.peek()!;
    const [row] = decodeRows(buffers[1], program.size);
    progress(this.panel, updates, first_epoch, decodeNumbers(buffers[0]), row!);
  }

  follow(): () => void {
    const unfollow = this.scrub.follow();
    const stops = [
      this.labAlone.follow(),
      this.alone.follow(),
      fetchFrames(this.panel, (frame) => this.scrub.expected.value === frame),
    ];
    return () => {
      stops.forEach((stop) => stop());
      this.replay.dispose();
      unfollow();
    };
  }

  /** Show another sample in the bug lab, at its first difference. */
  compareFrame(frame: number): void {
    batch(() => {
      this.lab.register.value = "";
      this.panel.setFrame(frame);
      this.openFirstDifference();
    });
  }

  /** Switch a mistake of the bug lab on or off. */
  switchMistake(name: string, on: boolean): void {
    const isTold = this.lab.turn(name, on, () => this.openFirstDifference());
    if (!isTold) this.panel.error.value = this.panel.offline.value;
  }

  switchAllOff(): void {
    const isTold = this.lab.turnAllOff(() => this.openFirstDifference());
    if (!isTold) this.panel.error.value = this.panel.offline.value;
  }

  /** Show the step that completes a register, in the place of the lab. */
  openStep(register: string): void {
    batch(() => {
      this.panel.open(register);
      this.showSteps(true);
    });
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

/** What keys do while the run or the lab is shown. */
function keysOf(panel: PanelState, replay: Replay): Keys {
  const isRun = (): boolean => panel.content.peek()?.view === "training";
  const go = (to: () => number) => () => {
    if (isRun()) panel.setFrame(to());
  };
  /** So many updates are a tenth of the run, in whole epochs. */
  const page = (): number => {
    const { losses, updatesPerEpoch } = panel.content.peek()!.run;
    return Math.max(1, Math.round(losses.length / 10)) * updatesPerEpoch;
  };
  return {
    ArrowRight: go(() => panel.frame.peek() + 1),
    ArrowLeft: go(() => panel.frame.peek() - 1),
    Home: go(() => 0),
    End: go(() => Infinity),
    PageDown: go(() => panel.frame.peek() - page()),
    PageUp: go(() => panel.frame.peek() + page()),
    " ": () => {
      if (isRun()) replay.toggle();
    },
  };
}
