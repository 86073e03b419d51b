// The switches of the mistakes, which never move, and the place where one of them is explained.

import type { VNode } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { useRun } from "./context";
import { Text } from "./Inputs";
import { About } from "./RunSettings";
import type { Departure } from "./state/lab";
import { useName } from "../ui/id";

export function MistakeList(): VNode {
  const run = useRun();
  const explanation = useName();
  const scrolled = useRef<HTMLDivElement>(null);
  // What is on when the lab opens is in sight.
  useLayoutEffect(() => {
    const list = scrolled.current!;
    const first = list.querySelector("input:checked")?.closest("li");
    const top = first ? first.offsetTop - list.offsetTop : 0;
    if (first && top + first.offsetHeight > list.clientHeight) list.scrollTop = top;
  }, []);
  const all = run.lab.departures.value;
  const possible = all.filter(({ apart }) => !apart);
  const others = all.filter(({ apart }) => apart);
  const conventions = possible.filter(({ right_because }) => right_because);
  const on = all.filter((departure) => departure.on);
  const explained =
    all.find(({ name }) => name === run.lab.explained.value) ?? on[0] ?? possible[0];
  const list = (departures: readonly Departure[]): VNode => (
    <ul class="bpviz-mistakes">
      {departures.map((departure) => (
        <Switch
          key={departure.name}
          departure={departure}
          explanation={departure === explained ? explanation : undefined}
        />
      ))}
    </ul>
  );
  return (
    <section class="bpviz-lab-list" aria-label="Departures from the right algorithm">
      <div class="bpviz-view-head">
        <h3>Mistakes</h3>
        <span class="bpviz-soft">{on.length} on</span>
        <Text
          disabled={!on.length || run.lab.fixed.value !== ""}
          onClick={() => run.switchAllOff()}
        >
          Switch all off
        </Text>
      </div>
      <div ref={scrolled} class="bpviz-scrolled-list">
        {list(possible.filter((one) => !conventions.includes(one)))}
        {conventions.length > 0 && (
          <>
            <h4>Other conventions, right as well</h4>
            {list(conventions)}
          </>
        )}
        {others.length > 0 && (
          <details class="bpviz-others">
            <summary>{others.length} more that cannot show on this network, and why</summary>
            {list(others)}
          </details>
        )}
      </div>
      {explained && <Explanation departure={explained} id={explanation} />}
    </section>
  );
}

interface SwitchProps {
  departure: Departure;
  /** The id of its explanation, while that is seen. */
  explanation: string | undefined;
}

// One that cannot be switched on can be reached all the same: its explanation says why.
function Switch({ departure, explanation }: SwitchProps): VNode {
  const run = useRun();
  const { name, title, on, blocked } = departure;
  const explain = (): void => {
    run.lab.explained.value = name;
  };
  return (
    <li class={explanation ? "bpviz-explained" : undefined}>
      <label class="bpviz-check" onPointerDown={explain}>
        <input
          type="checkbox"
          checked={on}
          aria-disabled={blocked !== ""}
          aria-describedby={explanation}
          onFocus={explain}
          onChange={(event) => {
            const wanted = event.currentTarget.checked;
            event.currentTarget.checked = on; // Python's answer decides
            if (!blocked) run.switchMistake(name, wanted);
          }}
        />
        <span>{name === "updated_weights_used" ? `${title} (the “dirty” update)` : title}</span>
      </label>
    </li>
  );
}

function Explanation({ departure, id }: { departure: Departure; id: string }): VNode {
  const { title, blocked, reason, change } = departure;
  return (
    <section class="bpviz-explanation" aria-label="What it changes" tabIndex={0}>
      <b>{title}</b>
      <p id={id}>
        {change}.{(blocked || reason) && ` ${blocked || `It cannot show here. ${reason}`}`}
      </p>
      <About choice={departure} />
    </section>
  );
}
