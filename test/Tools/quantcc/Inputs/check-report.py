"""Checks a page of quantcc report against the NAME.json of the same model.

    check-report.py PAGE JSON

The tags of the page close each other. Each box of the picture
is a buffer of the plan, no two of them overlap, the marks have the plan's sums,
and nothing is fetched from elsewhere.
"""

import json
import sys
from html.parser import HTMLParser

VOID = {"meta", "link", "br", "img", "input", "wbr"}


class Page(HTMLParser):
    """Collects boxes and marks; fails at a tag that closes another."""

    def __init__(self):
        super().__init__()
        self.open, self.boxes, self.marks, self.rows = [], [], {}, {}
        self.links = []

    def handle_starttag(self, tag, attributes):
        self.visit(tag, dict(attributes))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.visit(tag, dict(attributes))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            sys.exit(f"line {self.getpos()[0]}: </{tag}> closes nothing")

    def visit(self, tag, attributes):
        self.links += [attributes[key] for key in ("src", "href") if key in attributes]
        if tag == "script":
            self.links.append("script")
        kind = attributes.get("class")
        if "data-offset" in attributes:
            self.boxes.append(attributes)
        elif "data-bytes" in attributes:
            self.marks[kind] = int(attributes["data-bytes"])
        elif tag == "tr":
            self.rows[kind] = self.rows.get(kind, 0) + 1


def percent(text):
    assert text.endswith("%"), text
    return float(text[:-1])


def main():
    page = Page()
    with open(sys.argv[1], encoding="utf-8") as text:
        page.feed(text.read())
    if page.open:
        sys.exit(f"not closed: {page.open}")
    if page.links:
        sys.exit(f"the page needs {page.links}")
    with open(sys.argv[2], encoding="utf-8") as text:
        model = json.load(text)
    buffers = model["arena"]["buffers"]

    fields = (("data-offset", "offset"), ("data-bytes", "bytes"),
              ("data-first", "first_use"), ("data-last", "last_use"))
    drawn = sorted(tuple(int(box[a]) for a, _ in fields) for box in page.boxes)
    planned = sorted(tuple(buffer[b] for _, b in fields) for buffer in buffers)
    if drawn != planned:
        sys.exit(f"boxes {drawn}, but buffers {planned}")
    if page.rows.get("planned") != len(buffers):
        sys.exit(f"{page.rows} rows for {len(buffers)} buffers")
    if page.rows.get("network") != len(model["layers"]):
        sys.exit(f"{page.rows} rows for {len(model['layers'])} layers")

    fullest = max(
        sum(b["bytes"] for b in buffers
            if b["first_use"] <= moment <= b["last_use"])
        for moment in range(max(b["last_use"] for b in buffers) + 1))
    marks = {"mark": fullest, "bound": model["arena"]["bytes"]}
    if page.marks != marks:
        sys.exit(f"marks {page.marks}, expected {marks}")

    # Those that are alive together lie apart in the picture too. The smallest
    # boxes are drawn larger than they are.
    boxes = [(percent(b["x"]), percent(b["x"]) + percent(b["width"]),
              float(b["y"]), float(b["y"]) + float(b["height"]))
             for b in page.boxes if float(b["height"]) > 2]
    for i, a in enumerate(boxes):
        for b in boxes[:i]:
            if min(a[1], b[1]) - max(a[0], b[0]) > 0.01 and (
                    min(a[3], b[3]) - max(a[2], b[2]) > 0.02):
                sys.exit(f"boxes {a} and {b} overlap")


main()
