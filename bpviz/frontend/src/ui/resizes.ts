// Who wants to know of an element's size, and may change sizes in answer.

/** Measures a new size; returns what answers it, where that changes what is drawn. */
type Answer = () => (() => void) | null;

const watched = new Map<Element, Set<Answer>>();
let observer: ResizeObserver | undefined;
const paused = new Set<Element>();

/**
 * Answer every new size of an element; returns what ends it.
 *
 * One observer tells all of a resize at once, and all measure before one changes anything: what lies
 * within others is then laid out once. A size
 * that an answer changes is looked at in the next frame: told in the same one it could change again,
 * and so for ever, which a browser cuts off and complains of.
 */
export function onResize(target: Element, answer: Answer): () => void {
  observer ??= new ResizeObserver(tell);
  const answers = watched.get(target) ?? new Set();
  watched.set(target, answers.add(answer));
  observer.observe(target);
  return () => {
    answers.delete(answer);
    if (answers.size > 0) return;
    watched.delete(target);
    observer!.unobserve(target);
  };
}

function tell(entries: readonly ResizeObserverEntry[]): void {
  const changes = entries.flatMap(({ target }) =>
    [...(watched.get(target) ?? [])].map((answer) => ({ target, change: answer() })),
  );
  for (const { target, change } of changes) {
    if (!change) continue;
    change();
    pauseAround(target);
  }
}

function pauseAround(target: Element): void {
  if (paused.size === 0) requestAnimationFrame(resume);
  for (const one of watched.keys())
    if (one.contains(target)) {
      paused.add(one);
      observer!.unobserve(one);
    }
}

function resume(): void {
  for (const one of paused) if (watched.has(one)) observer!.observe(one);
  paused.clear();
}
