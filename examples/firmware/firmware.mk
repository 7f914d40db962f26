# Part of the quantcc project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# From a model and samples to a linked program, for the Makefiles of the
# folders beside this one, which set the variables used here.

COMMON := $(dir $(lastword $(MAKEFILE_LIST)))

all: $(OUT)/firmware.elf
.PHONY: all run clean
.DELETE_ON_ERROR:

# The object and the header come from one run of the compiler, which also tells
# on which files they depend.
$(OUT)/model.o: $(MODEL)
	$(QUANTCC) compile $(MODEL) $(MODEL_OPTIONS) --target $(TARGET) \
	  --symbol model --depfile $(OUT)/model.d -o $(OUT)
$(OUT)/model.h: $(OUT)/model.o
-include $(OUT)/model.d

$(OUT)/samples.h: $(SAMPLES)
	@mkdir -p $(OUT)
	$(COMMON)samples.py $(SAMPLES) $(COUNT) > $@

$(OUT)/firmware.elf: $(COMMON)main.c $(OUT)/model.o $(OUT)/model.h \
                     $(OUT)/samples.h
	$(CC) $(CFLAGS) -I$(OUT) $(COMMON)main.c $(OUT)/model.o $(LDFLAGS) -o $@

clean:
	rm -rf $(OUT)
