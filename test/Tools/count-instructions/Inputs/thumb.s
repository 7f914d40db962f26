@ A function of known length for Thumb, and the program that calls it twice.
  .syntax unified
  .thumb
  .text
  .global main, model, model_returned
  .type main, %function
  .type model, %function
  .type model_returned, %function
model:
  movs r0, #5
1:
  subs r0, #1
  it eq
  moveq r1, #0        @ takes effect once, is executed five times
  bne 1b
  push {lr}
  bl leaf
  pop {pc}
leaf:
  nop
  bx lr
model_returned:
  bx lr
main:
  push {r4, lr}
  bl model
  bl model_returned
  bl model
  bl model_returned
  movs r0, #0
  pop {r4, pc}
