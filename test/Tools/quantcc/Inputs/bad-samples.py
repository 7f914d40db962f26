"""Writes sample files for the digits model, each wrong in one way."""

import os
import sys

import numpy

good = numpy.load(sys.argv[1])[:8]
os.chdir(sys.argv[2])
numpy.save("good.npy", good)
numpy.save("shape.npy", good[:, :, :4])
numpy.savez("name.npz", other=good)
numpy.savez("surplus.npz", image=good, other=good)
numpy.save("empty.npy", good[:0])
numpy.save("text.npy", numpy.array(["a", "b"]))
bad = good.copy()
bad[3, 2, 2, 0] = numpy.nan
numpy.save("nan.npy", bad)
numpy.save("labels.npy", numpy.zeros(8, numpy.int64))
numpy.save("labels7.npy", numpy.zeros(7, numpy.int64))
