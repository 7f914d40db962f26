// RUN: quant-opt %s --quantcc-expand-kernels=kernels=scalar --split-input-file --canonicalize --cse | FileCheck %s

// Two pixels by four channels of five: the second group overlaps the first. Each
// tap has a word with the weights of its four channels. A tap is six loads for
// eight products, two taps a turn of the loop.
// CHECK-LABEL: func.func @convolution
// CHECK:         call @kernel(%arg0, %arg1, %{{.*}}) : (memref<1x1x4x12xi8>, memref<1x1x4x5xi8>, memref<48xi32>)
// CHECK:         memref.global "private" constant @{{.*}} : memref<48xi32> = dense<[1, 2, 3, 4,
// CHECK-SAME:      67305985, 67305985,
// CHECK-SAME:      2, 3, 4, 5,
// CHECK-SAME:      84148994, 84148994,
// CHECK:         func.func private @kernel
// CHECK-COUNT-12:  llvm.load {{.*}} -> i8
// CHECK-NOT:       llvm.load {{.*}} -> i8
// CHECK-COUNT-8:   llvm.store {{.*}} : i8
// CHECK-NOT:       llvm.store
// CHECK:           return
memref.global "private" constant @w : memref<5x1x1x12xi8> = dense<[[[[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]]], [[[2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2]]], [[[3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3]]], [[[4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4]]], [[[5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5]]]]>
memref.global "private" constant @b : memref<5xi32> = dense<[1, 2, 3, 4, 5]>
func.func @convolution(%x: memref<1x1x4x12xi8>, %y: memref<1x1x4x5xi8>) {
  %w = memref.get_global @w : memref<5x1x1x12xi8>
  %b = memref.get_global @b : memref<5xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x4x12xi8>, memref<5x1x1x12xi8>, memref<5xi32>) outs(%y : memref<1x1x4x5xi8>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

// A row of three taps is written out, in a loop over rows: four weights a tap, and a
// byte of each pixel for each of them.
// CHECK-LABEL: func.func @depthwise
// CHECK:         func.func private @kernel
// CHECK:           scf.for %{{.*}} to %c3 {{.*}}iter_args
// CHECK-COUNT-36:    llvm.load {{.*}} -> i8
// CHECK-NOT:         llvm.load {{.*}} -> i8
// CHECK:             scf.yield
// CHECK-NOT:       llvm.load {{.*}} -> i8
// CHECK:           return
memref.global "private" constant @w : memref<3x3x4xi8> = dense<3>
memref.global "private" constant @b : memref<4xi32> = dense<0>
func.func @depthwise(%x: memref<1x4x4x4xi8>, %y: memref<1x2x2x4xi8>) {
  %w = memref.get_global @w : memref<3x3x4xi8>
  %b = memref.get_global @b : memref<4xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x4x4x4xi8>, memref<3x3x4xi8>, memref<4xi32>) outs(%y : memref<1x2x2x4xi8>) {depthwise, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

// Activations of 16 bits: two taps a turn, of which each is six loads for eight
// products again, and a third tap alone. Four channels, and the fifth.
// CHECK-LABEL: func.func @sixteen_bits
// CHECK:         memref.global "private" constant @{{.*}} : memref<15xi8> = dense<[1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4, 5, 5, 5]>
// CHECK:         func.func private @kernel
// CHECK-COUNT-2:   vector.load {{.*}} vector<2xi16>
// CHECK-NOT:       vector.load {{.*}} vector<2xi16>
// CHECK-COUNT-4:   vector.load {{.*}} vector<1xi8>
// CHECK:           arith.muli {{.*}} : vector<1xi64>
// CHECK:           return
memref.global "private" constant @w : memref<5x1x1x3xi8> = dense<[[[[1, 1, 1]]], [[[2, 2, 2]]], [[[3, 3, 3]]], [[[4, 4, 4]]], [[[5, 5, 5]]]]>
memref.global "private" constant @b : memref<5xi32> = dense<0>
func.func @sixteen_bits(%x: memref<1x1x2x3xi16>, %y: memref<1x1x2x5xi16>) {
  %w = memref.get_global @w : memref<5x1x1x3xi8>
  %b = memref.get_global @b : memref<5xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x2x3xi16>, memref<5x1x1x3xi8>, memref<5xi32>) outs(%y : memref<1x1x2x5xi16>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -32768 : i32, clamp_max = 32767 : i32, rounding = #quantcc.rounding<single>}
  return
}

// -----

// Weights of 4 bits: a word has those of two taps, 0x5421. The next two begin with the
// second, which was taken before: 0xA030. Sums are 16 times as large, as biases are.
// CHECK-LABEL: func.func @nibbles
// CHECK:         memref.global "private" constant @{{.*}} = dense<[1600, 112, 1518500250, 1518500250, {{.*}}, 21537, 41008]>
// CHECK:         func.func private @kernel
// CHECK-DAG:       %[[MASK:.*]] = arith.constant -16 : i32
// CHECK-DAG:       %[[UP:.*]] = arith.constant 28 : i32
// CHECK-DAG:       %[[DOWN:.*]] = arith.constant 24 : i32
// CHECK-DAG:       %[[SCALE:.*]] = arith.constant 4 : i32
// CHECK:           %[[TOP:.*]] = arith.shli %[[BYTE:.*]], %[[UP]]
// CHECK:           %[[LOWER:.*]] = arith.shrsi %[[TOP]], %[[DOWN]]
// CHECK:           arith.muli %{{.*}}, %[[LOWER]]
// CHECK:           %[[UPPER:.*]] = arith.andi %[[BYTE]], %[[MASK]]
// CHECK:           arith.muli %{{.*}}, %[[UPPER]]
// CHECK:           arith.shrsi %{{.*}}, %[[SCALE]]
memref.global "private" constant @w : memref<2x1x1x3xi4> = dense<[[[[1, 2, 3]]], [[[4, 5, -6]]]]>
memref.global "private" constant @b : memref<2xi32> = dense<[100, 7]>
func.func @nibbles(%x: memref<1x1x1x3xi8>, %y: memref<1x1x1x2xi8>) {
  %w = memref.get_global @w : memref<2x1x1x3xi4>
  %b = memref.get_global @b : memref<2xi32>
  quantcc.fused_conv2d ins(%x, %w, %b : memref<1x1x1x3xi8>, memref<2x1x1x3xi4>, memref<2xi32>) outs(%y : memref<1x1x1x2xi8>) {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>, shifts = array<i32: 34>, output_zero_point = 0 : i32, clamp_min = -128 : i32, clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
  return
}
