// How fast a run is made, and gone through again.

import type { VNode } from "preact";
import { usePanel } from "../ui/context";
import { useRun } from "./context";

interface Pace {
  /** Updates in a second; 0 for as many as can be. */
  pace: number;
  words: string;
}

/** The speeds for a run of so many updates to an epoch, each faster than the one before. */
export function pacesOf(perEpoch: number): Pace[] {
  const paces: Pace[] = [
    ...[1, 3].map((pace) => ({ pace, words: pace === 1 ? "1 update/s" : `${pace} updates/s` })),
    ...[1, 5, 20, 100].map((epochs) => ({
      pace: epochs * perEpoch,
      words: epochs === 1 ? "1 epoch/s" : `${epochs} epochs/s`,
    })),
  ];
  const rising = paces.filter(({ pace }, k) => paces.slice(0, k).every((one) => one.pace < pace));
  return [...rising, { pace: 0, words: "as fast as can be" }];
}

export function Speed(): VNode {
  const state = usePanel();
  const { training } = useRun();
  const paces = pacesOf(state.content.value!.run.updatesPerEpoch);
  const found = paces.findIndex(({ pace }) => pace >= training.pace.value);
  const now = training.pace.value && found >= 0 ? found : paces.length - 1;
  return (
    <label class="bpviz-speed">
      <span class="bpviz-hidden">Speed</span>
      <input
        type="range"
        min={0}
        max={paces.length - 1}
        step={1}
        value={now}
        title="Speed of training, and of going through it again"
        aria-valuetext={paces[now]!.words}
        onInput={(event) => {
          const { pace } = paces[Number(event.currentTarget.value)]!;
          training.pace.value = pace;
          state.tell("pace", { pace });
        }}
      />
      <span aria-hidden="true">{paces[now]!.words}</span>
    </label>
  );
}
