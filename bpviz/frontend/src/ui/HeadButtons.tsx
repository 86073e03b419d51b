// What opens the settings and the help, at the head of a panel.

import type { VNode } from "preact";
import { usePanel } from "./context";
import { Icon } from "./Icon";

/** Opens the help, or closes it. */
export function HelpButton(): VNode {
  const { help } = usePanel();
  return (
    <button
      type="button"
      class="bpviz-button bpviz-help-button bpviz-chrome"
      title="Help (?)"
      aria-label="Help"
      aria-expanded={help.value}
      onClick={() => (help.value = !help.value)}
    >
      ?
    </button>
  );
}

/** Opens the settings, or closes them. */
export function SettingsButton({ title }: { title: string }): VNode {
  const { settings } = usePanel();
  return (
    <button
      type="button"
      class="bpviz-button bpviz-chrome"
      title={title}
      aria-label="Settings"
      aria-expanded={settings.value}
      onClick={() => (settings.value = !settings.value)}
    >
      <Icon name="settings" />
    </button>
  );
}
