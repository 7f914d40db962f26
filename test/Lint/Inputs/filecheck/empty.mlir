// RUN: quant-opt %s | FileCheck %s
