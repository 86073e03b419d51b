// Draws the panels of a page: each where its picture stands, when it comes near the view.

(() => {
  "use strict";

  const here = document.currentScript.src;
  const near = "800px";

  let bundle;

  /** Load the panels' own script, once. A page from a file may load scripts, but no modules. */
  function loaded() {
    bundle ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = new URL("bpviz.js", here).href;
      script.onload = () => resolve(window.bpviz);
      script.onerror = () => reject(new Error(`${script.src} cannot be loaded`));
      document.head.append(script);
    });
    return bundle;
  }

  /** Whether the page is light: its reader has chosen, or the system has. */
  function isLight() {
    return document.documentElement.dataset.theme !== "dark";
  }

  const shadows = [];
  let sheet;

  async function draw(place) {
    const packed = place.querySelector("script").textContent;
    const [{ mount, style }, { panels }] = await Promise.all([loaded(), unpacked(packed)]);
    if (!sheet) (sheet = new CSSStyleSheet()).replaceSync(style);
    const host = document.createElement("div");
    const shadow = host.attachShadow({ mode: "open" });
    const inside = document.createElement("div");
    // The sheets of the page do not reach into the shadow, nor does this one out of it.
    shadow.adoptedStyleSheets = [sheet];
    shadow.append(inside);
    place.replaceChildren(host);
    inside.dataset.jpThemeLight = isLight();
    shadows.push(inside);
    mount(inside, panels[0]);
    place.dataset.alive = "";
  }

  // Panels know a theme by this attribute, and draw anew when the page's changes.
  new MutationObserver(() => {
    for (const inside of shadows) inside.dataset.jpThemeLight = isLight();
    document.documentElement.dataset.jpThemeLight = isLight();
  }).observe(document.documentElement, { attributeFilter: ["data-theme"] });

  const digits =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;,=>?@^_`{|}~";

  /** Return the bytes of a text in base 85, in which "," stands for "<". */
  function decoded(text) {
    const missing = (5 - (text.length % 5)) % 5;
    const whole = text + digits.at(-1).repeat(missing);
    const view = new DataView(new ArrayBuffer((whole.length / 5) * 4));
    for (let at = 0; at < whole.length; at += 5) {
      let number = 0;
      for (let k = at; k < at + 5; k++) number = number * 85 + digits.indexOf(whole[k]);
      view.setUint32((at / 5) * 4, number);
    }
    return new Uint8Array(view.buffer, 0, view.byteLength - missing);
  }

  /** Return what a packed text holds: JSON, and behind it the bytes that it speaks of. */
  async function unpacked(text) {
    const stream = new Blob([decoded(text)]).stream();
    const inflated = stream.pipeThrough(new DecompressionStream("deflate"));
    const bytes = new Uint8Array(await new Response(inflated).arrayBuffer());
    let end = bytes.indexOf(10);
    const json = new TextDecoder().decode(bytes.subarray(0, end++));
    return JSON.parse(json, (_key, value) => {
      const keys = value && typeof value === "object" ? Object.keys(value) : [];
      if (keys.length !== 1 || typeof value.bytes !== "number") return value;
      const view = new DataView(bytes.slice(end, end + value.bytes).buffer);
      end += value.bytes;
      return view;
    });
  }

  /** Show the picture for a slider's place; the others go back to where they began. */
  function slide(panel) {
    const shown = JSON.parse(panel.querySelector("script").textContent);
    const inputs = [...panel.querySelectorAll("input")];
    const image = panel.querySelector("img");
    const tell = (input, text) => {
      input.nextElementSibling.textContent = text;
      input.ariaValueText = text;
    };
    inputs.forEach((input, at) => {
      tell(input, shown[at][input.value].value);
      input.addEventListener("input", () => {
        for (const [other, one] of inputs.entries()) {
          if (one !== input) one.value = one.defaultValue;
          tell(one, shown[other][one.value].value);
        }
        const { src, alt } = shown[at][input.value];
        Object.assign(image, { src, alt });
      });
    });
  }
  document.querySelectorAll(".bpviz-sliders").forEach(slide);

  const observer = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        observer.unobserve(target);
        void draw(target);
      }
    },
    { rootMargin: near },
  );
  for (const place of document.querySelectorAll(".bpviz-place")) observer.observe(place);
})();
