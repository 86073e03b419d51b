"""Takes the pictures: pages from disk, in Chromium, always with the same fonts."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Literal

import matplotlib
from PIL import Image
from playwright.sync_api import Browser, Locator, Page

import bpviz as bp
from tests.browser.jupyter import PAINTED
from tests.browser.looks.states import PAGES, State

HEIGHT = 2600
"""Of the window: the highest panel is seen whole."""
SCREEN_HEIGHT = 1080
"""Of the window that is a projector's screen."""

Vision = Literal["none", "deuteranopia", "protanopia", "tritanopia"]

# Matplotlib brings fonts: a machine's own ones would make other lines of the same words.
FAMILIES = {
    "Sans": {"": (400, "normal"), "-Bold": (700, "normal")},
    "Serif": {"": (400, "normal"), "-Italic": (400, "italic")},
    "SansMono": {"": (400, "normal"), "-Bold": (700, "normal")},
}
FONTS = Path(matplotlib.get_data_path()) / "fonts/ttf"
STYLE = """
.bpviz {
    --bpviz-font: "Picture Sans" !important;
    --bpviz-serif: "Picture Serif" !important;
    --bpviz-mono: "Picture SansMono" !important;
    caret-color: transparent;
}
.bpviz math { font-family: "Picture Serif" !important; }
"""
DRESS = """async ([fonts, style]) => {
    for (const [family, weight, style, data] of fonts) {
        const face = new FontFace(family, `url(data:font/ttf;base64,${data})`, { weight, style });
        document.fonts.add(await face.load());
    }
    const sheet = (id, textContent) =>
        document.head.append(Object.assign(document.createElement("style"), { id, textContent }));
    sheet("picture", style);
    sheet("picture-more", "");
}"""
RESTYLE = "(style) => { document.getElementById('picture-more').textContent = style; }"

# Colours and sizes of what is to be seen, each once.
STYLES = """(root) => {
    const found = { text: new Set(), field: new Set(), line: new Set(), letters: new Set() };
    const isSeen = (colour) => !/^(none|url.*|rgba\\(.*, 0\\))$/.test(colour);
    const hex = (part) => Number(part).toString(16).padStart(2, "0");
    const short = (value) => value.replace(/^rgb\\((\\d+), (\\d+), (\\d+)\\)$/,
        (_, red, green, blue) => `#${hex(red)}${hex(green)}${hex(blue)}`);
    const add = (kind, value) => isSeen(value) && found[kind].add(short(value));
    const own = (node) => [...node.childNodes].some(({ nodeType, data }) =>
        nodeType === Node.TEXT_NODE && data.trim());
    for (const node of [root, ...root.querySelectorAll("*")]) {
        const isThere = node.checkVisibility({ visibilityProperty: true, opacityProperty: true });
        // What is drawn ahead of its time is there, out of sight.
        if (!isThere || node.closest(".bpviz-hidden, .bpviz-reserve, .bpviz-ahead")) continue;
        const style = getComputedStyle(node);
        if (node instanceof SVGGeometryElement) {
            add("field", style.fill);
            add("line", style.stroke);
            continue;
        }
        add("field", style.backgroundColor);
        for (const side of ["Top", "Right", "Bottom", "Left"])
            if (parseFloat(style[`border${side}Width`])) add("line", style[`border${side}Color`]);
        if (!own(node)) continue;
        add("text", node instanceof SVGElement ? style.fill : style.color);
        add("letters", `${parseFloat(style.fontSize).toFixed(1)}/${style.fontWeight}`);
    }
    const line = (all) => [...all].sort().join(" · ");
    return Object.fromEntries(Object.entries(found).map(([kind, all]) => [kind, line(all)]));
}"""

# A page makes its run again, and shows meanwhile how far it has come; one that stopped has not made
# its last epoch whole.
SHOWN = """() => {
    const find = (selector) => document.querySelector(`.bpviz ${selector}`);
    const [moment, curve] = [find(".bpviz-moment"), find(".bpviz-curve")];
    if (document.body.innerText.includes("On its way.")) return false;
    if (!moment || !curve || find(".bpviz-stopped")) return true;
    const epoch = moment.textContent.startsWith("Start:") ? 0 : Number(curve.ariaValueNow);
    const when = epoch ? `poch ${epoch.toLocaleString("en")}:` : "Start:";
    return moment.textContent.includes(when);
}"""

# On the whole screen a panel is drawn as large as it can be, which takes some frames.
FITTED = """async (root) => {
    for (let same = 0, before = ""; same < 12; ) {
        await new Promise(requestAnimationFrame);
        const now = JSON.stringify([root.style.cssText, root.scrollHeight, root.scrollWidth]);
        same = now === before ? same + 1 : 0;
        before = now;
    }
}"""

Styles = dict[str, str]


@dataclass(frozen=True)
class Look:
    """What a panel looks like.

    Attributes
    ----------
    picture : Image
        What is seen of it.
    styles : dict
        The colours of its "text", "field"s and "line"s, and the size and weight of its "letters".
    """

    picture: Image.Image
    styles: Styles


class Studio:
    """Shows panels in one state after the other, and takes their pictures."""

    def __init__(self, page: Page, folder: Path) -> None:
        self.page = page
        self._devtools = page.context.new_cdp_session(page)
        self._folder = folder
        self._shown = 0
        self._before: State | None = None

    def look(self, state: State, style: str = "", vision: Vision = "none") -> Look:
        """Bring a panel into a state, and return what it looks like.

        Parameters
        ----------
        state : State
            What is to be seen.
        style : str
            A style sheet more.
        vision : str
            Whose eyes see it: "none" is missing, or one of three colours.
        """
        before, self._before = self._before, None
        height = SCREEN_HEIGHT if state.whole_screen else HEIGHT
        self.page.set_viewport_size({"width": state.width, "height": height})
        self.page.emulate_media(
            color_scheme="dark" if state.theme == "dark" else "light",
            contrast="more" if state.theme == "contrast" else "no-preference",
            forced_colors="active" if state.theme == "forced" else "none",
            reduced_motion="reduce",
        )
        self.page.mouse.move(0, 0)
        if before is None or before.page != state.page:
            self._open(state.page)
        self.page.evaluate(RESTYLE, style)
        is_there = (
            before
            and before.page == state.page
            and (before.link, before.act, state.act) == (state.link, None, None)
        )
        # What is drawn by script follows another width or theme a while later.
        if not is_there or self.page.locator("canvas").count():
            # Another address draws the panel anew, also where it leads to the same place.
            self._shown += 1
            place = f"{state.link}&shown={self._shown}"
            self.page.evaluate("(place) => { location.hash = place; }", place)
        at = self.page.locator("#panel-1")
        if state.act:
            state.act(at)
        self.page.wait_for_function(SHOWN)
        panel = at.locator(".bpviz").first
        if state.whole_screen:
            enter_full_screen(panel)
            panel.evaluate(FITTED)
        self.page.evaluate(PAINTED)
        self._devtools.send("Emulation.setEmulatedVisionDeficiency", {"type": vision})
        picture = self._screen() if state.whole_screen else self._picture(panel.bounding_box())
        look = Look(picture, panel.evaluate(STYLES))
        self._devtools.send("Emulation.setEmulatedVisionDeficiency", {"type": "none"})
        if state.whole_screen:
            self.page.evaluate("document.exitFullscreen()")
        else:
            self._before = state
        return look

    def _open(self, name: str) -> None:
        file = self._folder / f"{name}.html"
        if not file.exists():
            panel = PAGES[name]()
            bp.export.html(panel, file)
            panel.close()
        self.page.goto(file.as_uri())
        self.page.locator("#panel-1 .bpviz").wait_for()
        fonts = [
            (f"Picture {family}", str(weight), style, _font(f"DejaVu{family}{suffix}.ttf"))
            for family, faces in FAMILIES.items()
            for suffix, (weight, style) in faces.items()
        ]
        self.page.evaluate(DRESS, [fonts, STYLE])

    def _screen(self) -> Image.Image:
        # A part of it would be painted as large as a browser without a window takes a screen to be.
        return Image.open(BytesIO(self.page.screenshot())).convert("RGB")

    def _picture(self, box: dict[str, float] | None) -> Image.Image:
        assert box is not None
        assert box["height"] < HEIGHT, f"the panel is {box['height']} px high"
        clip = {name: round(value) for name, value in box.items()}
        options = {"format": "png", "clip": {**clip, "scale": 1}, "optimizeForSpeed": True}
        taken = self._devtools.send("Page.captureScreenshot", options)
        return Image.open(BytesIO(b64decode(taken["data"]))).convert("RGB")


def enter_full_screen(panel: Locator) -> None:
    """Give a panel the whole screen, as if somebody had asked for it."""
    page = panel.page
    ask = "document.querySelector('.bpviz').requestFullscreen()"
    options = {"expression": ask, "userGesture": True, "awaitPromise": True}
    page.context.new_cdp_session(page).send("Runtime.evaluate", options)
    page.wait_for_function("document.fullscreenElement?.matches('.bpviz')")


def _font(name: str) -> str:
    return b64encode((FONTS / name).read_bytes()).decode()


@contextmanager
def opened_studio(browser: Browser, folder: Path) -> Iterator[Studio]:
    """Open a studio whose pages are in a folder."""
    # A page's own policy allows no fonts.
    context = browser.new_context(offline=True, bypass_csp=True, device_scale_factor=1)
    yield Studio(context.new_page(), folder)
    context.close()
