// CHECK: there is nothing that runs this
