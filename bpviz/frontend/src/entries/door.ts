// What anywidget runs anew for each model. A page never lets go of a module that it has loaded, so
// this one is small, and the panels' own module is loaded once for all of them.

import type { Uses, Widget } from "./panel";
import { moduleOf, textOf } from "./modules";
import { followPage } from "./scheme";
import { dress } from "./sheets";

type Context = Parameters<Widget["render"]>[0];

interface Opened {
  widget: Widget;
  close: () => void;
  style: string;
}

async function open(context: Pick<Context, "model">): Promise<Opened> {
  const script = await textOf(context.model, "_script");
  const style = await textOf(context.model, "_style_sheet");
  const widget = (await moduleOf<{ default: Uses["panel"] }>(script)).default();
  return { widget, close: widget.initialize(context), style };
}

export default function door() {
  let opened: ReturnType<typeof open>;
  return {
    // anywidget gives up a model that takes two seconds here, which a busy page may need; a view
    // may take its time.
    initialize(context: Pick<Context, "model">): () => void {
      opened = open(context);
      return () => {
        opened.then(
          ({ close }) => close(),
          () => undefined,
        );
      };
    },
    async render(context: Context): Promise<() => void> {
      const { widget, style } = await opened;
      dress(context.el, style);
      const unfollow = followPage(context.el);
      const undraw = widget.render(context);
      return () => {
        unfollow();
        undraw();
      };
    },
  };
}
