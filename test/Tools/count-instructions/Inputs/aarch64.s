// A function of known length for AArch64, and the program that calls it twice.
  .text
  .global main, model, model_returned
model:
  mov w0, #5
1:
  subs w0, w0, #1
  b.ne 1b
  ret
model_returned:
  ret
main:
  stp x29, x30, [sp, #-16]!
  bl model
  bl model_returned
  bl model
  bl model_returned
  mov w0, #0
  ldp x29, x30, [sp], #16
  ret
