// Owns the precompiled header that the libraries and tools reuse.
