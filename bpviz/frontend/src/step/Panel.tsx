// A whole panel: pointing, errors, and the views that its kind has.

import type { ComponentChildren, VNode } from "preact";
import { Component } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { PanelState } from "../state/panel";
import { Header, panelName } from "./Header";
import { Help } from "./Help";
import { Icon } from "../ui/Icon";
import { Legend } from "./Legend";
import { Settings } from "./Settings";
import { Silence } from "../ui/Silence";
import { Tables } from "./Tables";
import { Views } from "./Views";
import { StateContext, useDerived, usePanel } from "../ui/context";
import { useFocusBack } from "../ui/focus";
import { handleKey, keepKeys } from "../ui/keys";
import { pointing, refUnder } from "../ui/pointing";
import { nameFocused } from "../ui/roving";
import { useWidth } from "../ui/useWidth";

interface PanelProps {
  state: PanelState;
  /** The pointer or the focus has left, or somebody leaves the page. */
  onLeave(): void;
}

/** Call back when the page is closed, loaded again or out of sight; returns what ends it. */
function onPageLeft(callback: () => void): () => void {
  const hidden = (): void => {
    if (document.visibilityState === "hidden") callback();
  };
  // What is sent when the page already goes may never leave it.
  window.addEventListener("beforeunload", callback);
  window.addEventListener("pagehide", callback);
  document.addEventListener("visibilitychange", hidden);
  return () => {
    window.removeEventListener("beforeunload", callback);
    window.removeEventListener("pagehide", callback);
    document.removeEventListener("visibilitychange", hidden);
  };
}

export function Panel({ state, onLeave }: PanelProps): VNode {
  const root = useRef<HTMLDivElement>(null);
  const [handlers] = useState(() => pointing(state, root));
  // What a run tells while it goes on is content too, and no reason to draw the whole panel.
  const name = useDerived(() => panelName(state.content.value), [state]);
  useLayoutEffect(() => keepKeys(state, root.current!), [state]);
  useEffect(() => onPageLeft(onLeave), [onLeave]);
  // Where the focus goes to nothing, as when a control disappears, the pointer decides.
  const hasLeft = (to: EventTarget | null): boolean =>
    to instanceof Node ? !root.current?.contains(to) : !root.current?.matches(":hover");
  return (
    <StateContext.Provider value={state}>
      <div
        ref={root}
        class={[
          "bpviz",
          state.appearance.value.projector && "bpviz-projector",
          !state.frozen.value && "bpviz-editable",
        ]
          .filter(Boolean)
          .join(" ")}
        tabIndex={0}
        role="region"
        aria-label={name}
        onKeyDown={(event) => {
          state.predicting.byKeyboard = true;
          handleKey(state, event);
        }}
        onPointerOver={(event) => state.attention.point(refUnder(event.target))}
        onPointerLeave={() => {
          state.attention.point("");
          onLeave();
        }}
        onFocusIn={(event) => {
          state.attention.point(refUnder(event.target));
          nameFocused(state, event.target);
        }}
        onFocusOut={(event) => {
          if (hasLeft(event.relatedTarget)) onLeave();
        }}
        {...handlers}
      >
        <Boundary>
          <Alert />
          <Silence />
          <Content />
        </Boundary>
      </div>
    </StateContext.Provider>
  );
}

function Content(): VNode {
  const state = usePanel();
  const content = state.content.value;
  if (!content) return <p class="bpviz-note">Waiting for Python to send the network.</p>;
  if (content.view === "step") return <StepView />;
  const { runs } = state;
  if (!runs) throw new Error(`this page has no script for a ${content.view} panel`);
  return content.view === "buglab" ? <runs.BugLab /> : <runs.Training />;
}

/** The views of one update, laid out for the width. */
export function StepView({ title }: { title?: string | undefined }): VNode {
  const state = usePanel();
  const [box, width] = useWidth<HTMLDivElement>();
  return (
    <div
      ref={box}
      class={useLate(state.awaited.value) ? "bpviz-step-view bpviz-awaited" : "bpviz-step-view"}
      aria-busy={state.awaited.value}
    >
      <Header title={title} />
      <Settings />
      <Help />
      {state.values.value ? (
        <>
          <Views width={width} />
          <Legend folded={width < 640 || state.appearance.value.projector} />
          <Tables />
        </>
      ) : (
        <p class="bpviz-note" role="status">
          {waiting(state)}
        </p>
      )}
    </div>
  );
}

/** Whether something has been so for longer than anybody overlooks. */
function useLate(isSo: boolean): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!isSo) return;
    const timer = setTimeout(() => setLate(true), 250);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [isSo]);
  return late;
}

function waiting(state: PanelState): string {
  if (!state.content.value?.total) return "Nothing is trained yet.";
  return state.unreachable.value || "This update is on its way from Python.";
}

function Alert(): VNode | null {
  const state = usePanel();
  useFocusBack(state.error.value !== "");
  if (!state.error.value) return null;
  return (
    <div class="bpviz-alert" role="alert">
      <span>{state.error.value}</span>
      <button
        type="button"
        class="bpviz-button"
        aria-label="Dismiss"
        onClick={() => (state.error.value = "")}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}

/** An error while drawing is said in words; a panel never just goes blank. */
class Boundary extends Component<{ children: ComponentChildren }, { message: string }> {
  override state = { message: "" };

  static override getDerivedStateFromError(error: unknown): { message: string } {
    return { message: error instanceof Error ? error.message : String(error) };
  }

  override render(): ComponentChildren {
    if (!this.state.message) return this.props.children;
    return (
      <div class="bpviz-alert" role="alert">
        <span>
          This panel cannot be drawn: {this.state.message}. Run the cell again; if that does not
          help, please report it.
        </span>
        <button
          type="button"
          class="bpviz-button bpviz-text-button"
          onClick={() => this.setState({ message: "" })}
        >
          Try again
        </button>
      </div>
    );
  }
}
