// The head of a training panel: what it is about, what the run is doing, and a new start.

import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { usePanel } from "../ui/context";
import { HelpButton, SettingsButton } from "../ui/HeadButtons";
import { titleOf } from "../ui/names";
import { useRun } from "./context";
import { RunStatus } from "./RunControls";

export function RunHead(): VNode {
  const { content } = usePanel();
  const settings = useRun().training.settings.value;
  return (
    <div class="bpviz-header">
      <h2 class="bpviz-title">{titleOf(content.value!.program)}</h2>
      <RunStatus />
      {settings && <NewStart seed={settings.start_seed} />}
      {settings && <SettingsButton title="Settings of the run" />}
      <HelpButton />
    </div>
  );
}

function NewStart({ seed }: { seed: number | null }): VNode {
  const state = usePanel();
  const isFixed = useRun().training.fixed.value !== "";
  const [text, setText] = useState("1");
  const start = (): void => {
    const value = Number(text);
    if (!/^\d+$/.test(text.trim()) || !Number.isSafeInteger(value))
      state.error.value = `The seed is “${text}”; give a whole number, 0 or greater.`;
    else state.tell("new_start", { seed: value });
  };
  return (
    <form
      class="bpviz-new-start"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isFixed) start();
      }}
    >
      <span class="bpviz-soft">start: {seed === null ? "as given" : `seed ${seed}`}</span>
      <label>
        seed{" "}
        <input
          value={text}
          disabled={isFixed}
          inputMode="numeric"
          size={5}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="bpviz-button bpviz-text-button" aria-disabled={isFixed}>
        New start
      </button>
    </form>
  );
}
