// Long work in slices, between which the page paints and hears.

const SECONDS_OF_WORK = 0.012;

/** Work that goes on by itself, until it is done or stopped. */
export class Sliced {
  private timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * Begin, in the place of what is under way; what takes little time is done at once. `onward` is
   * called after each slice but the last.
   */
  begin(work: Iterator<unknown>, done: () => void, onward: () => void = () => undefined): void {
    this.stop();
    const go = (): void => {
      const end = performance.now() + 1000 * SECONDS_OF_WORK;
      while (!work.next().done) {
        if (performance.now() < end) continue;
        onward();
        this.timer = setTimeout(go);
        return;
      }
      done();
    };
    go();
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}
