//===- HtmlPage.cpp - Pages that stand alone ------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The common style, spelled out.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Page/HtmlPage.h"

#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/JSON.h>

using namespace quantcc;

static constexpr llvm::StringLiteral kStyle = R"(
:root { color-scheme: light dark; --back: #fff; --text: #1d232b; --quiet: #59636f;
  --line: #d9dee4; --panel: #f4f6f8; --bar: #3568b8; --other: #9a9a9a; --warn: #9a4b00; }
@media (prefers-color-scheme: dark) { :root { --back: #14181d; --text: #e4e8ed;
  --quiet: #a1abb7; --line: #343c46; --panel: #1c2229; --bar: #7ea6ea; --other: #777; --warn: #f0a95c; } }
*, *::before { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { font: 16px/1.5 system-ui, sans-serif; background: var(--back); color: var(--text);
  max-width: 60rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.4rem; line-height: 1.3; margin: .5rem 0; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 2.2rem 0 .6rem; }
p { margin: .5rem 0; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; font-variant-numeric: tabular-nums; }
td, th { padding: .35rem .5rem; text-align: right; border-bottom: 1px solid var(--line);
  vertical-align: top; white-space: nowrap; }
th { color: var(--quiet); font-weight: 600; }
td:first-child, th:first-child { text-align: left; padding-left: 0; }
svg { display: block; }
.scroll { overflow-x: auto; } .quiet, small { color: var(--quiet); }
.scroll:focus-visible, summary:focus-visible { outline: 2px solid var(--bar); outline-offset: 2px; }
)";

std::string quantcc::escapeHtml(llvm::StringRef text) {
  std::string escaped;
  llvm::raw_string_ostream stream(escaped);
  llvm::printHTMLEscaped(llvm::json::isUTF8(text) ? text.str()
                                                  : llvm::json::fixUTF8(text),
                         stream);
  return escaped;
}

void quantcc::writePageTop(llvm::StringRef title, llvm::StringRef style,
                           llvm::raw_ostream &stream) {
  std::string escaped = escapeHtml(title);
  stream
      << "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, "
         "initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light "
         "dark\">\n<title>"
      << escaped << "</title>\n<style>" << kStyle << style
      << "</style></head>\n<body>\n<h1>" << escaped << "</h1>\n";
}

void quantcc::writePageEnd(llvm::raw_ostream &stream) {
  stream << "</body></html>\n";
}

void quantcc::writeTableTop(llvm::StringRef label,
                            llvm::ArrayRef<llvm::StringRef> columns,
                            llvm::raw_ostream &stream) {
  stream << "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\""
         << escapeHtml(label) << "\"><table><thead><tr>";
  for (llvm::StringRef column : columns)
    stream << "<th scope=\"col\">" << column << "</th>";
  stream << "</tr></thead><tbody>\n";
}

void quantcc::writeTableEnd(llvm::raw_ostream &stream) {
  stream << "</tbody></table></div>\n";
}
