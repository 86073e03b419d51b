// Long work in slices, between which the page paints and hears.

const SECONDS_OF_WORK = 0.012;
/** Pieces of work between two looks at the clock. */
const AT_ONCE = 16;

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
      for (let count = 1; !work.next().done; count++) {
        if (count % AT_ONCE || performance.now() < end) continue;
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
