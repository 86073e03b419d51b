// A whole panel: pointing, errors, and the views that its kind has.

import type { ComponentChildren, VNode } from "preact";
import { Component } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { isEditable } from "../state/editing";
import type { PanelState } from "../state/panel";
import type { Part } from "../state/wire";
import { StateContext, useDerived, usePanel } from "./context";
import { useFocusBack } from "./focus";
import { Icon } from "./Icon";
import { handleKey, isOurs } from "./keys";
import { panelName } from "./names";
import { bringBackIntoView, bringNewIntoView, unclipped } from "./notebook";
import { nameUnder, pointing, refUnder } from "./pointing";
import { fitToRoom } from "./projector";
import { nameFocused } from "./roving";
import { keepKeys } from "./shortcuts";
import { Silence } from "./Silence";

interface PanelProps {
  state: PanelState;
  part?: Part | undefined;
  /** The pointer or the focus has left, or somebody leaves the page. */
  onLeave(): void;
  /** What the panel shows of its content. */
  children: ComponentChildren;
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

export function Panel({ state, part, onLeave, children }: PanelProps): VNode {
  const root = useRef<HTMLDivElement>(null);
  const [handlers] = useState(() => pointing(state, root));
  // What a run tells while it goes on is content too, and no reason to draw the whole panel.
  const name = useDerived(() => panelName(state.content.value), [state]);
  useLayoutEffect(() => {
    root.current!.onfullscreenchange = () => {
      if (!document.fullscreenElement) state.setStyle({ projector: false });
    };
    return keepKeys(
      () => root.current,
      (event) => isOurs(state, event),
    );
  }, [state]);
  useEffect(() => onPageLeft(onLeave), [onLeave]);
  useEffect(() => {
    const undo = unclipped(root.current!);
    const giveUp = bringNewIntoView(root.current!);
    return () => {
      giveUp();
      undo();
    };
  }, []);
  const { projector } = state.appearance.value;
  useLayoutEffect(() => {
    if (projector) return fitToRoom(root.current!);
    if (root.current!.matches(":fullscreen")) void document.exitFullscreen();
    return undefined;
  }, [projector]);
  // Where the focus goes to nothing, as when a control disappears, the pointer decides.
  const hasLeft = (to: EventTarget | null): boolean =>
    to instanceof Node ? !root.current?.contains(to) : !root.current?.matches(":hover");
  return (
    <StateContext.Provider value={state}>
      <div
        ref={root}
        class={[
          "bpviz",
          projector && "bpviz-projector",
          !state.changing.frozen.value && "bpviz-editable",
          isEditable("y[0]", state.program.value?.network) && "bpviz-targets",
        ]
          .filter(Boolean)
          .join(" ")}
        tabIndex={0}
        role="region"
        aria-label={name}
        onKeyDown={(event) => {
          state.attention.byKeyboard = true;
          handleKey(event, state, part);
        }}
        onPointerOver={(event) => {
          state.attention.point(refUnder(event.target));
          nameUnder(state, event.target);
        }}
        onPointerLeave={() => {
          state.attention.point("");
          onLeave();
        }}
        onFocusIn={(event) => {
          state.attention.point(refUnder(event.target));
          nameFocused(state, event.target);
          bringBackIntoView(root.current!, event);
        }}
        onFocusOut={(event) => {
          if (hasLeft(event.relatedTarget)) onLeave();
        }}
        {...handlers}
      >
        <Boundary>
          <Alert />
          <Silence />
          <Content>{children}</Content>
        </Boundary>
      </div>
    </StateContext.Provider>
  );
}

function Content({ children }: { children: ComponentChildren }): VNode {
  if (usePanel().view.value) return <>{children}</>;
  return <p class="bpviz-note">Waiting for Python to send the network.</p>;
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
