import type { VNode } from "preact";

/** A new number, its digits from the first one on that is another. */
export function NewDigits({ old, now }: { old: string; now: string }): VNode {
  let same = 0;
  while (same < now.length && now[same] === old[same]) same++;
  return (
    <>
      {now.slice(0, same)}
      <b class="bpviz-new-digits">{now.slice(same)}</b>
    </>
  );
}
