// What is switched, typed and pressed beside a run.

import type { Signal } from "@preact/signals";
import type { ComponentChildren, VNode } from "preact";
import { useState } from "preact/hooks";

interface CheckProps {
  checked: boolean;
  disabled?: boolean;
  label: string;
  onChange(checked: boolean): void;
}

export function Check({ checked, disabled = false, label, onChange }: CheckProps): VNode {
  return (
    <label class="bpviz-check">
      <input
        type="checkbox"
        checked={checked}
        disabled={disabled}
        onChange={(event) => {
          const wanted = event.currentTarget.checked;
          event.currentTarget.checked = checked; // Python's answer decides
          onChange(wanted);
        }}
      />
      <span>{label}</span>
    </label>
  );
}

/** The switch between a linear and a logarithmic axis of losses. */
export function LogarithmicAxis({ chosen }: { chosen: Signal<boolean> }): VNode {
  return (
    <Check
      checked={chosen.value}
      onChange={(checked) => (chosen.value = checked)}
      label="Logarithmic axis"
    />
  );
}

interface NumberFieldProps {
  label: ComponentChildren;
  value: number;
  whole?: boolean;
  disabled?: boolean;
  onChange(value: number): void;
}

/** A number to type; what is not one is refused in place, and the old value stays. */
export function NumberField({
  label,
  value,
  whole = false,
  disabled = false,
  onChange,
}: NumberFieldProps): VNode {
  const [text, setText] = useState<string | null>(null);
  const number = Number((text ?? "").trim().replace(",", "."));
  const isNumber = Number.isFinite(number) && (whole ? number >= 1 : number >= 0);
  const wrong = text !== null && (!text.trim() || !isNumber);
  const refused = wrong || (whole && text !== null && !Number.isInteger(number));
  const commit = (): void => {
    if (text === null || refused) return;
    setText(null);
    if (number !== value) onChange(number);
  };
  return (
    <label class="bpviz-field">
      {label}{" "}
      <input
        value={text ?? String(value)}
        disabled={disabled}
        size={8}
        inputMode="decimal"
        aria-invalid={refused}
        onInput={(event) => setText(event.currentTarget.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === "Enter") commit();
          if (event.key === "Escape") setText(null);
        }}
      />
      {refused && (
        <span class="bpviz-refused" role="alert">
          {whole ? "give a whole number, 1 or greater" : "give a number, 0 or greater"}; it stays{" "}
          {value}
        </span>
      )}
    </label>
  );
}

interface TextProps {
  children: ComponentChildren;
  disabled?: boolean;
  title?: string;
  onClick(): void;
}

/** A button with words on it. */
export function Text({ children, disabled = false, title, onClick }: TextProps): VNode {
  return (
    <button
      type="button"
      class="bpviz-button bpviz-text-button"
      title={title}
      aria-disabled={disabled}
      onClick={() => {
        if (!disabled) onClick();
      }}
    >
      {children}
    </button>
  );
}

interface SelectProps {
  label: string;
  value: string;
  options: readonly string[];
  /** Whether an option cannot be chosen. */
  lacks?(option: string): boolean;
  onChange(value: string): void;
}

/** One of several texts to choose. */
export function Select({
  label,
  value,
  options,
  lacks = () => false,
  onChange,
}: SelectProps): VNode {
  return (
    <label>
      {label}{" "}
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {options.map((one) => (
          <option key={one} value={one} disabled={one !== value && lacks(one)}>
            {one}
          </option>
        ))}
      </select>
    </label>
  );
}
