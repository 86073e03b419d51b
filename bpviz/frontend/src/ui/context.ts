import { computed } from "@preact/signals";
import { createContext } from "preact";
import { useContext, useMemo } from "preact/hooks";
import type { PanelState } from "../state/panel";

export const StateContext = createContext<PanelState | null>(null);

/** The state of the panel that a view is in. */
export function usePanel(): PanelState {
  const state = useContext(StateContext);
  if (!state) throw new Error("this view is outside a panel");
  return state;
}

/**
 * What a view takes from the state, as a signal of its own: the view is drawn again when that
 * changes, not whenever the state does. An object counts as changed when one of its entries has.
 */
export function useDerived<T>(derive: () => T, inputs: readonly unknown[]): T {
  const derived = useMemo(() => {
    let last: T;
    return computed(() => {
      const next = derive();
      return isAlike(last, next) ? last : (last = next);
    });
  }, inputs);
  return derived.value;
}

function isAlike(one: unknown, other: unknown): boolean {
  if (!isObject(one) || !isObject(other)) return Object.is(one, other);
  const keys = Object.keys(other);
  return (
    keys.length === Object.keys(one).length && keys.every((key) => Object.is(one[key], other[key]))
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
