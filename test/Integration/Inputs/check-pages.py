"""Looks at pages in a headless Chromium, on a phone and a large screen.

    check-pages.py BROWSER PAGE[=JSON]...

Of every page, light and dark: no errors, nothing fetched, nothing wider than the
screen, and text that contrasts with what is behind it. Of a page of quantcc
report, whose NAME.json is given, also that its picture has a box of the right
place and size for each buffer, marks where the arena is full, and tells what a
box is that is pointed at or tapped.
"""

import json
import sys

from browser import Browser

SIZES = (360, 390, 1280)
# The least that WCAG 2.2 (1.4.3) has text contrast with its background.
LEAST_CONTRAST = 4.5

# Texts that are seen, with their color and that behind them, as [r, g, b].
COLORS = """
(() => {
  const parse = text => {
    const parts = text.match(/[\\d.]+/g).map(Number);
    return parts.length > 3 && parts[3] == 0 ? null : parts.slice(0, 3);
  };
  const behind = element => {
    const box = element.closest('.buffer');
    if (box && !element.closest('.tip'))
      return parse(getComputedStyle(box.querySelector('rect')).fill);
    for (let at = element; at; at = at.parentElement) {
      const color = parse(getComputedStyle(at).backgroundColor);
      if (color) return color;
    }
    return [255, 255, 255];
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || element.tagName == 'title' ||
        element.getClientRects().length == 0) continue;
    const style = getComputedStyle(element);
    const isDrawn = element instanceof SVGElement;
    found.push([walker.currentNode.data.trim().slice(0, 40),
                parse(isDrawn ? style.fill : style.color), behind(element)]);
  }
  return found;
})()
"""

# The pictures, one a region.
PICTURES = """
[...document.querySelectorAll('.arena')].map(figure => {
  const place = element => {
    const {left, right, top, bottom} = element.getBoundingClientRect();
    return {left, right, top, bottom};
  };
  return {
    region: figure.dataset.region,
    ground: place(figure.querySelector('.ground')),
    bound: place(figure.querySelector('.bound')),
    boxes: [...figure.querySelectorAll('.buffer rect')].map(box => ({
      ...place(box), offset: +box.dataset.offset, bytes: +box.dataset.bytes,
      first: +box.dataset.first, last: +box.dataset.last})),
    // What sticks out of the picture's sides.
    outside: [...figure.querySelectorAll('.plot text')].filter(
        text => text.getClientRects().length &&
        (text.getBoundingClientRect().left < 0 ||
         text.getBoundingClientRect().right > innerWidth)).map(
        text => text.textContent)};
})
"""

TIP = """
[...document.querySelector('.arena').querySelectorAll('.tip text, .hint')].filter(
    text => text.getClientRects().length).map(text => text.textContent).join('|')
"""


def luminance(color):
    """Relative luminance of sRGB, as WCAG 2.2 defines it."""
    linear = [c / 255 / 12.92 if c / 255 <= 0.04045
              else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in color]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def check_any(browser, width, expect):
    # Not innerWidth: a phone zooms out where a page is too wide.
    wide = browser.evaluate("document.documentElement.scrollWidth")
    expect(wide <= width, f"the page is {wide} pixels wide")
    colors = browser.evaluate(COLORS)
    expect(len(colors) > 10, f"only {len(colors)} texts")
    for text, color, behind in colors:
        expect(contrast(color, behind) >= LEAST_CONTRAST,
               f"'{text}' has contrast {contrast(color, behind):.2f}")


def check_picture(picture, buffers, arena, expect):
    """A picture against the plan. One pixel is lost in rounding."""
    expect(not picture["outside"], f"text outside: {picture['outside']}")
    boxes, ground = picture["boxes"], picture["ground"]
    expect(sorted((b["offset"], b["bytes"], b["first"], b["last"]) for b in boxes)
           == sorted((b["offset"], b["bytes"], b["first_use"], b["last_use"])
                     for b in buffers), "other boxes than buffers")
    scale = (ground["bottom"] - ground["top"]) / arena
    for box in boxes:
        bottom = ground["bottom"] - box["offset"] * scale
        expect(abs(box["bottom"] - bottom) <= 1.5, f"box {box} lies elsewhere")
        height = max(2, box["bytes"] * scale)
        expect(abs(box["bottom"] - box["top"] - height) <= 1.5,
               f"box {box} is not {height} high")
    # Time only moves to the right.
    for one in boxes:
        for other in boxes:
            if one["first"] < other["first"]:
                expect(one["left"] < other["left"], f"{one} begins after {other}")
            if one["last"] < other["first"]:
                expect(one["right"] <= other["left"] + 1.5,
                       f"{one} ends after {other} begins")
    top = min(box["top"] for box in boxes)
    expect(abs(picture["bound"]["top"] - top) <= 1.5,
           f"the fullest place is at {top}, the line at {picture['bound']}")


def check_tip(browser, width, expect):
    boxes = browser.evaluate(PICTURES)[0]["boxes"]
    largest = max(boxes, key=lambda b: (b["right"] - b["left"]) *
                  (b["bottom"] - b["top"]))
    x = (largest["left"] + largest["right"]) / 2
    y = (largest["top"] + largest["bottom"]) / 2
    browser.evaluate(f"window.scrollTo(0, {y - 300})")
    y -= browser.evaluate("window.scrollY")
    expect("tap" in browser.evaluate(TIP), "no word of what can be done")
    (browser.tap if width < 500 else browser.point_at)(x, y)
    told = browser.evaluate(TIP)
    wanted = f"{largest['bytes']:,} bytes at {largest['offset']:,}, alive "
    expect(wanted in told and "tap" not in told,
           f"expected '{wanted}', found '{told}'")


def check_page(browser, path, model):
    backs = {}
    for width in SIZES:
        for scheme in ("light", "dark"):
            def expect(holds, message, at=f"{path} at {width}, {scheme}"):
                if not holds:
                    sys.exit(f"{at}: {message}")

            browser.show(path, width, scheme)
            check_any(browser, width, expect)
            if model:
                pictures = browser.evaluate(PICTURES)
                regions = model["arena"]["regions"]
                expect([p["region"] for p in pictures] ==
                       [r["name"] for r in regions], "other regions")
                for picture, region in zip(pictures, regions):
                    buffers = [b for b in model["arena"]["buffers"]
                               if b["region"] == region["name"]]
                    check_picture(picture, buffers, region["bytes"], expect)
                browser.evaluate("document.querySelector('details').open = true")
                check_any(browser, width, expect)
                check_tip(browser, width, expect)
            expect(not browser.complaints(), browser.complaints())
            back = browser.evaluate("getComputedStyle(document.body).backgroundColor"
                                    ".match(/\\d+/g).map(Number)")
            backs[scheme] = luminance(back)
    if not backs["dark"] < 0.1 < 0.8 < backs["light"]:
        sys.exit(f"{path}: backgrounds of luminance {backs}")
    print(f"{path}: looked at in {len(SIZES)} widths, light and dark")


def main():
    with Browser(sys.argv[1]) as browser:
        for argument in sys.argv[2:]:
            path, _, report = argument.partition("=")
            model = None
            if report:
                with open(report, encoding="utf-8") as text:
                    model = json.load(text)
            check_page(browser, path, model)


main()
