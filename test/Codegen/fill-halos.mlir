// RUN: quant-opt %s --quantcc-fill-halos | FileCheck %s

// What is above, below, left and right of the value, each once, and nothing else.
// CHECK-LABEL: func.func @frame
// CHECK-SAME:    (%[[X:.*]]: tensor<1x48x5x64xi8>)
// CHECK:         %[[EMPTY:.*]] = tensor.empty() : tensor<1x50x8x64xi8>
// CHECK:         %[[ABOVE:.*]] = tensor.extract_slice %[[EMPTY]][0, 0, 0, 0] [1, 1, 8, 64]
// CHECK:         %[[FILLED:.*]] = linalg.fill ins(%{{.*}} : i8) outs(%[[ABOVE]]
// CHECK:         %[[A:.*]] = tensor.insert_slice %[[FILLED]] into %[[EMPTY]][0, 0, 0, 0] [1, 1, 8, 64]
// CHECK:         tensor.extract_slice %[[A]][0, 49, 0, 0] [1, 1, 8, 64]
// CHECK:         %[[B:.*]] = tensor.insert_slice %{{.*}} into %[[A]][0, 49, 0, 0] [1, 1, 8, 64]
// CHECK:         tensor.extract_slice %[[B]][0, 1, 0, 0] [1, 48, 1, 64]
// CHECK:         %[[C:.*]] = tensor.insert_slice %{{.*}} into %[[B]][0, 1, 0, 0] [1, 48, 1, 64]
// CHECK:         tensor.extract_slice %[[C]][0, 1, 6, 0] [1, 48, 2, 64]
// CHECK:         %[[D:.*]] = tensor.insert_slice %{{.*}} into %[[C]][0, 1, 6, 0] [1, 48, 2, 64]
// CHECK-NOT:     linalg.fill
// CHECK:         tensor.insert_slice %[[X]] into %[[D]][0, 1, 1, 0]
func.func @frame(%x: tensor<1x48x5x64xi8>) -> tensor<1x50x8x64xi8> {
  %v = arith.constant -128 : i8
  %empty = tensor.empty() : tensor<1x50x8x64xi8>
  %frame = linalg.fill ins(%v : i8) outs(%empty : tensor<1x50x8x64xi8>) -> tensor<1x50x8x64xi8>
  %padded = tensor.insert_slice %x into %frame[0, 1, 1, 0] [1, 48, 5, 64] [1, 1, 1, 1] : tensor<1x48x5x64xi8> into tensor<1x50x8x64xi8>
  return %padded : tensor<1x50x8x64xi8>
}

// A value that is made in its frame, which its op overwrites.
// CHECK-LABEL: func.func @made_in_frame
// CHECK-COUNT-2: linalg.fill
// CHECK:         linalg.generic
func.func @made_in_frame(%x: tensor<48x384xi8>) -> tensor<50x384xi8> {
  %v = arith.constant -128 : i8
  %empty = tensor.empty() : tensor<50x384xi8>
  %frame = linalg.fill ins(%v : i8) outs(%empty : tensor<50x384xi8>) -> tensor<50x384xi8>
  %place = tensor.extract_slice %frame[1, 0] [48, 384] [1, 1] : tensor<50x384xi8> to tensor<48x384xi8>
  %y = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<48x384xi8>) outs(%place : tensor<48x384xi8>) {
  ^bb0(%in: i8, %out: i8):
    %sum = arith.addi %in, %in : i8
    linalg.yield %sum : i8
  } -> tensor<48x384xi8>
  %padded = tensor.insert_slice %y into %frame[1, 0] [48, 384] [1, 1] : tensor<48x384xi8> into tensor<50x384xi8>
  return %padded : tensor<50x384xi8>
}

// What reads the place finds the fill there.
// CHECK-LABEL: func.func @place_is_read
// CHECK-COUNT-1: linalg.fill {{.*}} tensor<50x384xi8>
func.func @place_is_read(%x: tensor<48x384xi8>) -> tensor<50x384xi8> {
  %v = arith.constant -128 : i8
  %empty = tensor.empty() : tensor<50x384xi8>
  %frame = linalg.fill ins(%v : i8) outs(%empty : tensor<50x384xi8>) -> tensor<50x384xi8>
  %place = tensor.extract_slice %frame[1, 0] [48, 384] [1, 1] : tensor<50x384xi8> to tensor<48x384xi8>
  %y = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<48x384xi8>) outs(%place : tensor<48x384xi8>) {
  ^bb0(%in: i8, %out: i8):
    %sum = arith.addi %in, %out : i8
    linalg.yield %sum : i8
  } -> tensor<48x384xi8>
  %padded = tensor.insert_slice %y into %frame[1, 0] [48, 384] [1, 1] : tensor<48x384xi8> into tensor<50x384xi8>
  return %padded : tensor<50x384xi8>
}

// So does what reads another part.
// CHECK-LABEL: func.func @edge_is_read
// CHECK-COUNT-1: linalg.fill {{.*}} tensor<50x384xi8>
func.func @edge_is_read(%x: tensor<48x384xi8>) -> (tensor<50x384xi8>, tensor<50x384xi8>) {
  %v = arith.constant -128 : i8
  %empty = tensor.empty() : tensor<50x384xi8>
  %frame = linalg.fill ins(%v : i8) outs(%empty : tensor<50x384xi8>) -> tensor<50x384xi8>
  %padded = tensor.insert_slice %x into %frame[1, 0] [48, 384] [1, 1] : tensor<48x384xi8> into tensor<50x384xi8>
  return %padded, %frame : tensor<50x384xi8>, tensor<50x384xi8>
}

// Many runs of one byte take longer than the whole.
// CHECK-LABEL: func.func @narrow
// CHECK-COUNT-1: linalg.fill {{.*}} tensor<58x12xi8>
func.func @narrow(%x: tensor<49x10xi8>) -> tensor<58x12xi8> {
  %v = arith.constant 83 : i8
  %empty = tensor.empty() : tensor<58x12xi8>
  %frame = linalg.fill ins(%v : i8) outs(%empty : tensor<58x12xi8>) -> tensor<58x12xi8>
  %padded = tensor.insert_slice %x into %frame[4, 1] [49, 10] [1, 1] : tensor<49x10xi8> into tensor<58x12xi8>
  return %padded : tensor<58x12xi8>
}
