// How large everything is drawn on a projector: as large as there is room.

/** So wide, in pixels of its own, a panel has room for two columns. */
const ACROSS = 960;
/** Where it has not the whole screen it is larger by so much at least. */
const LEAST = 1.45;
/** A height that is the same for so many frames is the last. */
const AT_REST = 4;
/** Heights that differ by less are the same. */
const SAME = 1.001;

/** Draw a panel as large as the width of its room allows, and its height; returns what ends it. */
export function fitToRoom(root: HTMLElement): () => void {
  const box = root.lastElementChild;
  let zoom = 1;
  let frame = 0;
  const set = (to: number): void => {
    zoom = to;
    root.style.setProperty("--bpviz-zoom", String(zoom));
  };
  const hasScreen = (): boolean => root.matches(":fullscreen");
  const begin = (): void => {
    const room = hasScreen() ? innerWidth : root.parentElement!.clientWidth;
    set(Math.max(hasScreen() ? 1 : LEAST, room / ACROSS));
    soon();
  };
  const look = (): void => {
    const over = root.scrollHeight / root.clientHeight;
    if (!hasScreen() || zoom === 1 || !(over > SAME)) return;
    set(Math.max(1, Math.floor((100 * zoom) / over) / 100));
    soon();
  };
  // What is drawn for another width has its heights some frames later.
  const rest = (frames: number, before: number): void => {
    frame = requestAnimationFrame(() => {
      const now = root.scrollHeight;
      if (now !== before) rest(0, now);
      else if (frames < AT_REST) rest(frames + 1, now);
      else look();
    });
  };
  const soon = (): void => {
    cancelAnimationFrame(frame);
    rest(0, NaN);
  };
  let showsSteps = false;
  const another = (): void => {
    const before = showsSteps;
    showsSteps = box!.querySelector(".bpviz-step-view") !== null;
    if (showsSteps !== before) begin();
  };
  const kinds = new MutationObserver(another);
  const sizes = new ResizeObserver(soon);
  if (box) {
    kinds.observe(box, { childList: true });
    sizes.observe(box);
  }
  begin();
  window.addEventListener("resize", begin);
  document.addEventListener("fullscreenchange", begin);
  return () => {
    cancelAnimationFrame(frame);
    kinds.disconnect();
    sizes.disconnect();
    window.removeEventListener("resize", begin);
    document.removeEventListener("fullscreenchange", begin);
    root.style.removeProperty("--bpviz-zoom");
  };
}
