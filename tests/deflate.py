#!/usr/bin/python3
"""Compress stdin with libdeflate as pgdumpz does, a MiB at a time, and write
nothing.

usage: deflate.py LEVEL
"""
import ctypes
import sys

BLOCK = 1 << 20

lib = ctypes.CDLL("libdeflate.so.0")
lib.libdeflate_alloc_compressor.restype = ctypes.c_void_p
lib.libdeflate_deflate_compress.restype = ctypes.c_size_t
lib.libdeflate_deflate_compress.argtypes = [ctypes.c_void_p, ctypes.c_void_p,
	ctypes.c_size_t, ctypes.c_void_p, ctypes.c_size_t]
compressor = lib.libdeflate_alloc_compressor(int(sys.argv[1]))
text = ctypes.create_string_buffer(BLOCK)
packed = ctypes.create_string_buffer(2 * BLOCK)
while (n := sys.stdin.buffer.readinto(text)) > 0:
	if lib.libdeflate_deflate_compress(compressor, text, n, packed, 2 * BLOCK) == 0:
		sys.exit("deflate.py: cannot compress")
