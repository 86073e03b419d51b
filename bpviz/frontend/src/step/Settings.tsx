// The conventions, one switch each; all views and the script follow at once.

import type { VNode } from "preact";
import type { View, Style } from "../protocol/style";
import { DEFAULT_STYLE, LEAST_DIGITS, MOST_DIGITS, VIEWS, sameStyle } from "../protocol/style";
import { Choice } from "../ui/Choice";
import { usePanel } from "../ui/context";
import { useFocusBack } from "../ui/focus";

export const VIEW_NAMES: Readonly<Record<View, string>> = {
  diagram: "Diagram",
  formula: "Formula",
  matrices: "Matrices",
  code: "Code",
};

export function Settings(): VNode | null {
  const state = usePanel();
  useFocusBack(state.settings.value);
  if (!state.settings.value) return null;
  const style = state.appearance.value;
  const set = (changed: Partial<Style>): void => state.setStyle(changed);
  return (
    <section class="bpviz-settings" aria-label="Settings">
      <Choice
        legend="Vectors"
        open
        value={style.vectors}
        onChange={(vectors) => set({ vectors })}
        options={[
          { value: "column", text: "columns: W x", title: "W has one row per unit" },
          { value: "row", text: "rows: x W", title: "W has one column per unit" },
        ]}
      />
      <Choice
        legend="Aggregate, activation"
        open
        value={style.symbols}
        onChange={(symbols) => set({ symbols })}
        options={[
          { value: "a/h", text: "a, h" },
          { value: "z/a", text: "z, a" },
        ]}
      />
      <label class="bpviz-setting">
        <span>Digits</span>
        <select
          value={String(style.digits)}
          title="Significant digits of every number"
          onChange={(event) => set({ digits: Number(event.currentTarget.value) })}
        >
          {Array.from({ length: MOST_DIGITS - LEAST_DIGITS + 1 }, (_, k) => (
            <option key={k} value={String(k + LEAST_DIGITS)}>
              {k + LEAST_DIGITS}
            </option>
          ))}
        </select>
      </label>
      <Choice
        legend="Decimal"
        open
        value={style.decimal}
        onChange={(decimal) => set({ decimal })}
        options={[
          { value: ".", text: "0.5", title: "Decimal point" },
          { value: ",", text: "0,5", title: "Decimal comma" },
        ]}
      />
      <Switch
        text="Fractions"
        title="Write a number as a fraction where that is short: 1/3"
        on={style.fractions === true}
        onChange={(fractions) => set({ fractions })}
      />
      {state.unchanging.value.size > 0 && (
        <Switch
          text="Skip what changes nothing"
          title="Such as b = 0 − 0, of a bias that is not trained"
          on={style.skip_unchanged}
          onChange={(skip_unchanged) => set({ skip_unchanged })}
        />
      )}
      <Switch
        text="Projector"
        title="The whole screen, large and of high contrast (Esc)"
        on={style.projector}
        onChange={(projector, box) => {
          set({ projector });
          if (!projector) return;
          const panel = box.closest<HTMLElement>(".bpviz")!;
          // Where that is not allowed it is larger all the same.
          panel.requestFullscreen?.().catch(() => undefined);
          // The whole screen has no button that would close them.
          panel.focus({ preventScroll: true });
          state.settings.value = false;
        }}
      />
      <fieldset class="bpviz-choice bpviz-views">
        <legend>Views</legend>
        <div>
          {VIEWS.map((view, k) => (
            <Switch
              key={view}
              text={VIEW_NAMES[view]}
              title={`Show or hide (${k + 4})`}
              on={state.views.isShown(view)}
              onChange={() => state.views.toggle(view)}
            />
          ))}
        </div>
      </fieldset>
      <button
        type="button"
        class="bpviz-button bpviz-text-button"
        aria-disabled={sameStyle(style, DEFAULT_STYLE)}
        onClick={() => set(DEFAULT_STYLE)}
      >
        Defaults
      </button>
    </section>
  );
}

interface SwitchProps {
  text: string;
  title: string;
  on: boolean;
  onChange(on: boolean, box: HTMLElement): void;
}

function Switch({ text, title, on, onChange }: SwitchProps): VNode {
  return (
    <label class="bpviz-switch" title={title}>
      <input
        type="checkbox"
        checked={on}
        onChange={({ currentTarget }) => onChange(currentTarget.checked, currentTarget)}
      />
      {text}
    </label>
  );
}
