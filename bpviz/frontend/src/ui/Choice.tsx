// One of a few, side by side.

import type { ComponentChildren, VNode } from "preact";
import { useName } from "./id";

export interface Option<T> {
  value: T;
  text: ComponentChildren;
  title?: string;
}

interface ChoiceProps<T> {
  legend: string;
  /** Whether the legend can be seen; screen readers read it in any case. */
  open?: boolean;
  /** Whether it chooses what stands below it. */
  tabs?: boolean;
  options: readonly Option<T>[];
  value: T;
  onChange(value: T): void;
}

export function Choice<T extends string>(props: ChoiceProps<T>): VNode {
  const name = useName();
  return (
    <fieldset class={props.tabs ? "bpviz-choice bpviz-tabs" : "bpviz-choice"}>
      <legend class={props.open ? undefined : "bpviz-hidden"}>{props.legend}</legend>
      <div>
        {props.options.map(({ value, text, title }) => (
          <label key={value} title={title}>
            <input
              type="radio"
              name={name}
              checked={props.value === value}
              onChange={() => props.onChange(value)}
            />
            <span>{text}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
