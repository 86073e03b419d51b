// A button with an icon or a text.

import type { VNode } from "preact";
import { Icon } from "./Icon";

interface ButtonProps {
  /** Without an icon the label itself stands on the button. */
  icon?: string;
  label: string;
  disabled?: boolean;
  main?: boolean;
  onClick(): void;
}

// A button that cannot act keeps the focus: it is marked as disabled, not taken out of the
// tab order, so that somebody who steps with the keyboard is not thrown out at the last step.
export function Button({
  icon,
  label,
  disabled = false,
  main = false,
  onClick,
}: ButtonProps): VNode {
  return (
    <button
      type="button"
      class={`bpviz-button ${main ? "bpviz-main" : icon ? "" : "bpviz-text-button"}`}
      title={label}
      aria-label={label.replace(/ \(.*\)$/, "")}
      aria-disabled={disabled}
      onClick={() => {
        if (!disabled) onClick();
      }}
    >
      {icon ? <Icon name={icon} /> : label}
    </button>
  );
}
