// RUN: quant-opt %s --verify-diagnostics --quantcc-plan-arena="regions=fast=many"

// expected-error @+1 {{expected regions NAME or NAME=BYTES, found 'fast=many'}}
func.func @size_is_no_number() {
  return
}
