"""Checks what quantcc bench wrote as JSON, and as a page.

    check-bench.py FILE.json [FILE.html] [--layers] [--peers STEPS SHARE]

Figures have no expected values; their relations have: quartiles are in order,
GOPS follow from work and time, nothing is faster than the peak. --layers asks
for layers that together have the network's work, --float for the network in
floating point. --peers asks for both forms of
the peer: the outputs of the quantized one are at most STEPS apart from ours, and
the share SHARE of them at most one.
"""

import argparse
import html.parser
import json
import math
import sys


def check(condition, what):
    if not condition:
        sys.exit(f"expected {what}")


def check_quartiles(quartiles, what):
    check(0 < quartiles["lower_quartile"] <= quartiles["median"]
          <= quartiles["upper_quartile"], f"quartiles in order: {what}")


def check_code(code):
    check_quartiles(code["microseconds"], code["name"])
    if not code["macs"]:
        return
    gops = 2e-3 * code["macs"] / code["microseconds"]["median"]
    check(math.isclose(gops, code["gops"], rel_tol=1e-9), f"GOPS of {code}")
    check(math.isclose(gops * 5e8, code["macs_per_second"], rel_tol=1e-9),
          f"products a second of {code}")
    # The peak may have been measured while the clock was lower.
    if "share_of_peak" in code:
        check(0 < code["share_of_peak"] < 1.5, f"a share of the peak: {code}")


class Page(html.parser.HTMLParser):
    """Counts elements and refuses what comes from elsewhere."""

    def __init__(self):
        super().__init__()
        self.elements = []

    def handle_starttag(self, tag, attributes):
        self.elements.append(tag)
        check(tag not in ("script", "link", "img", "iframe"),
              f"a page of its own, found <{tag}>")
        check(not any(name in ("src", "href") for name, _ in attributes),
              "no references")


parser = argparse.ArgumentParser()
parser.add_argument("json")
parser.add_argument("html", nargs="?")
parser.add_argument("--layers", action="store_true")
parser.add_argument("--float", action="store_true")
parser.add_argument("--peers", nargs=2, type=float)
options = parser.parse_args()

with open(options.json, encoding="utf-8") as text:
    result = json.load(text)
check_code(result["network"])
check(result["network"]["macs"] > 0, "work")
for key in ("code_bytes", "constant_bytes", "weight_bytes", "arena_bytes"):
    check(result[key] > 0, key)
for key in ("compiler", "processor", "system", "date", "target"):
    check(result["setting"][key], key)
if "peak" in result:
    check_code(result["peak"])

reading = result["reading"]
check_quartiles(reading["microseconds"], "reading")
check(0 <= result["constant_bytes"] - reading["bytes"] < 512,
      f"the constants' bytes, found {reading} of {result['constant_bytes']}")

layers = result.get("layers", [])
check(bool(layers) == options.layers, "layers where asked for")
for layer in layers:
    check_code(layer)
    check(layer["kind"] and layer["code_bytes"] > 0, f"facts of {layer}")
    if "reading" in layer:
        check_quartiles(layer["reading"]["microseconds"], "reading a layer")
        check(0 < layer["macs"] <= layer["reading"]["bytes"] + 512,
              f"each constant used once at most: {layer}")
if layers:
    check(sum(layer["macs"] for layer in layers) == result["network"]["macs"],
          "the network's work")

check(("float_network" in result) == options.float, "floats where asked for")
if options.float:
    check_code(result["float_network"])
    check_quartiles(result["float_network"]["ratio"], "ratio")

check(("peers" in result) == bool(options.peers), "peers where asked for")
if options.peers:
    quantized, real = result["peers"]
    check([quantized["name"], real["name"]] == ["u8/s8 QDQ", "float"], "forms")
    for peer in (quantized, real):
        check_code(peer)
        check_quartiles(peer["ratio"], "ratio")
    steps, share = options.peers
    check(quantized["agreement"]["largest_steps"] <= steps,
          f"at most {steps} steps, found {quantized['agreement']}")
    check(quantized["agreement"]["within_one_step"] >= share,
          f"a share of {share} within a step, found {quantized['agreement']}")
    check(result["ratio_to_better_peer"] in
          (quantized["ratio"], real["ratio"]), "the ratio of one of both")

if options.html:
    page = Page()
    with open(options.html, encoding="utf-8") as text:
        page.feed(text.read())
    bars = 1 + options.float + (2 if options.peers else 0) + len(layers)
    check(page.elements.count("rect") == bars, f"{bars} bars")
