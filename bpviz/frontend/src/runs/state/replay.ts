// Going through a run that is made, at the speed that is set: every view follows.

import type { ReadonlySignal } from "@preact/signals";
import { effect, signal } from "@preact/signals";
import type { PanelState } from "../../state/panel";
import type { TrainingState } from "./training";

const MILLISECONDS_BETWEEN = 33;
/** As fast as can be seen: what is left is gone through in so many seconds. */
const SECONDS_AT_MOST = 5;

export class Replay {
  readonly playing = signal(false);
  private readonly stopPlaying: () => void;

  constructor(
    private readonly panel: PanelState,
    private readonly training: TrainingState,
    private readonly stepping: ReadonlySignal<boolean>,
  ) {
    this.stopPlaying = effect(() => {
      if (!this.playing.value) return;
      return this.play();
    });
  }

  /** Go on from the chosen update, or from the first where it is the last; or rest. */
  toggle(): void {
    const { frame, content } = this.panel;
    const last = (content.peek()?.total ?? 0) - 1;
    if (!this.playing.peek() && last > 0 && frame.peek() >= last) frame.value = 0;
    this.playing.value = !this.playing.peek() && last > 0;
  }

  rest(): void {
    this.playing.value = false;
  }

  dispose(): void {
    this.stopPlaying();
  }

  private play(): () => void {
    const { frame, content } = this.panel;
    let [since, from, shown, pace] = [performance.now(), frame.peek(), frame.peek(), NaN];
    const left = (content.peek()?.total ?? 1) - 1 - from;
    const timer = setInterval(() => {
      const last = (content.peek()?.total ?? 0) - 1;
      const wanted = this.training.pace.peek() || left / SECONDS_AT_MOST;
      // Somebody has chosen another update or another speed: from there on.
      if (frame.peek() !== shown || wanted !== pace)
        [since, from, pace] = [performance.now(), frame.peek(), wanted];
      const now = from + Math.floor((pace * (performance.now() - since)) / 1000);
      shown = Math.min(now, last);
      this.panel.setFrame(shown);
      if (shown >= last || this.stepping.peek()) this.rest();
    }, MILLISECONDS_BETWEEN);
    return () => clearInterval(timer);
  }
}
