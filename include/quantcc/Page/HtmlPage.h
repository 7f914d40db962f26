//===- HtmlPage.h - Pages that stand alone ----------------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The frame and the style that all pages which quantcc writes have in common:
// no scripts, nothing from elsewhere, light or dark as the reader has it, and
// no wider than a phone.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_PAGE_HTMLPAGE_H
#define QUANTCC_PAGE_HTMLPAGE_H

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/StringRef.h>
#include <llvm/Support/raw_ostream.h>
#include <string>

namespace quantcc {

/// `text`, in UTF-8 or not, as the content of an element or a quoted attribute.
std::string escapeHtml(llvm::StringRef text);

/// Writes all up to the content of the body: head, style and, as the heading,
/// `title`. `style` is added to the common style, which has these colors as
/// variables: --back, --text, --quiet (for less important text), --line, --bar,
/// --other (a bar to compare with) and --warn.
void writePageTop(llvm::StringRef title, llvm::StringRef style,
                  llvm::raw_ostream &stream);

void writePageEnd(llvm::raw_ostream &stream);

/// Writes the begin of a table, with its head, that scrolls in itself where it
/// is wider than the page. `label` says what it is to those who cannot see it,
/// `columns` are escaped already.
void writeTableTop(llvm::StringRef label,
                   llvm::ArrayRef<llvm::StringRef> columns,
                   llvm::raw_ostream &stream);

void writeTableEnd(llvm::raw_ostream &stream);

} // namespace quantcc

#endif // QUANTCC_PAGE_HTMLPAGE_H
