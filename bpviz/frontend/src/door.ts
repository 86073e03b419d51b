// What anywidget runs anew for each model. A page never lets go of a module that it has loaded, so
// this one is small, and the panels' own module is loaded once for all of them.

import type panel from "./index";
import { moduleOf } from "./modules";

type Widget = ReturnType<typeof panel>;
type Context = Parameters<Widget["render"]>[0];

export default function door() {
  let widget: Widget;
  return {
    async initialize(context: Context) {
      const script = String(context.model.get("_script"));
      widget = (await moduleOf<{ default: typeof panel }>(script)).default();
      return widget.initialize(context);
    },
    render: (context: Context) => widget.render(context),
  };
}
