// Who wants to know of an element's size, and may change sizes in answer.

/** Changes what is drawn. */
type Change = () => void;
/** Measures a new size; returns what answers it, where that changes what is drawn. */
type Answer = () => Change | null;

const watched = new Map<Element, Set<Answer>>();
let observer: ResizeObserver | undefined;
let changes: Change[] = [];

/**
 * Answer every new size of an element; returns what ends it.
 *
 * One observer tells all of a resize at once, and nothing changes before the next frame: a size that
 * changes while sizes are told may be one that the page around the panel watches too, which a browser
 * tells no more in that frame, and complains of.
 */
export function onResize(target: Element, answer: Answer): () => void {
  observer ??= new ResizeObserver(tell);
  const answers = watched.get(target) ?? new Set();
  watched.set(target, answers.add(answer));
  observer.observe(target);
  return () => {
    answers.delete(answer);
    if (answers.size) return;
    watched.delete(target);
    observer!.unobserve(target);
  };
}

function tell(entries: readonly ResizeObserverEntry[]): void {
  const answers = entries.flatMap(({ target }) => [...(watched.get(target) ?? [])]);
  const found = answers.flatMap((answer) => answer() ?? []);
  if (found.length && !changes.length) requestAnimationFrame(change);
  changes.push(...found);
}

function change(): void {
  const now = changes;
  changes = [];
  for (const one of now) one();
}
