// Who wants to know of an element's size, and may change sizes in answer.

interface Watched {
  /** The size that has been answered, as width and height. */
  size: string;
  answers: Set<() => void>;
}

const watched = new Map<Element, Watched>();
let observer: ResizeObserver | undefined;
let paused: Element[] = [];

/**
 * Answer every new size of an element; returns what ends it.
 *
 * One observer tells all of a resize at once: what lies within others is then laid out once. A size
 * that an answer changes is looked at in the next frame: told in the same one it could change again,
 * and so for ever, which a browser cuts off and complains of.
 */
export function onResize(target: Element, answer: () => void): () => void {
  observer ??= new ResizeObserver(tell);
  const { answers } = watched.get(target) ?? watch(target);
  answers.add(answer);
  return () => {
    answers.delete(answer);
    if (answers.size > 0) return;
    watched.delete(target);
    observer!.unobserve(target);
  };
}

function watch(target: Element): Watched {
  const one = { size: "", answers: new Set<() => void>() };
  watched.set(target, one);
  observer!.observe(target);
  return one;
}

function tell(entries: readonly ResizeObserverEntry[]): void {
  for (const { target, contentRect } of entries) {
    const size = `${contentRect.width} ${contentRect.height}`;
    const one = watched.get(target);
    if (!one || one.size === size) continue;
    one.size = size;
    observer!.unobserve(target);
    if (paused.push(target) === 1) requestAnimationFrame(resume);
    one.answers.forEach((answer) => answer());
  }
}

function resume(): void {
  for (const target of paused) if (watched.has(target)) observer!.observe(target);
  paused = [];
}
