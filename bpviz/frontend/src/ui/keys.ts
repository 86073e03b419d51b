// The keys of a panel: which they are, and what they do.

import { DEPTHS } from "../protocol/program";
import { VIEWS } from "../protocol/style";
import type { PanelState } from "../state/panel";
import type { Keys, Part } from "../state/wire";
import { leave } from "./notebook";
import { moveAmongRefs } from "./roving";
import { isModified, isPlain } from "./shortcuts";

const TYPED = "textarea, input:not([type=radio], [type=range], [type=checkbox])";

/** Whether a key is the panel's. Shift+Enter in a field answers; it would run the cell anew. */
export function isOurs(state: PanelState, event: KeyboardEvent): boolean {
  const isTyped = (event.target as Element).matches(TYPED);
  if (!isModified(event)) return isPlain(event) || (isTyped && event.key === "Enter");
  if (isTyped) return isForTyping(event);
  return changeOf(event) !== null && !state.changing.frozen.peek();
}

/** Whether a key with Ctrl, Cmd or Alt is used in a field of text. */
function isForTyping({ key, altKey }: KeyboardEvent): boolean {
  if (altKey) return /^Arrow/.test(key);
  return /^(Arrow.*|Home|End|Backspace|Delete|[acvxyz])$/i.test(key);
}

/** Carry out a key that has come up to the panel. */
export function handleKey(event: KeyboardEvent, state: PanelState, part?: Part): void {
  if (!isOurs(state, event)) return;
  event.stopPropagation();
  if (event.defaultPrevented) return;
  const change = state.changing.frozen.peek() ? null : changeOf(event);
  if (change) {
    event.preventDefault();
    state.changing.turn(change);
    return;
  }
  if (isTheirs(event.target as HTMLElement, event.key)) return;
  if (moveAmongRefs(event)) {
    event.preventDefault();
    return;
  }
  const otherKeys = part?.keys();
  if (!otherKeys && toField(state, event)) return;
  const all: Keys = { ...(otherKeys ?? actions(state)), ...everywhere(event, state, part) };
  const action = all[event.key];
  if (!action) return;
  event.preventDefault();
  const before = state.cursor.peek();
  action();
  if (isOnward(event.key) && state.cursor.peek() === before) toNext(event);
}

const isOnward = (key: string): boolean => key === "ArrowRight" || key === "End";

/** Give the focus to what goes on where no step does: the open question, or the next example. */
function toNext({ target, currentTarget }: KeyboardEvent): void {
  if ((target as Element).closest(".bpviz-ask")) return;
  const find = (name: string) => (currentTarget as Element).querySelector<HTMLElement>(name);
  (find(".bpviz-ask input") ?? find(".bpviz-marks + button:not(:disabled)"))?.focus();
}

/**
 * Let a number that is typed go to the question that is open, or else to the next one, where its
 * field takes the focus before the number is written.
 */
function toField(state: PanelState, event: KeyboardEvent): boolean {
  const isAhead = state.asking.limit.peek() < Infinity;
  if (!/^[-−.,\d]$/.test(event.key) || !isAhead) return false;
  if (!state.asking.words.peek()) state.jumpTo(Infinity);
  else {
    const panel = event.currentTarget as Element;
    const field = panel.querySelector<HTMLInputElement>(".bpviz-ask [inputmode]");
    if (!field) toNext(event);
    field?.focus();
    field?.select();
  }
  return true;
}

/** What keys do in whatever a panel shows. */
function everywhere(event: KeyboardEvent, state: PanelState, part?: Part): Keys {
  return {
    "?": () => (state.help.value = !state.help.value),
    Escape: () => {
      if (state.closeAll() || part?.closeSteps()) return;
      leave(event.currentTarget as HTMLElement, event);
    },
  };
}

function actions(state: PanelState): Keys {
  const found: Record<string, () => void> = {
    ArrowRight: () => state.stepBy(1),
    ArrowLeft: () => state.stepBy(-1),
    Home: () => state.jumpTo(0),
    End: () => state.jumpTo(Infinity),
    " ": () => state.togglePlay(),
  };
  DEPTHS.forEach((depth, k) => (found[String(k + 1)] = () => state.setDepth(depth)));
  VIEWS.forEach((view, k) => (found[String(k + 4)] = () => state.views.toggle(view)));
  return found;
}

/** Undo with Ctrl+Z, redo with Ctrl+Shift+Z or Ctrl+Y. */
function changeOf(event: KeyboardEvent): "undo" | "redo" | null {
  if (event.altKey || !(event.ctrlKey || event.metaKey)) return null;
  const key = event.key.toLowerCase();
  if (key === "y") return "redo";
  return key === "z" ? (event.shiftKey ? "redo" : "undo") : null;
}

/** Whether what has the focus has more than it shows. */
const scrolls = ({ scrollHeight, clientHeight }: HTMLElement): boolean =>
  clientHeight > 0 && scrollHeight > clientHeight + 1;

/** Whether the control that has the focus has a use of its own for a key. */
function isTheirs(target: HTMLElement, key: string): boolean {
  const isChosen = target.matches("[type=radio], [type=checkbox]");
  if (key === "Escape" || (isChosen && /^(Home|End)$/.test(key))) return false;
  if (key === "?") return target.matches("textarea, [type=text]");
  if (target.closest("select, textarea, input:not([type=radio], [type=range])")) return true;
  if (key === " ") return target.closest("button, summary, a, [type=radio]") !== null;
  if (/^Page/.test(key)) return target.matches("input") || scrolls(target);
  const moves = /^Arrow|^Home$|^End$/.test(key);
  return moves && target.closest("input, [role=slider]") !== null;
}
