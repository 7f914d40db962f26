// RUN: quant-opt %s --quantcc-expand-integer-ops --canonicalize | FileCheck %s

// The entry of 0 comes first, and a stored value is the index as it is.
// CHECK-LABEL: func.func @bytes_are_indices
// CHECK:         %[[T:.*]] = arith.constant dense<"0x00070E151C23
// CHECK:         ^bb0(%[[X:.*]]: i8, %{{.*}}: i8):
// CHECK:           %[[I:.*]] = arith.index_castui %[[X]] : i8 to index
// CHECK:           tensor.extract %[[T]][%[[I]]] : tensor<256xi8>
func.func @bytes_are_indices(%x: tensor<4xi8>) -> tensor<4xi8> {
  %t = arith.constant dense<"0x80878E959CA3AAB1B8BFC6CDD4DBE2E9F0F7FE050C131A21282F363D444B525960676E757C838A91989FA6ADB4BBC2C9D0D7DEE5ECF3FA01080F161D242B323940474E555C636A71787F868D949BA2A9B0B7BEC5CCD3DAE1E8EFF6FD040B121920272E353C434A51585F666D747B828990979EA5ACB3BAC1C8CFD6DDE4EBF2F900070E151C232A31383F464D545B626970777E858C939AA1A8AFB6BDC4CBD2D9E0E7EEF5FC030A11181F262D343B424950575E656C737A81888F969DA4ABB2B9C0C7CED5DCE3EAF1F8FF060D141B222930373E454C535A61686F767D848B9299A0A7AEB5BCC3CAD1D8DFE6EDF4FB020910171E252C333A41484F565D646B7279"> : tensor<256xi8>
  %r = quantcc.lookup %x, %t : (tensor<4xi8>, tensor<256xi8>) -> tensor<4xi8>
  return %r : tensor<4xi8>
}

// A table that is not known is in the order of its values.
// CHECK-LABEL: func.func @unknown_table
// CHECK-SAME:    %[[Y:[^:]*]]: tensor<4xi8>, %[[U:[^:]*]]: tensor<256xi8>
// CHECK:         %[[O:.*]] = arith.xori
// CHECK:         %[[J:.*]] = arith.index_castui %[[O]] : i8 to index
// CHECK:         tensor.extract %[[U]][%[[J]]] : tensor<256xi8>
func.func @unknown_table(%y: tensor<4xi8>, %u: tensor<256xi8>) -> tensor<4xi8> {
  %r = quantcc.lookup %y, %u : (tensor<4xi8>, tensor<256xi8>) -> tensor<4xi8>
  return %r : tensor<4xi8>
}
