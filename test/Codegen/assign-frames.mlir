// RUN: quant-opt %s --quantcc-assign-frames --remark-format=emitRemark --remarks-filter=quantcc 2> %t | FileCheck %s
// RUN: FileCheck %s --check-prefix=REMARK --input-file %t

// REMARK: [[#@LINE+37]]:{{[0-9]+}}: remark: [Passed] assign-frames {{.*}}="lives in the frame of its padding or concatenation, for its other readers as well"

// Two values are padded alike: each has its own frame.

// CHECK-LABEL: func.func @shared_frame
func.func @shared_frame(%a: tensor<1x2xi8>, %b: tensor<1x2xi8>)
    -> (tensor<1x4xi8>, tensor<1x4xi8>) {
  // CHECK: %[[EMPTY_A:.*]] = tensor.empty() : tensor<1x4xi8>
  // CHECK: %[[FILL_A:.*]] = linalg.fill {{.*}} outs(%[[EMPTY_A]]
  // CHECK: tensor.insert_slice %{{.*}} into %[[FILL_A]]
  // CHECK: %[[EMPTY_B:.*]] = tensor.empty() : tensor<1x4xi8>
  // CHECK: %[[FILL_B:.*]] = linalg.fill {{.*}} outs(%[[EMPTY_B]]
  // CHECK: tensor.insert_slice %{{.*}} into %[[FILL_B]]
  %value = arith.constant 7 : i8
  %empty = tensor.empty() : tensor<1x4xi8>
  %frame = linalg.fill ins(%value : i8) outs(%empty : tensor<1x4xi8>) -> tensor<1x4xi8>
  %0 = tensor.insert_slice %a into %frame[0, 1] [1, 2] [1, 1] : tensor<1x2xi8> into tensor<1x4xi8>
  %1 = tensor.insert_slice %b into %frame[0, 1] [1, 2] [1, 1] : tensor<1x2xi8> into tensor<1x4xi8>
  return %0, %1 : tensor<1x4xi8>, tensor<1x4xi8>
}

// A value is read both padded and as it is: the second reader, even in a loop,
// reads the frame.

// CHECK-LABEL: func.func @read_twice
func.func @read_twice(%a: tensor<4xi8>, %into: tensor<4xi8>) -> (tensor<6xi8>, tensor<4xi8>) {
  // CHECK: %[[X:.*]] = linalg.generic
  // CHECK: %[[PADDED:.*]] = tensor.insert_slice %[[X]] into %{{.*}}[1] [4] [1]
  // CHECK: %[[PART:.*]] = tensor.extract_slice %[[PADDED]][1] [4] [1]
  // CHECK: scf.for
  // CHECK: tensor.extract_slice %[[PART]][%{{.*}}] [1] [1]
  // CHECK: return %[[PADDED]]
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %four = arith.constant 4 : index
  %value = arith.constant 7 : i8
  %init = tensor.empty() : tensor<4xi8>
  %x = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>],
                       iterator_types = ["parallel"]}
      ins(%a : tensor<4xi8>) outs(%init : tensor<4xi8>) {
  ^bb0(%in: i8, %out: i8):
    %sum = arith.addi %in, %in : i8
    linalg.yield %sum : i8
  } -> tensor<4xi8>
  %copy = scf.for %i = %zero to %four step %one iter_args(%iter = %into) -> (tensor<4xi8>) {
    %slice = tensor.extract_slice %x[%i] [1] [1] : tensor<4xi8> to tensor<1xi8>
    %next = tensor.insert_slice %slice into %iter[%i] [1] [1] : tensor<1xi8> into tensor<4xi8>
    scf.yield %next : tensor<4xi8>
  }
  %empty = tensor.empty() : tensor<6xi8>
  %frame = linalg.fill ins(%value : i8) outs(%empty : tensor<6xi8>) -> tensor<6xi8>
  %padded = tensor.insert_slice %x into %frame[1] [4] [1] : tensor<4xi8> into tensor<6xi8>
  return %padded, %copy : tensor<6xi8>, tensor<4xi8>
}

// Does not apply: an input and a result lie in the caller's memory.

// CHECK-LABEL: func.func @input
// CHECK-SAME: %[[A:[a-z0-9]*]]: tensor<4xi8>
func.func @input(%a: tensor<4xi8>) -> (tensor<6xi8>, tensor<2xi8>) {
  // CHECK: tensor.extract_slice %[[A]][0]
  // CHECK: tensor.insert_slice %[[A]] into
  %value = arith.constant 7 : i8
  %part = tensor.extract_slice %a[0] [2] [1] : tensor<4xi8> to tensor<2xi8>
  %empty = tensor.empty() : tensor<6xi8>
  %frame = linalg.fill ins(%value : i8) outs(%empty : tensor<6xi8>) -> tensor<6xi8>
  %padded = tensor.insert_slice %a into %frame[1] [4] [1] : tensor<4xi8> into tensor<6xi8>
  return %padded, %part : tensor<6xi8>, tensor<2xi8>
}

// CHECK-LABEL: func.func @result
func.func @result(%a: tensor<4xi8>) -> (tensor<6xi8>, tensor<4xi8>) {
  // CHECK: %[[X:.*]] = linalg.generic
  // CHECK: return %{{.*}}, %[[X]]
  %value = arith.constant 7 : i8
  %init = tensor.empty() : tensor<4xi8>
  %x = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>],
                       iterator_types = ["parallel"]}
      ins(%a : tensor<4xi8>) outs(%init : tensor<4xi8>) {
  ^bb0(%in: i8, %out: i8):
    %sum = arith.addi %in, %in : i8
    linalg.yield %sum : i8
  } -> tensor<4xi8>
  %empty = tensor.empty() : tensor<6xi8>
  %frame = linalg.fill ins(%value : i8) outs(%empty : tensor<6xi8>) -> tensor<6xi8>
  %padded = tensor.insert_slice %x into %frame[1] [4] [1] : tensor<4xi8> into tensor<6xi8>
  return %padded, %x : tensor<6xi8>, tensor<4xi8>
}
