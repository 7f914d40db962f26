// RUN: quant-opt %s | FileCheck %s
// RUN: quant-opt %s | FileCheck %s --check-prefix=INT
// CHECK-LABEL: @live
// CHECK-LABEL @no_colon
// CHECK-NXT: misspelled
// CHECK : cut off
// INT-NEXT: live
// FLOAT-NOT: a prefix that no RUN line names
// CHECK prefixes may open a sentence.
// expected-error @below {{never verified}}
